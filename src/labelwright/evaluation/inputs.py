"""Plain arrays as a task, encoded answers and predictions of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright import tasks
from labelwright.check import as_objects, check_complete, check_finite, check_proba, check_same_length, complain
from labelwright.tasks.base import Task
from labelwright.tasks.labels import text_of
from labelwright.tasks.metrics import Truth
from labelwright.tasks.predictions import Predictions

WHO = "evaluate"
REGRESSION = ("mae", "rmse", "r2", "coverage")


@dataclass(frozen=True, eq=False)
class Measurable:
    """Answers and predictions of one task; ``classes`` are the caller's own values in schema order."""

    task: Task
    y: Truth
    predictions: Predictions
    classes: tuple[object, ...]

    def position(self, value: object) -> int:
        """The position of one of the classes; `InputError` if it is none of them."""
        if value not in self.classes:
            raise complain(WHO, "positive", f"one of {', '.join(map(str, self.classes))}", repr(value))
        return self.classes.index(value)


def read(y_true: npt.ArrayLike, proba: npt.ArrayLike, metric: str, classes: Sequence[object] | None) -> Measurable:
    """Tell by the shapes which task it is.

    Parameters
    ----------
    y_true : array of shape (n,), or (n, n_labels) of marks
    proba : array of shape (n, n_classes), (n,) or (n, n_labels)
    metric : str
        Decides what one column of ``proba`` is: numbers, or probabilities of the second class.
    classes : sequence, optional
        In the order of the columns.

    Raises
    ------
    InputError
        If shapes or values do not fit each other.
    """
    y, values = np.asarray(y_true), np.asarray(proba, dtype=np.float64)
    check_same_length(WHO, y_true=len(y), proba=len(values))
    check_complete(WHO, "y_true", y, "labels", "Leave out items without a label.")
    check_finite(WHO, "proba", values)
    if y.ndim == 2:
        return _marks(y, values, classes)
    if values.ndim == 1 and classes is None and (metric.partition(":")[0] in REGRESSION or not _binary(y, values)):
        task = tasks.make("regression", {})
        return Measurable(task, y.astype(np.float64), task.predictions(values), ())
    return _classes(y, values, classes)


def _binary(y: npt.NDArray[Any], values: npt.NDArray[np.float64]) -> bool:
    return len(np.unique(y)) <= 2 and bool(((values >= 0) & (values <= 1)).all())


def _marks(y: npt.NDArray[Any], values: npt.NDArray[np.float64], classes: Sequence[object] | None) -> Measurable:
    if values.shape != y.shape or not np.isin(y, (0, 1)).all() or not ((values >= 0) & (values <= 1)).all():
        expected = f"marks of 0 and 1 with probabilities of the same shape {y.shape}"
        raise complain(WHO, "y_true of two dimensions", expected, f"proba of shape {values.shape}")
    named = tuple(range(y.shape[1])) if classes is None else tuple(classes)
    task = tasks.make("multilabel", _schema(named, y.shape[1]))
    return Measurable(task, y.astype(np.int8), task.predictions(values), named)


def _classes(y: npt.NDArray[Any], values: npt.NDArray[np.float64], classes: Sequence[object] | None) -> Measurable:
    if values.ndim == 1:
        if not ((values >= 0) & (values <= 1)).all():
            raise complain(WHO, "proba", "between 0 and 1 for two classes", f"{values.min():g} to {values.max():g}")
        values = np.column_stack([1 - values, values])
    check_proba(WHO, values)
    named = tuple(_guessed(y, values.shape[1]) if classes is None else classes)
    task = tasks.make("classification", _schema(named, values.shape[1]))
    position = {value: k for k, value in enumerate(named)}
    unknown = [value for value in y.tolist() if value not in position]
    if unknown:
        cure = "Give classes in the order of the columns of proba."
        raise complain(WHO, "y_true", f"one of the classes {', '.join(map(str, named))}", repr(unknown[0]), cure)
    codes = np.fromiter((position[value] for value in y.tolist()), dtype=np.int64, count=len(y))
    return Measurable(task, codes, task.predictions(values), named)


def _guessed(y: npt.NDArray[Any], n_classes: int) -> list[object]:
    """The values of y, sorted, if each column has one; else 0 to n_classes - 1."""
    present = np.unique(as_objects(y.tolist()).astype(str) if y.dtype.kind == "O" else y).tolist()
    return present if len(present) == n_classes else list(range(n_classes))


def _schema(named: tuple[object, ...], n: int) -> dict[str, Any]:
    if len(named) != n or len(set(named)) != n:
        raise complain(WHO, "classes", f"{n} distinct values, one for each column of proba", f"{len(named)} values")
    return {"labels": [{"id": f"l_{k}", "name": text_of(value)} for k, value in enumerate(named, 1)]}
