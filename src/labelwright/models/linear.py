"""The fast default: a calibrated linear model."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints
from labelwright.kernels.links import NEVER
from labelwright.models.bagging import bootstrap_weights, calibrate, make_folds
from labelwright.models.base import Model
from labelwright.tasks.targets import Marks

STRENGTH = 30.0  # inverse penalty where there are too few labels to choose one, for features of mean squared length 1

Affine = tuple[Floats, Floats]  # (n_features, n_outputs) and (n_outputs,)


class Linear(Model):
    """Logistic or ridge regression, one affine map a committee member.

    Classes: multinomial logistic regression. Labels: one logistic regression each. Numbers: ridge.
    The penalty is chosen by the log-loss of out-of-fold predictions (leave-one-out for ridge), and
    a temperature calibrates probabilities on them.

    Notes
    -----
    Features are centred and divided by one number, not each by its own: the leading dimensions of an
    embedding matter more than the last. Columns in units of their own are to be scaled before.

    Predicting is one matrix product a block: scaling and temperature are folded into the map.

    Examples
    --------
    >>> from labelwright import tasks
    >>> task = tasks.make("classification", tasks.guess("classification", ["a", "b"]))
    >>> model = Linear(task).fit(np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1]))
    >>> model.predict(np.array([[-5.0], [8.0]])).values.argmax(axis=1)
    array([0, 1])
    """

    name = "linear"
    strengths: ClassVar[tuple[float, ...]] = (3.0, 30.0, 300.0)  # inverse penalties tried

    def _fit(
        self, X: Any, y: npt.NDArray[Any], weight: Floats, group: Ints, rng: np.random.Generator
    ) -> dict[str, Any]:
        X = np.asarray(X, dtype=np.float64)
        mean = X.mean(axis=0)
        scale = float(np.sqrt(X.var(axis=0).sum())) or 1.0
        Z = (X - mean) / scale  # (n_items, n_features), of mean squared length 1
        n_outputs = self.task.n_outputs
        if not self.task.teachable(y):
            flat = (np.zeros((X.shape[1], n_outputs)), self.task.target.constant(y, n_outputs))
            return self._state([flat] * (1 + self.n_draws), mean, scale, 1.0)
        solver, t = self._solver(Z, y, weight, make_folds(self.task, y, group, rng))
        served = solver.fit(Z, y, weight)
        samples = bootstrap_weights(weight, group, self.n_draws, rng)
        members = [solver.fit(Z, y, sample, start=served) for sample in samples]
        return self._state([served, *members], mean, scale, t)

    def _solver(self, Z: Floats, y: npt.NDArray[Any], weight: Floats, fold: Ints | None) -> tuple[Any, float]:
        """The solver whose penalty predicts best what it was not fitted on, and its temperature."""
        if fold is None:
            return self._first(Z, y, weight), 1.0
        solvers = self._solvers(Z, y, weight)
        calibrations = [calibrate(self.task, Z, y, weight, fold, s.fit, lambda m, V: V @ m[0] + m[1]) for s in solvers]
        best = min(range(len(calibrations)), key=lambda k: calibrations[k].loss)
        return solvers[best], calibrations[best].temperature

    def _first(self, Z: Floats, y: npt.NDArray[Any], weight: Floats) -> Any:
        """What fits where there is too little to choose by."""
        kind: Any = self.task.target.pick(codes=_Logistic, marks=_OneVsRest, numbers=_Ridge)
        return kind(Z, y, weight, self.task.n_outputs)

    def _solvers(self, Z: Floats, y: npt.NDArray[Any], weight: Floats) -> list[Any]:
        """What is chosen from; not for numbers."""
        kind: Any = self.task.target.pick(codes=_Logistic, marks=_OneVsRest, numbers=_Ridge)
        return [kind(Z, y, weight, self.task.n_outputs, strength) for strength in self.strengths]

    def _state(self, maps: list[Affine], mean: Floats, scale: float, t: float) -> dict[str, Any]:
        # (1 + n_draws, n_features, n_outputs)
        coef = np.stack([c / (scale * t) for c, _ in maps])
        seen = [np.where(b > NEVER / 2, b / t, NEVER) for _, b in maps]
        intercept = np.stack([b - mean @ c for b, c in zip(seen, coef, strict=True)])
        return {"coef": coef.astype(np.float32), "intercept": intercept.astype(np.float32), "temperature": t}

    def _raw(self, X: Any) -> npt.NDArray[np.float32]:
        coef, intercept = self.state_["coef"], self.state_["intercept"]
        block = np.asarray(X, dtype=np.float32)  # (n_items, n_features)
        flat = coef.transpose(1, 0, 2).reshape(coef.shape[1], -1)  # (n_features, (1 + n_draws) * n_outputs)
        raw = (block @ flat).reshape(len(block), *intercept.shape)
        return np.asarray((raw + intercept).transpose(1, 0, 2))


class _Logistic:
    """Multinomial logistic regression; classes without weight get no probability."""

    def __init__(
        self, Z: Floats, y: npt.NDArray[Any], weight: Floats, n_outputs: int, strength: float = STRENGTH
    ) -> None:
        self.n_outputs, self.strength = n_outputs, strength

    def fit(self, Z: Floats, y: npt.NDArray[Any], weight: Floats, start: Affine | None = None) -> Affine:
        used = weight > 0
        seen = np.unique(y[used])  # (n_seen,)
        coef, intercept = np.zeros((Z.shape[1], self.n_outputs)), np.full(self.n_outputs, NEVER)
        if len(seen) == 1:
            intercept[seen] = 0.0
            return coef, intercept
        warm = None
        if start is not None and len(seen) > 2:
            warm = (start[0][:, seen].T.copy(), start[1][seen].copy())
        W, b = logistic_coefficients(Z[used], y[used], weight[used], self.strength, warm)
        if len(seen) == 2:  # one row of log-odds: half for one class, half against the other
            W, b = np.stack([-W[0] / 2, W[0] / 2]), np.array([-b[0] / 2, b[0] / 2])
        coef[:, seen], intercept[seen] = W.T, b
        return coef, intercept


class _OneVsRest:
    """One logistic regression a label; a label that never varies gets a smoothed constant."""

    def __init__(
        self, Z: Floats, y: npt.NDArray[Any], weight: Floats, n_outputs: int, strength: float = STRENGTH
    ) -> None:
        self.n_outputs, self.strength = n_outputs, strength

    def fit(self, Z: Floats, y: npt.NDArray[Any], weight: Floats, start: Affine | None = None) -> Affine:
        used = weight > 0
        Z, y, weight = Z[used], y[used], weight[used]
        coef, intercept = np.zeros((Z.shape[1], self.n_outputs)), Marks().constant(y, self.n_outputs)
        for k in np.flatnonzero((y != y[0]).any(axis=0)):
            warm = None if start is None else (start[0][:, k][None].copy(), start[1][k : k + 1].copy())
            W, b = logistic_coefficients(Z, y[:, k], weight, self.strength, warm)
            coef[:, k], intercept[k] = W[0], b[0]
        return coef, intercept


class _Ridge:
    """Ridge regression; the penalty is chosen once, by leave-one-out on all items."""

    def __init__(self, Z: Floats, y: npt.NDArray[Any], weight: Floats, n_outputs: int) -> None:
        from sklearn.linear_model import RidgeCV

        self.alpha = float(RidgeCV(alphas=np.logspace(-5, 3, 17)).fit(Z, y, sample_weight=weight).alpha_)

    def fit(self, Z: Floats, y: npt.NDArray[Any], weight: Floats, start: Affine | None = None) -> Affine:
        from sklearn.linear_model import Ridge

        ridge = Ridge(alpha=self.alpha).fit(Z, y, sample_weight=weight)
        return np.asarray(ridge.coef_)[:, None], np.array([ridge.intercept_])


def logistic_coefficients(
    Z: Floats, y: npt.NDArray[Any], weight: Floats, strength: float, warm: tuple[Floats, Floats] | None = None
) -> tuple[Floats, Floats]:
    """Coefficients and intercepts; from a warm start a few steps are enough for a committee member."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, tol=1e-3, max_iter=200 if warm is None else 25, warm_start=warm is not None)
    if warm is not None:
        model.coef_, model.intercept_, model.classes_ = *warm, np.unique(y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(Z, y, sample_weight=weight)
    return model.coef_, model.intercept_
