"""The default for tables: linear for few labels, then linear or boosting, whichever predicts better out of fold."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints
from labelwright.models.base import Model
from labelwright.models.boosting import Boosting
from labelwright.models.calibration import folds
from labelwright.models.linear import Linear

FEW_GROUPS = 60  # with fewer, boosting was worse than linear on every table tried, and folds are too small to compare
N_FOLDS = 3

KINDS: dict[str, type[Model]] = {"linear": Linear, "boosting": Boosting}


class Tabular(Model):
    """Linear or boosting, chosen by out-of-fold loss at every fit.

    Notes
    -----
    Cost: three more fits of both than of the one chosen, from 60 labels on.

    Examples
    --------
    >>> from labelwright import tasks
    >>> X = np.arange(90.0)[:, None]
    >>> model = Tabular(tasks.make("regression", {})).fit(X, np.floor(X[:, 0] / 30) % 2)
    >>> model.state_["kind"]
    'boosting'
    """

    name = "tabular"

    def _fit(
        self, X: Any, y: npt.NDArray[Any], weight: Floats, group: Ints, rng: np.random.Generator
    ) -> dict[str, Any]:
        kind = self._better(X, y, weight, group, rng)
        inner = KINDS[kind](self.task, n_draws=self.n_draws, random_state=self.random_state)
        return {"kind": kind, "inner": inner.fit(X, y, sample_weight=weight, groups=group).state_}

    def _raw(self, X: Any) -> npt.NDArray[np.float32]:
        inner = KINDS[self.state_["kind"]](self.task, n_draws=self.n_draws, random_state=self.random_state)
        inner.state_, inner.n_features = self.state_["inner"], self.n_features
        return inner._raw(X)

    def _better(self, X: Any, y: npt.NDArray[Any], weight: Floats, group: Ints, rng: np.random.Generator) -> str:
        if group.max() + 1 < FEW_GROUPS or not self.task.teachable(y):
            return "linear"
        metric = "log-loss" if "log-loss" in self.task.mean_metrics else sorted(self.task.mean_metrics)[0]
        sign = 1.0 if self.task.higher_is_better(metric) else -1.0
        fold = folds(y, group, N_FOLDS, rng)
        worth = dict.fromkeys(KINDS, 0.0)
        for k in range(N_FOLDS):
            rest, held = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
            for kind, model in KINDS.items():
                inner = model(self.task, random_state=self.random_state)
                inner.fit(X[rest], y[rest], sample_weight=weight[rest], groups=group[rest])
                losses = self.task.losses(metric, y[held], inner.predict(X[held]))
                worth[kind] += sign * float((losses * weight[held]).sum())
        return max(worth, key=lambda kind: worth[kind])
