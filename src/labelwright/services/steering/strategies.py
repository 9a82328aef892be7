"""What there is to choose items by."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import getdoc

from labelwright.strategies import SOURCE, current

DEFAULT = "auto"


@dataclass(frozen=True)
class StrategyView:
    """A strategy with its idea in a sentence."""

    name: str
    family: str
    tasks: list[str]
    idea: str


@dataclass(frozen=True)
class StrategyList:
    """All strategies, the default first."""

    items: list[StrategyView]


def listing() -> StrategyList:
    """All strategies, the default first, each with its idea in a sentence.

    >>> listing().items[0].name
    'auto'
    """
    kinds = current()
    items = [
        StrategyView(name, kind.family, list(kind.tasks), (getdoc(kind) or "").split("\n\n")[0])
        for name, kind in kinds.items()
        if SOURCE not in kind.needs  # a project has no labels of another domain
    ]
    return StrategyList(sorted(items, key=lambda item: (item.name != DEFAULT, item.family, item.name)))
