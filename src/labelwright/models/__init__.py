"""Learners over encoded items: `make` one by name, `wrap` any scikit-learn estimator."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from labelwright.models.base import Model
from labelwright.models.storage import dump, load
from labelwright.registry import find, plugins
from labelwright.tasks.base import Task

__all__ = ["Model", "default", "dump", "load", "make", "names", "wrap"]


def names(task: Task | None = None) -> list[str]:
    """The models there are, or those that serve a task.

    >>> names()
    ['boosting', 'gaussian-process', 'linear', 'linear-cv', 'nearest-mean', 'svm', 'tabular']
    """
    return [name for name, kind in plugins(__name__, Model).items() if task is None or kind.serves(task)]


def make(name: str, task: Task, *, n_draws: int = 0, random_state: int = 0) -> Model:
    """Build an unfitted model; `InputError` if there is no such name."""
    return find(__name__, Model, name)(task, n_draws=n_draws, random_state=random_state)


def default(task: Task, item_kind: str) -> str:
    """The model for a kind of item: tabular for tables, linear for what was embedded.

    >>> default(None, "table"), default(None, "image")
    ('tabular', 'linear')
    """
    return "tabular" if item_kind == "table" else "linear"


def wrap(
    estimator: object, task: Task, *, values: npt.NDArray[Any] | None = None, n_draws: int = 0, random_state: int = 0
) -> Model:
    """A model around any scikit-learn estimator, see `Estimator`, or around a torch model, see `Deep`."""
    from labelwright.models.deep import Deep, is_deep
    from labelwright.models.estimator import Estimator

    kind = Deep if is_deep(estimator) else Estimator
    return kind(task, estimator, values=values, n_draws=n_draws, random_state=random_state)
