"""The model "auto", no learner itself but the one that labels speak for: which are tried, and which serves first."""

from __future__ import annotations

from typing import Final

from labelwright.check import check_one_of
from labelwright.tasks.base import Task

AUTO: Final = "auto"
FIRST: Final = ("nearest-mean", "linear")  # what serves until there are labels enough to compare: the first that can
TRIED: Final = ("nearest-mean", "linear", "linear-cv", "svm", "gaussian-process", "boosting")
MOST_TREES: Final = 250  # features times outputs above which boosting is not tried: it costs a tree an output a round


def first(task: Task) -> str:
    """The learner that serves before any was compared.

    >>> from labelwright import tasks
    >>> first(tasks.make("regression", {}))
    'linear'
    """
    from labelwright.models import names

    there = names(task)
    return next(name for name in FIRST if name in there)


def tried(task: Task, n_features: int) -> list[str]:
    """The learners that are compared, the simplest first.

    Parameters
    ----------
    n_features : int
        Of an item; with many, boosting is left out, since it costs most and rarely wins on what was embedded.

    Examples
    --------
    >>> from labelwright import tasks
    >>> tried(tasks.make("regression", {}), 64)
    ['linear', 'linear-cv', 'svm', 'gaussian-process', 'boosting']
    """
    from labelwright.models import names

    there = names(task)
    small = n_features * task.n_outputs <= MOST_TREES
    return [name for name in TRIED if name in there and (name != "boosting" or small)]


def check_model(who: str, name: str, task: Task) -> None:
    """Refuse a name that is neither "auto" nor that of a model which serves the task; `InputError`."""
    from labelwright.models import make, names

    check_one_of(who, "model", name, (AUTO, *names()))
    if name != AUTO:
        make(name, task)
