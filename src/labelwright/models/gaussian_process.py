"""Gaussian process regression on numbers, and on marks of plus and minus one for classes and labels."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints
from labelwright.kernels.links import NEVER
from labelwright.models.bagging import calibrate, make_folds
from labelwright.models.base import Model
from labelwright.models.gaussian_kernel import Posterior, kernel_of

MAX_ROWS = 500  # training items used
N_WAVES = 512  # random features of a draw from the prior


class GaussianProcess(Model):
    """A Gaussian process with a Gaussian kernel, fitted by the marginal likelihood.

    Numbers: regression. Classes and labels: regression of each on plus and minus one with one kernel for all, whose
    mean over its standard deviation is the raw score that a temperature calibrates. Draws are functions from the
    posterior, the same for an item whatever it is predicted with.

    Notes
    -----
    A draw is made by Matheron's rule: a function from the prior, of 512 random waves, is corrected by what the
    posterior says of its error at the training items.

    Cost: six eigendecompositions of the training items and four solves. Above 500 training items, 500 of them are used:
    one of each class, the others at random.

    References
    ----------
    Rasmussen, Williams (2006). Gaussian processes for machine learning, sec. 2.2, 5.4 and 6.5.
    Wilson et al. (2020). Efficiently sampling functions from Gaussian process posteriors. ICML, eq. 9.

    Examples
    --------
    >>> from labelwright import tasks
    >>> X = np.linspace(-1, 1, 40)[:, None]
    >>> model = GaussianProcess(tasks.make("regression", {}), n_draws=8).fit(X, X[:, 0] ** 2)
    >>> found = model.predict(np.array([[0.0], [5.0]]))
    >>> near, far = found.draws.std(axis=0)
    >>> bool(abs(found.values[0]) < 0.1 and near < far)
    True
    """

    name = "gaussian-process"

    def _fit(
        self, X: Any, y: npt.NDArray[Any], weight: Floats, group: Ints, rng: np.random.Generator
    ) -> dict[str, Any]:
        some = self._some(y, weight, rng)
        X, y, weight = np.asarray(X[some], dtype=np.float64), y[some], weight[some]
        group = np.unique(group[some], return_inverse=True)[1]
        if not len(some) or not self.task.teachable(y):
            return {"flat": self.task.target.constant(y, self.task.n_outputs)}
        mean = X.mean(axis=0)
        scale = float(np.sqrt(X.var(axis=0).sum())) or 1.0
        Z, targets = (X - mean) / scale, self._targets(y)
        kernel = kernel_of(Z, targets, weight)

        def fit(Z: Any, y: npt.NDArray[Any], weight: Floats) -> tuple[Posterior, Any]:
            return Posterior.of(kernel, Z, self._targets(y), weight), self._seen(y)

        fold = make_folds(self.task, y, group, rng)
        t = calibrate(self.task, Z, y, weight, fold, fit, lambda one, V: self._score(one[0], one[1], V)[0]).temperature
        served, seen = fit(Z, y, weight)
        waves = rng.normal(size=(Z.shape[1], N_WAVES)) / kernel.length, rng.uniform(0, 2 * np.pi, N_WAVES)
        drawn = [served.draw(_waves(Z, *waves), targets, weight, rng) for _ in range(self.n_draws)]
        return {
            "mean": mean, "scale": scale, "temperature": t, "seen": seen, "served": served.arrays(),
            "frequency": waves[0], "phase": waves[1], "drawn": [list(one) for one in drawn],
        }  # fmt: skip

    def _raw(self, X: Any) -> npt.NDArray[np.float32]:
        state, shape = self.state_, (1 + self.n_draws, len(X), self.task.n_outputs)
        if "flat" in state:
            return np.broadcast_to(state["flat"], shape).astype(np.float32)
        Z = (np.asarray(X, dtype=np.float64) - state["mean"]) / state["scale"]
        posterior = Posterior.from_arrays(state["served"])
        raw, spread = self._score(posterior, state["seen"], Z)
        out = np.empty(shape)
        out[0] = raw
        if self.n_draws:
            across, waves = posterior.across(Z), _waves(Z, state["frequency"], state["phase"])
            for k, (prior, correction) in enumerate(state["drawn"]):
                out[1 + k] = posterior.prior_mean + waves @ prior + across @ correction
            out[1:] = self._masked(out[1:] / spread, state["seen"])
        return np.asarray(np.where(out > NEVER / 2, out / state["temperature"], NEVER), dtype=np.float32)

    def _score(self, posterior: Posterior, seen: npt.NDArray[np.bool_], Z: Floats) -> tuple[Floats, Floats]:
        """Raw scores (n_items, n_outputs), and what they were divided by, (n_items, 1): 1 for numbers."""
        mean = posterior.mean(Z)
        numbers = self.task.target.pick(codes=False, marks=False, numbers=True)
        spread = np.ones((len(Z), 1)) if numbers else np.sqrt(posterior.variance(Z) + posterior.noise)[:, None]
        return self._masked(mean / spread, seen), spread

    def _masked(self, raw: Floats, seen: npt.NDArray[np.bool_]) -> Floats:
        return np.where(seen, raw, NEVER)

    def _seen(self, y: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """The outputs that may be predicted, (n_outputs,): classes that occur, and all labels."""
        if self.task.target.pick(codes=True, marks=False, numbers=False):
            return np.bincount(y, minlength=self.task.n_outputs) > 0
        return np.ones(self.task.n_outputs, dtype=bool)

    def _targets(self, y: npt.NDArray[Any]) -> Floats:
        """What is regressed on, (n_items, n_outputs)."""
        if self.task.target.pick(codes=True, marks=False, numbers=False):
            return np.where(y[:, None] == np.arange(self.task.n_outputs), 1.0, -1.0)
        numbers = self.task.target.pick(codes=False, marks=False, numbers=True)
        return np.asarray(y, dtype=np.float64)[:, None] if numbers else 2.0 * y - 1.0

    def _some(self, y: npt.NDArray[Any], weight: Floats, rng: np.random.Generator) -> Ints:
        """Positions of the items that are used, sorted: all with weight, or some of them."""
        order = rng.permutation(np.flatnonzero(weight > 0))
        if len(order) <= MAX_ROWS:
            return np.sort(order)
        if self.task.target.pick(codes=True, marks=False, numbers=False):
            first = np.unique(y[order], return_index=True)[1]
            order = np.concatenate([order[first], np.delete(order, first)])
        return np.sort(order[:MAX_ROWS])


def _waves(Z: Floats, frequency: Floats, phase: Floats) -> Floats:
    """Random features whose products are the kernel in the mean, (n_items, N_WAVES)."""
    return np.asarray(np.sqrt(2 / N_WAVES) * np.cos(Z @ frequency + phase))
