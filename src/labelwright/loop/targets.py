"""A task and encoded targets from a user's plain y; for the library, where no schema was written."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright import tasks
from labelwright.check import complain
from labelwright.kernels.rows import FeatureRows
from labelwright.models import make, wrap
from labelwright.models.base import Model
from labelwright.models.estimator import kind_of_estimator
from labelwright.strategies.shared.given import default_places, plain_schema, preprocessing_of, reduced
from labelwright.tasks.base import Task


def read_targets(
    y: npt.ArrayLike, estimator: object, who: str
) -> tuple[Task, npt.NDArray[Any], npt.NDArray[Any] | None]:
    """The task that y asks for, y as that task encodes it, and the class values in schema order.

    Two dimensions make multilabel, a regressor regression, a classifier classes; else floats make regression.

    >>> task, y, values = read_targets(["no", "yes", "no"], None, "simulate")
    >>> task.name, y.tolist(), values.tolist()
    ('classification', [0, 1, 0], ['no', 'yes'])
    """
    y = np.asarray(y)
    if y.ndim not in (1, 2) or not len(y):
        raise complain(who, "y", "of shape (n_items,) or (n_items, n_labels)", f"shape {y.shape}")
    if y.dtype.kind == "f" and not np.isfinite(y).all():
        raise complain(who, "y", "finite", "NaN or infinity", "Drop items without an answer; None in teach is a skip.")
    if y.ndim == 2:
        if not np.isin(y, (0, 1)).all():
            raise complain(who, "a 2-d y", "of zeros and ones", f"values such as {y[~np.isin(y, (0, 1))][0]}")
        return tasks.make("multilabel", plain_schema(y.shape[1])), y.astype(np.int8), None
    kind = kind_of_estimator(estimator)
    if kind == "regressor" or (kind is None and y.dtype.kind == "f"):
        return tasks.make("regression", {}), y.astype(np.float64), None
    values, codes = np.unique(y, return_inverse=True)
    return tasks.make("classification", plain_schema(len(values))), codes.astype(np.int64), values


def as_model(estimator: object, task: Task, values: npt.NDArray[Any] | None) -> Model:
    """A model of ours by name, or the user's estimator wrapped."""
    return make(estimator, task) if isinstance(estimator, str) else wrap(estimator, task, values=values)


def embed_of(X: FeatureRows, estimator: object) -> FeatureRows:
    """Features in which near items are similar: a pipeline's unsupervised steps fitted on X, else scaled columns."""
    if len(getattr(estimator, "steps", None) or ()) > 1:
        from sklearn.base import clone

        try:
            embed = clone(preprocessing_of(estimator)).fit_transform(X[:])
        except TypeError:  # a step that needs answers
            embed = None
        if embed is not None:
            return reduced(embed, embed)
    place = default_places(X, None, None)[0]
    return place() if callable(place) else place
