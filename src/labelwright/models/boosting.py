"""Gradient boosting for tables, calibrated like the linear model."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints
from labelwright.kernels.links import NEVER
from labelwright.models.bagging import bootstrap_weights, calibrate, make_folds
from labelwright.models.base import Model

TINY = 1e-7
N_ROUNDS = 100  # trees a class or label
FEW = 5000  # items below which one thread is faster than several


class Boosting(Model):
    """Histogram gradient boosting; one classifier a label for multilabel.

    Missing values (NaN) are allowed. Small leaves while there are few labels.

    Examples
    --------
    >>> from labelwright import tasks
    >>> model = Boosting(tasks.make("regression", {})).fit(np.arange(40.0)[:, None], np.arange(40.0))
    >>> bool(model.predict(np.array([[30.0]])).values[0] > 20)
    True
    """

    name = "boosting"

    def _fit(
        self, X: Any, y: npt.NDArray[Any], weight: Floats, group: Ints, rng: np.random.Generator
    ) -> dict[str, Any]:
        X = np.asarray(X, dtype=np.float32)
        if not self.task.teachable(y):
            flat = self.task.target.constant(y, self.task.n_outputs)
            return {"members": [[flat.astype(np.float32)]] * (1 + self.n_draws), "temperature": 1.0}
        served = self._member(X, y, weight)
        t = calibrate(
            self.task, X, y, weight, make_folds(self.task, y, group, rng), self._member, self._member_raw
        ).temperature
        samples = bootstrap_weights(weight, group, self.n_draws, rng)
        return {"members": [served, *(self._member(X, y, sample) for sample in samples)], "temperature": t}

    def _raw(self, X: Any) -> npt.NDArray[np.float32]:
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1 if len(X) < FEW else None, user_api="openmp"):
            raw = np.stack([self._member_raw(member, X) for member in self.state_["members"]])
        return np.where(raw > NEVER / 2, raw / self.state_["temperature"], NEVER).astype(np.float32)

    def _member(self, X: Any, y: npt.NDArray[Any], weight: Floats) -> list[Any]:
        """One fitted booster a target column; an array of raw scores stands for a constant."""
        from threadpoolctl import threadpool_limits

        used = weight > 0
        X, y, weight = X[used], y[used], weight[used]
        columns = y.T if y.ndim == 2 else y[None]
        parts: list[Any] = []
        for column in columns:
            if (column == column[0]).all():
                parts.append(self.task.target.constant(column if y.ndim == 1 else column[:, None], self._width()))
            else:
                numbers = self.task.target.pick(codes=False, marks=False, numbers=True)
                booster = _booster(numbers, len(column), self.random_state)
                with threadpool_limits(1 if len(column) < FEW else None, user_api="openmp"):
                    parts.append(booster.fit(X, column, weight))
        return parts

    def _width(self) -> int:
        return self.task.target.pick(codes=self.task.n_outputs, marks=1, numbers=1)

    def _member_raw(self, member: list[Any], X: Any) -> Floats:
        return np.concatenate([self._part_raw(part, X) for part in member], axis=1)

    def _part_raw(self, part: Any, X: Any) -> Floats:
        """Raw scores of one booster or constant, (n_items, width)."""
        if isinstance(part, np.ndarray):
            return np.tile(part, (X.shape[0], 1))
        return self.task.target.pick(codes=self._class_raw, marks=_label_raw, numbers=_number_raw)(part, X)

    def _class_raw(self, part: Any, X: Any) -> Floats:
        log_proba = _log_proba(part, X)
        raw = np.full((len(log_proba), self.task.n_outputs), NEVER)
        raw[:, np.asarray(part.classes_, dtype=np.int64)] = log_proba
        return raw


def _label_raw(part: Any, X: Any) -> Floats:
    log_proba = _log_proba(part, X)
    return np.asarray(log_proba[:, 1:] - log_proba[:, :1])


def _number_raw(part: Any, X: Any) -> Floats:
    return np.asarray(part.predict(X))[:, None]


def _log_proba(part: Any, X: Any) -> Floats:
    return np.asarray(np.log(np.maximum(part.predict_proba(X), TINY)))  # (n_items, n_seen)


def _booster(regression: bool, n_items: int, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kind = HistGradientBoostingRegressor if regression else HistGradientBoostingClassifier
    leaf = max(2, min(20, n_items // 20))
    return kind(
        max_iter=N_ROUNDS,
        max_leaf_nodes=6,  # shallow trees on a part of the columns: better than deep ones up to some hundred labels
        max_features=0.3,
        min_samples_leaf=leaf,
        early_stopping=False,
        random_state=seed,
    )
