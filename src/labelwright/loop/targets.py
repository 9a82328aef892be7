"""Items, a task and encoded targets from a user's plain X and y; for the library, where no schema was written."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright import tasks
from labelwright.check import check_complete, complain
from labelwright.kernels.rows import FeatureRows, Objects, as_rows, is_numeric
from labelwright.models import make, wrap
from labelwright.models.automatic import AUTO, first
from labelwright.models.base import Model
from labelwright.models.estimator import kind_of_estimator
from labelwright.strategies.shared.given import plain_schema
from labelwright.tasks.base import Task

FOR_TEXTS = "make_pipeline(TfidfVectorizer(), LogisticRegression())"


def read_items(X: object, estimator: object, who: str) -> FeatureRows:
    """X as rows, which may be texts or records where the estimator is the user's own.

    Raises
    ------
    InputError
        If X has no rows, an item is missing, or a model of ours, given by name, would get something else than numbers.

    Examples
    --------
    >>> read_items(["one text", "another"], object(), "simulate").shape
    (2, 1)
    """
    items = as_rows(X, who)
    if isinstance(items, Objects):
        check_complete(who, "X", items.values, "items", "Drop them, or put an empty text in their place.")
    if isinstance(estimator, str) and not is_numeric(items):
        got = "texts" if isinstance(items, Objects) else "columns with words"
        cure = f"Pass a pipeline in its place, such as {FOR_TEXTS}."
        raise complain(who, "X", f"rows of numbers for '{estimator}'", got, cure)
    return items


def read_targets(
    y: npt.ArrayLike, estimator: object, who: str
) -> tuple[Task, npt.NDArray[Any], npt.NDArray[Any] | None]:
    """The task that y asks for, y as that task encodes it, and the class values in schema order.

    Two dimensions make multilabel, a regressor regression, a classifier classes; else floats make regression.

    >>> task, y, values = read_targets(["no", "yes", "no"], None, "simulate")
    >>> task.name, y.tolist(), values.tolist()
    ('classification', [0, 1, 0], ['no', 'yes'])
    """
    y = as_labels(y, who)
    check_complete(who, "y", y, "labels", "Drop these items; in teach, None skips an item.")
    y = _of_one_type(y, who)
    if y.dtype.kind == "f" and not np.isfinite(y).all():
        raise complain(who, "y", "finite", "infinity", "Correct it, or drop the item.")
    if y.ndim == 2:
        if not np.isin(y, (0, 1)).all():
            raise complain(who, "a 2-d y", "of zeros and ones", f"values such as {y[~np.isin(y, (0, 1))][0]}")
        return tasks.make("multilabel", plain_schema(y.shape[1])), y.astype(np.int8), None
    kind = kind_of_estimator(estimator)
    if kind == "regressor" or (kind is None and y.dtype.kind == "f"):
        return tasks.make("regression", {}), y.astype(np.float64), None
    values, codes = np.unique(y, return_inverse=True)
    return tasks.make("classification", plain_schema(len(values))), codes.astype(np.int64), values


def as_labels(y: npt.ArrayLike, who: str) -> npt.NDArray[Any]:
    """Labels as an array of shape (n_items,) or (n_items, n_labels) that keeps what is missing as it is."""
    values = np.asarray(y, dtype=object) if isinstance(y, (list, tuple)) else np.asarray(y)
    if values.ndim not in (1, 2) or not len(values):
        raise complain(who, "y", "of shape (n_items,) or (n_items, n_labels)", f"shape {values.shape}")
    return values


def _of_one_type(y: npt.NDArray[Any], who: str) -> npt.NDArray[Any]:
    """Objects as an array of numbers or of strings, where they are such."""
    if y.dtype.kind != "O":
        return y
    kinds = {type(value) for value in y.ravel().tolist()}
    numbers = {kind for kind in kinds if issubclass(kind, (int, float, np.number, np.bool_))}
    words = {kind for kind in kinds if issubclass(kind, str)}
    if len(kinds - numbers - words) + bool(numbers) + bool(words) > 1:
        raise complain(who, "y", "of one type", " and ".join(sorted(kind.__name__ for kind in kinds)))
    return np.array(y.tolist()) if numbers or words else y


def as_model(estimator: object, task: Task, values: npt.NDArray[Any] | None) -> Model:
    """A model of ours by name, or the user's estimator wrapped; of "auto" the one that serves first."""
    if is_auto(estimator):
        return make(first(task), task)
    return make(estimator, task) if isinstance(estimator, str) else wrap(estimator, task, values=values)


def is_auto(estimator: object) -> bool:
    """Whether the learner is to be chosen by the labels."""
    return isinstance(estimator, str) and estimator == AUTO
