"""When to stop: one file a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labelwright.check import check_one_of
from labelwright.registry import find, plugins
from labelwright.stopping.base import StoppingRule, Verdict
from labelwright.stopping.judging import default, judge

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["StoppingRule", "Verdict", "default", "judge", "make", "names", "table"]


def names() -> list[str]:
    """The rules there are, sorted.

    >>> names()  # doctest: +NORMALIZE_WHITESPACE
    ['budget', 'consecutive-irrelevant', 'cost-benefit', 'elusion', 'kappa-stable', 'knee', 'overall-uncertainty',
     'plateau', 'prediction-change', 'qbcb', 'target']
    """
    return list(plugins(__name__, StoppingRule))


def make(name: str, **params: object) -> StoppingRule:
    """Build a rule; `InputError` if there is no such name or parameter.

    >>> make("budget", n_labels=300).needs
    ('n_labels', 'cost')
    """
    kind = find(__name__, StoppingRule, name)
    known = list(getattr(kind.__init__, "__kwdefaults__", None) or ())
    known += list(getattr(kind.__init__, "__annotations__", ()))
    for key in params:
        check_one_of(name, "parameter", key, set(known) - {"return"})
    given: dict[str, Any] = params  # checked in __init__
    return kind(**given)


def table() -> pd.DataFrame:
    """A row a rule: name, needs, guarantee, reference."""
    import pandas as pd

    columns = ("name", "needs", "guarantee", "reference")
    rows = [{column: getattr(kind, column) for column in columns} for kind in plugins(__name__, StoppingRule).values()]
    return pd.DataFrame(rows, columns=list(columns))
