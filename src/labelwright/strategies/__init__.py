"""Which items to ask about: one file a strategy; `make` builds one by name.

The package itself can be called: ``labelwright.strategies()`` lists the strategies there are.

A strategy is stored with its version where its arithmetic has changed since it was first published: ``auto-2``. People
write ``auto``, which is the newest version; `resolve` tells which that is. Older versions stay.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from labelwright.check import check_one_of, complain
from labelwright.evidence import Annotations, Evidence
from labelwright.registry import plugins, unknown
from labelwright.strategies.base import Strategy, serves
from labelwright.strategies.shared.selection import Picks, Selection
from labelwright.tasks.base import Task

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Annotations", "Evidence", "Picks", "Selection", "Strategy", "check_fits", "check_name", "current", "fitting",
    "make", "names", "resolve", "table",
]  # fmt: skip

SOURCE = "source"  # what strategies need that look at labels of another domain
ADAPTED = "skactiveml:"  # names of another library's strategies, which are not listed


def current() -> dict[str, type[Strategy]]:
    """The newest version of each strategy, by the name that people write, sorted."""
    newest: dict[str, type[Strategy]] = {}
    for kind in plugins(__name__, Strategy).values():
        name = kind.alias or kind.name
        if name not in newest or newest[name].version < kind.version:
            newest[name] = kind
    return dict(sorted(newest.items()))


def names() -> list[str]:
    """Names of the strategies, sorted, each once and without its version.

    >>> "auto" in names(), "auto-3" in names()
    (True, False)
    """
    return list(current())


def resolve(name: str) -> str:
    """The name that is stored for a strategy: with the newest version where none is given.

    Raises
    ------
    InputError
        If there is no such strategy; the message names the nearest.

    Examples
    --------
    >>> resolve("auto"), resolve("auto-2"), resolve("margin")
    ('auto-3', 'auto-2', 'margin')
    """
    check_name("strategies", name)
    newest = current()
    return newest[name].name if name in newest else name


def check_name(who: str, name: str) -> None:
    """Refuse a name of no strategy."""
    if name in plugins(__name__, Strategy) or name in current() or name.startswith(ADAPTED):
        return
    raise unknown(who, "strategy", name, names(), "lw.strategies()")


def make(name: str, **params: object) -> Strategy:
    """Build a strategy; ``skactiveml:Quire`` is scikit-activeml's of that name.

    Raises
    ------
    InputError
        If there is no such strategy, or it has no such parameter.
    MissingExtraError
        If scikit-activeml is asked for and not installed.

    Examples
    --------
    >>> make("margin").has_gain, make("auto").name
    (True, 'auto-3')
    """
    given: dict[str, Any] = params  # checked in __init__
    if name.startswith(ADAPTED):
        from labelwright.strategies.skactiveml import Skactiveml

        return Skactiveml(name.removeprefix(ADAPTED), **given)
    kind: type[Strategy] = plugins(__name__, Strategy)[resolve(name)]
    known = list(getattr(kind.__init__, "__kwdefaults__", None) or ())
    for key in params:
        check_one_of(name, "parameter", key, known)
    return kind(**given)


def fitting(task: Task) -> list[str]:
    """Names of the strategies that serve a task, sorted."""
    return [name for name, kind in current().items() if serves(kind, task)]


def check_fits(strategy: str | Strategy, task: Task, *, has_source: bool = False, **params: object) -> None:
    """Refuse a strategy that does not serve a task, or looks at a labeled source where there is none.

    Parameters
    ----------
    strategy : str or Strategy
    task : Task
    has_source : bool
        Whether labels of another domain are given.
    params
        Of the strategy, where a name is given.

    Raises
    ------
    InputError
        The message says which tasks the strategy serves.

    Examples
    --------
    >>> from labelwright.tasks import make as make_task
    >>> check_fits("greedy-y", make_task("regression", {}))
    """
    made = strategy if isinstance(strategy, Strategy) else make(strategy, **params)
    if not serves(made, task):
        found = f"'{made.alias or made.name}', which serves {' and '.join(made.tasks) or 'other tasks'}"
        cure = "'auto' serves every task; lw.strategies() lists the tasks of each."
        raise complain("strategies", f"the strategy for {task.name}", "one that serves it", found, cure)
    if SOURCE in made.needs and not has_source:
        found = f"'{made.alias or made.name}', which looks at a labeled source"
        raise complain("strategies", "the strategy", "one that needs no source here", found, "Take 'auto' or 'clue'.")


def table() -> pd.DataFrame:
    """A row a strategy: name, family, tasks, needs, batch_aware, reference, version."""
    import pandas as pd

    columns = ("family", "tasks", "needs", "batch_aware", "reference", "version")
    rows = [{"name": name, **{column: getattr(kind, column) for column in columns}} for name, kind in current().items()]
    return pd.DataFrame(rows, columns=["name", *columns])


class _Callable(ModuleType):
    def __call__(self) -> pd.DataFrame:
        return table()


sys.modules[__name__].__class__ = _Callable
