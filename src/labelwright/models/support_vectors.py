"""A support vector machine with a Gaussian kernel, calibrated like the linear model."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints
from labelwright.kernels.links import NEVER
from labelwright.models.bagging import bootstrap_weights, calibrate, make_folds
from labelwright.models.base import Model
from labelwright.models.calibration import folds

GRID = tuple(product((1.0, 10.0), (0.3, 1.0, 3.0)))  # C and gamma, for features of mean squared length 1
MAX_ROWS, MAX_CHOSEN = 5000, 1000  # training items used, and for choosing from the grid
N_FOLDS = 3


class SupportVectors(Model):
    """Support vectors with a Gaussian kernel: classes one against one, each label by itself, numbers by regression.

    C and gamma are chosen from a grid by out-of-fold loss, and a temperature calibrates.

    Notes
    -----
    Cost: 19 fits, and one a draw; a fit grows with the square of the items. Above 5,000 training items a random part
    of that size is used, above 1,000 the grid is judged on so many.

    References
    ----------
    Cortes, Vapnik (1995). Support-vector networks. Machine Learning 20.

    Examples
    --------
    >>> from labelwright import tasks
    >>> X = np.linspace(-1, 1, 40)[:, None]
    >>> model = SupportVectors(tasks.make("regression", {})).fit(X, X[:, 0] ** 2)
    >>> bool(model.predict(np.array([[0.0]])).values[0] < 0.2)
    True
    """

    name = "svm"

    def _fit(
        self, X: Any, y: npt.NDArray[Any], weight: Floats, group: Ints, rng: np.random.Generator
    ) -> dict[str, Any]:
        X = np.asarray(X, dtype=np.float64)
        if len(X) > MAX_ROWS:
            some = np.sort(rng.choice(len(X), MAX_ROWS, replace=False))
            X, y, weight = X[some], y[some], weight[some]
            group = np.unique(group[some], return_inverse=True)[1]
        mean = X.mean(axis=0)
        scale = float(np.sqrt(X.var(axis=0).sum())) or 1.0
        Z = (X - mean) / scale
        state: dict[str, Any] = {"mean": mean, "scale": scale, "temperature": 1.0, "centre": 0.0, "spread": 1.0}
        if not self.task.teachable(y):
            flat = [self.task.target.constant(y, self.task.n_outputs)]
            return {**state, "members": [flat] * (1 + self.n_draws)}
        if self.task.target.pick(codes=False, marks=False, numbers=True):
            state["centre"], state["spread"] = float(y.mean()), float(y.std()) or 1.0
            y = (y - state["centre"]) / state["spread"]
        fold = make_folds(self.task, y, group, rng)
        C, gamma, state["temperature"] = self._best(Z, y, weight, group, fold, rng)
        samples = [weight, *bootstrap_weights(weight, group, self.n_draws, rng)]
        return {**state, "members": [self._member(Z, y, sample, C, gamma) for sample in samples]}

    def _best(
        self, Z: Floats, y: npt.NDArray[Any], weight: Floats, group: Ints, fold: Ints | None, rng: np.random.Generator
    ) -> tuple[float, float, float]:
        """C, gamma and the temperature that predict best what was not fitted on."""
        some = np.sort(rng.permutation(len(Z))[:MAX_CHOSEN])
        if self.task.target.pick(codes=False, marks=False, numbers=True):
            if group.max() + 1 < 2 * N_FOLDS:
                return 10.0, 1.0, 1.0
            parts = np.unique(group[some], return_inverse=True)[1]
            errors = [self._squared(Z[some], y[some], weight[some], parts, *pair) for pair in GRID]
            return *GRID[int(np.argmin(errors))], 1.0
        if fold is None:
            return 10.0, 1.0, 1.0

        def found(C: float, gamma: float, at: Ints) -> Any:
            def fit(X: Any, y: npt.NDArray[Any], weight: Floats) -> list[Any]:
                return self._member(X, y, weight, C, gamma)

            return calibrate(self.task, Z[at], y[at], weight[at], fold[at], fit, self._member_raw)

        calibrations = [found(C, gamma, some) for C, gamma in GRID]
        best = min(range(len(GRID)), key=lambda k: calibrations[k].loss)
        whole = calibrations[best] if len(some) == len(Z) else found(*GRID[best], np.arange(len(Z)))
        return *GRID[best], float(whole.temperature)

    def _squared(
        self, Z: Floats, y: npt.NDArray[Any], weight: Floats, group: Ints, C: float, gamma: float
    ) -> float:  # fmt: skip
        """Squared error out of fold, for numbers."""
        fold, error = folds(y, group, N_FOLDS, np.random.default_rng(self.random_state)), 0.0
        for k in range(N_FOLDS):
            rest, held = fold != k, fold == k
            if weight[rest].any():
                raw = self._member_raw(self._member(Z[rest], y[rest], weight[rest], C, gamma), Z[held])[:, 0]
                error += float(weight[held] @ (raw - y[held]) ** 2)
        return error

    def _raw(self, X: Any) -> npt.NDArray[np.float32]:
        state = self.state_
        Z = (np.asarray(X, dtype=np.float64) - state["mean"]) / state["scale"]
        raw = np.stack([self._member_raw(member, Z) for member in state["members"]])
        raw = np.where(raw > NEVER / 2, raw / state["temperature"], NEVER)
        return np.asarray(raw * state["spread"] + state["centre"], dtype=np.float32)

    def _member(self, Z: Any, y: npt.NDArray[Any], weight: Floats, C: float, gamma: float) -> list[Any]:
        """One machine a target column; an array of raw scores stands for a constant."""
        from sklearn.svm import SVC, SVR

        used = weight > 0
        Z, y, weight = Z[used], y[used], weight[used]
        width = self.task.target.pick(codes=self.task.n_outputs, marks=1, numbers=1)
        kind = self.task.target.pick(codes=SVC, marks=SVC, numbers=SVR)
        parts: list[Any] = []
        for column in y.T if y.ndim == 2 else y[None]:
            if (column == column[0]).all():
                parts.append(self.task.target.constant(column if y.ndim == 1 else column[:, None], width))
            else:
                parts.append(kind(C=C, gamma=gamma).fit(Z, column, weight))
        return parts

    def _member_raw(self, member: list[Any], Z: Any) -> Floats:
        return np.concatenate([self._part_raw(part, Z) for part in member], axis=1)

    def _part_raw(self, part: Any, Z: Any) -> Floats:
        if isinstance(part, np.ndarray):
            return np.tile(part, (len(Z), 1))
        return self.task.target.pick(codes=self._class_raw, marks=_label_raw, numbers=_number_raw)(part, Z)

    def _class_raw(self, part: Any, Z: Any) -> Floats:
        found = np.asarray(part.decision_function(Z))
        raw = np.full((len(Z), self.task.n_outputs), NEVER)
        raw[:, np.asarray(part.classes_, dtype=np.int64)] = np.stack([-found, found], 1) if found.ndim == 1 else found
        return raw


def _label_raw(part: Any, Z: Any) -> Floats:
    return np.asarray(part.decision_function(Z))[:, None]


def _number_raw(part: Any, Z: Any) -> Floats:
    return np.asarray(part.predict(Z))[:, None]
