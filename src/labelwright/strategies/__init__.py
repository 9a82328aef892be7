"""Which items to ask about: one file a strategy; `make` builds one by name.

The room itself can be called: ``labelwright.strategies()`` lists what stands in it.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from labelwright.check import check_one_of
from labelwright.registry import find, room
from labelwright.strategies.annotations import Annotations
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence
from labelwright.strategies.selection import Picks, Selection

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Annotations", "Evidence", "Picks", "Selection", "Strategy", "make", "names", "table"]


def names() -> list[str]:
    """The strategies there are, sorted."""
    return list(room(__name__, Strategy))


def make(name: str, **params: Any) -> Strategy:
    """Build a strategy; ``skactiveml:Quire`` is scikit-activeml's of that name.

    Raises
    ------
    InputError
        If there is no such strategy, or it has no such parameter.
    MissingExtraError
        If scikit-activeml is asked for and not installed.

    Examples
    --------
    >>> make("margin").has_gain
    True
    """
    if name.startswith("skactiveml:"):
        from labelwright.strategies.skactiveml import Skactiveml

        return Skactiveml(name.partition(":")[2], **params)
    kind = find(__name__, Strategy, name)
    known = list(getattr(kind.__init__, "__kwdefaults__", None) or ())
    for key in params:
        check_one_of(name, "parameter", key, known)
    return kind(**params)


def table() -> pd.DataFrame:
    """A row a strategy: name, family, tasks, needs, batch_aware, reference."""
    import pandas as pd

    columns = ("name", "family", "tasks", "needs", "batch_aware", "reference")
    rows = [{column: getattr(kind, column) for column in columns} for kind in room(__name__, Strategy).values()]
    return pd.DataFrame(rows, columns=list(columns))


class _Room(ModuleType):
    def __call__(self) -> pd.DataFrame:
        return table()


sys.modules[__name__].__class__ = _Room
