"""Metrics of one number an item."""

from __future__ import annotations

from typing import Final

import numpy as np

from labelwright.check import Floats, complain
from labelwright.tasks.dense import dense
from labelwright.tasks.metrics import Metric, Truth, mean_metric, number_in, smooth_metric
from labelwright.tasks.predictions import Predictions

NAMES: Final = ("coverage:LEVEL",)


def number_metric(name: str) -> Metric | None:
    """A metric of regression by its name, ``rmse``, ``r2`` or one of `NAMES`; None if there is none of ours.

    ``coverage:0.9`` is the share of items whose number lies between the 5 % and the 95 % quantile of the draws.

    Raises
    ------
    InputError
        If a parameter is missing or not possible.
    """
    if name == "rmse":
        return smooth_metric(
            name, lambda y, p: _squares(y, p)[:, None], lambda m: float(np.sqrt(m[0])), higher=False, high=np.inf
        )
    if name == "r2":
        return smooth_metric(name, _spreads, _r2, low=-np.inf)
    if name.partition(":")[0] == "coverage":
        level = number_in("coverage", name.partition(":")[2] or "0.9", 1e-9, 1 - 1e-9)
        return mean_metric(name, lambda y, p: _within(y, p, level))
    return None


def _squares(y: Truth, predictions: Predictions) -> Floats:
    return np.asarray((dense(predictions).values.astype(np.float64) - y) ** 2)


def _spreads(y: Truth, predictions: Predictions) -> Floats:
    around = y - y.mean()  # so that no digits are lost if the numbers are large and close together
    return np.column_stack([_squares(y, predictions), around, around**2])


def _r2(means: Floats) -> float:
    spread = means[2] - means[1] ** 2
    if spread <= 0:
        raise complain("regression", "y", "of two values or more for r2", "all equal", "Use mae.")
    return float(1 - means[0] / spread)


def _within(y: Truth, predictions: Predictions, level: float) -> Floats:
    draws = dense(predictions).draws
    if draws is None:
        raise complain("metrics", "draws", "given for coverage", "None", "Ask the model for a committee (n_draws).")
    low, high = np.quantile(draws, [0.5 - level / 2, 0.5 + level / 2], axis=0)  # (n_items,) each
    return np.asarray((y >= low) & (y <= high), dtype=np.float64)
