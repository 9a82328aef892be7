"""Metrics of any number of labels an item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from labelwright.check import Bools, Floats
from labelwright.tasks import positive
from labelwright.tasks.dense import dense
from labelwright.tasks.metrics import Metric, Options, Truth, mean_metric, smooth_metric
from labelwright.tasks.positive import Sides, Split, positive_metric
from labelwright.tasks.predictions import Predictions

NAMES: Final = ("exact-match", "brier", *positive.NAMES)
FOUND: Final = 0.5  # probability from which a label is given


def marks_metric(name: str, options: Options, labels: Mapping[str, int]) -> Metric | None:
    """A metric of multilabel by its name, ``micro-f1``, ``macro-f1`` or one of `NAMES`; None if there is none of ours.

    ``exact-match`` is the share of items with all labels right; ``brier`` the mean squared error over labels.

    Raises
    ------
    InputError
        If a parameter is missing or not possible.
    """
    if name == "micro-f1":
        return smooth_metric(name, _halves, _micro)
    if name == "macro-f1":
        return smooth_metric(name, _halves, _macro)
    if name == "exact-match":
        return mean_metric(name, lambda y, p: (_found(p) == (y == 1)).all(axis=1).astype(np.float64))
    if name == "brier":
        return mean_metric(
            name, lambda y, p: ((dense(p).values.astype(np.float64) - y) ** 2).mean(axis=1), higher=False
        )
    return positive_metric(name, options, labels, None, _of_label)


def _of_label(k: int) -> Split:
    def split(y: Truth, predictions: Predictions) -> Sides:
        return Sides(y[:, k] == 1, dense(predictions).values[:, k].astype(np.float64), _found(predictions)[:, k])

    return split


def _found(predictions: Predictions) -> Bools:
    return np.asarray(dense(predictions).values >= FOUND)


def _halves(y: Truth, predictions: Predictions) -> Floats:
    """Twice the hits, and given plus true labels, (n_items, 2 n_labels)."""
    found, true = _found(predictions), y == 1
    return np.hstack([2.0 * (found & true), found.astype(np.float64) + true])


def _micro(means: Floats) -> float:
    above, below = np.split(means, 2)
    return float(above.sum() / below.sum()) if below.sum() else 1.0


def _macro(means: Floats) -> float:
    above, below = np.split(means, 2)
    occurs = below > 0
    return float((above[occurs] / below[occurs]).mean()) if occurs.any() else 1.0
