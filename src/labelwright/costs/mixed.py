"""A linear model with an effect of each person, shrunk as far as the data say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.check import Floats, Ints

WIDEST: Final = 12.0  # logarithm of the strongest shrinkage that is tried, and minus that of the weakest
START: Final = 1.0


@dataclass(frozen=True)
class Mixed:
    """y = fixed w + columns b + effect of the person + noise, with normal b, effects and noise.

    Attributes
    ----------
    weights : array of shape (n_fixed + n_columns,)
    covariance : array of shape (n_weights, n_weights)
        Of the weights.
    effects : array of shape (n_people,)
        Posterior means, given the weights' means.
    pull : array of shape (n_people, n_weights)
        How much a person's effect falls when a weight rises.
    effect_variance : array of shape (n_people,)
        Of an effect, given the weights.
    noise, between : float
        Variances of the noise and of the people's effects.
    """

    weights: Floats
    covariance: Floats
    effects: Floats
    pull: Floats
    effect_variance: Floats
    noise: float
    between: float

    def mean_and_variance(self, rows: Floats, person: Ints) -> tuple[Floats, Floats]:
        """Of the expected y, (n,) each; a person of -1 is unknown and has any effect that people have."""
        known = person >= 0
        effect = np.where(known, self.effects[person], 0.0)
        of_effect = np.where(known, self.effect_variance[person], self.between)
        free = rows - np.where(known[:, None], self.pull[person], 0.0)
        return rows @ self.weights + effect, np.einsum("ij,jk,ik->i", free, self.covariance, free) + of_effect


def fit_mixed(rows: Floats, y: Floats, person: Ints, n_people: int, n_fixed: int) -> Mixed:
    """Fit by restricted maximum likelihood (empirical Bayes): two ratios of variances are searched, the rest is exact.

    Parameters
    ----------
    rows : array of shape (n, n_fixed + n_columns)
        The first column is not shrunk. The others of the first ``n_fixed`` have weights with the variance of the
        noise, which matters only where the column hardly varies. The rest are shrunk as the data say, all alike.
    y : array of shape (n,)
    person : int64 array of shape (n,)
        0 to n_people - 1.

    Raises
    ------
    numpy.linalg.LinAlgError
        If the first column is 0.

    References
    ----------
    Robinson (1991). That BLUP is a good thing, sec. 1 to 5, eq. 1.3 (mixed model equations).

    Examples
    --------
    >>> y = np.array([0.0, 0.2, 2.0, 2.2, 4.0, 4.2])
    >>> fit = fit_mixed(np.ones((6, 1)), y, np.array([0, 0, 1, 1, 2, 2]), 3, 1)
    >>> fit.weights.round(2), fit.effects[[0, 2]].round(2)
    (array([2.1]), array([-1.99,  1.99]))
    """
    from scipy.optimize import minimize

    sums = _Sums.of(rows, y, person, n_people, n_fixed)
    n_free = 1 + (rows.shape[1] > n_fixed)
    bounds = [(-WIDEST, WIDEST)] * n_free
    found = minimize(sums.criterion, [START] * n_free, method="L-BFGS-B", bounds=bounds)
    return sums.solve(found.x)


@dataclass(frozen=True)
class _Sums:
    """All that the fit needs of the data."""

    n: int
    n_fixed: int
    gram: Floats  # (n_weights, n_weights)
    by_person: Floats  # (n_people, n_weights), sums of rows
    n_of: Floats  # (n_people,)
    cross: Floats  # (n_weights,)
    y_of: Floats  # (n_people,), sums of y
    square: float

    @classmethod
    def of(cls, rows: Floats, y: Floats, person: Ints, n_people: int, n_fixed: int) -> _Sums:
        by_person = np.zeros((n_people, rows.shape[1]))
        np.add.at(by_person, person, rows)
        n_of = np.bincount(person, minlength=n_people).astype(np.float64)
        y_of = np.bincount(person, weights=y, minlength=n_people)
        return cls(len(y), n_fixed, rows.T @ rows, by_person, n_of, rows.T @ y, y_of.astype(np.float64), float(y @ y))

    def parts(self, log_ratios: Floats) -> tuple[Floats, Floats, Floats, float]:
        """Diagonal of people, Schur complement of weights, the weights, and the weighted sum of squares left."""
        of_people = self.n_of + np.exp(log_ratios[0])
        pull = self.by_person / of_people[:, None]
        penalty = np.ones(len(self.cross))
        penalty[0] = 0
        if len(log_ratios) > 1:
            penalty[self.n_fixed :] = np.exp(log_ratios[1])
        schur = self.gram + np.diag(penalty) - self.by_person.T @ pull
        right = self.cross - pull.T @ self.y_of
        weights = np.linalg.solve(schur, right)
        left = self.square - float((self.y_of**2 / of_people).sum()) - float(right @ weights)
        return of_people, schur, weights, max(left, 1e-12 * self.square, 1e-300)

    def criterion(self, log_ratios: Floats) -> float:
        """Minus twice the restricted log-likelihood, up to a constant."""
        of_people, schur, _, left = self.parts(log_ratios)
        fit = (self.n - 1) * np.log(left) + np.log(of_people).sum() + np.linalg.slogdet(schur)[1]
        prior = len(self.n_of) * log_ratios[0]
        if len(log_ratios) > 1:
            prior += (len(self.cross) - self.n_fixed) * log_ratios[1]
        return float(fit - prior)

    def solve(self, log_ratios: Floats) -> Mixed:
        of_people, schur, weights, left = self.parts(log_ratios)
        noise = left / max(self.n - 1, 1)
        return Mixed(
            weights, noise * np.linalg.inv(schur), (self.y_of - self.by_person @ weights) / of_people,
            self.by_person / of_people[:, None], noise / of_people, noise, noise / float(np.exp(log_ratios[0])),
        )  # fmt: skip
