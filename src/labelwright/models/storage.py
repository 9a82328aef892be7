"""Models as bytes, without pickle: skops with an allow-list of ours."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelwright.check import check_one_of
from labelwright.errors import IntegrityError
from labelwright.models.base import Model

# Types in our models that skops does not trust by itself. A stored model with any other type is refused.
ALLOWED = ["sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"]


def dump(model: Model) -> bytes:
    """A fitted model as bytes for `load`.

    Raises
    ------
    InputError
        If it wraps an estimator of the user's: those are for the library, and are not stored.
    """
    from skops.io import dumps

    from labelwright import models

    check_one_of("models", "a stored model", model.name, models.names(), "Keep wrapped estimators yourself.")
    task = {"name": model.task.name, "schema": model.task.schema}
    fitted = {"state": model.state_, "classes_seen": model.classes_seen, "n_features": model.n_features}
    return bytes(dumps({"task": task, "params": model.params(), "fitted": fitted}, compression=8))


def load(data: bytes) -> Model:
    """The model that was dumped; its predictions are the same bits.

    Raises
    ------
    IntegrityError
        If the bytes are damaged, or hold a type that our models never hold.
    """
    from skops.io import loads

    from labelwright import models, tasks

    try:
        parts: dict[str, Any] = loads(data, trusted=ALLOWED)
        params, fitted = parts["params"], parts["fitted"]
        model = models.make(task=tasks.make(parts["task"]["name"], parts["task"]["schema"]), **params)
    except Exception as error:
        raise IntegrityError(f"models: the stored model must be one of ours, got {error}.") from error
    model.state_, model.n_features = fitted["state"], fitted["n_features"]
    model.classes_seen = np.asarray(fitted["classes_seen"], dtype=np.int64)
    return model
