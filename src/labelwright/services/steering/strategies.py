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


def listing(*, with_source: bool = False) -> StrategyList:
    """All strategies, the default first, each with its idea in a sentence.

    Parameters
    ----------
    with_source : bool
        Whether those are among them that look at labels of another domain, which few projects start from.

    Examples
    --------
    >>> listing().items[0].name
    'auto'
    """
    kinds = current()
    items = [
        StrategyView(name, kind.family, list(kind.tasks), (getdoc(kind) or "").split("\n\n")[0])
        for name, kind in kinds.items()
        if with_source or SOURCE not in kind.needs
    ]
    return StrategyList(sorted(items, key=lambda item: (item.name != DEFAULT, item.family, item.name)))
