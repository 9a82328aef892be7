"""Ridge least squares with an intercept, and its exact leave-one-out predictions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelwright.check import Floats

PENALTIES = (0.003, 0.03, 0.3, 3.0)  # for features of mean squared length 1
FREE = 1e-6  # the penalty of the intercept, as a part of the others


@dataclass(frozen=True)
class Moments:
    """What least squares needs to know of some rows: sums of products, which add up over parts of the data."""

    gram: Floats  # (n_features + 1, n_features + 1)
    cross: Floats  # (n_features + 1, n_outputs)

    @classmethod
    def of(cls, X: Floats, Y: Floats, weights: Floats) -> Moments:
        """Of rows (n, n_features), outputs (n, n_outputs) and weights (n,)."""
        Z = with_one(X)
        return cls((Z * weights[:, None]).T @ Z, (Z * weights[:, None]).T @ Y)

    def plus(self, other: Moments, amount: float) -> Moments:
        """The sum with another part of the data, of which each row counts ``amount``."""
        return Moments(self.gram + amount * other.gram, self.cross + amount * other.cross)

    def solve(self, penalty: float) -> tuple[Floats, Floats]:
        """Coefficients (n_features + 1, n_outputs), the intercept last, and the inverse that gives them."""
        ridge = np.full(len(self.gram), penalty)
        ridge[-1] *= FREE
        inverse = np.linalg.inv(self.gram + np.diag(ridge))
        return inverse @ self.cross, inverse


def with_one(X: Floats) -> Floats:
    """A column of ones after the features.

    >>> with_one(np.array([[5.0]])).tolist()
    [[5.0, 1.0]]
    """
    return np.concatenate([X, np.ones((len(X), 1))], axis=1)


def left_out(X: Floats, Y: Floats, moments: Moments, penalty: float) -> Floats:
    """Predictions of rows that are part of the data, each as if it had not been, (n, n_outputs).

    Parameters
    ----------
    X, Y : arrays of shape (n, n_features) and (n, n_outputs)
        Rows of weight 1 that ``moments`` includes.
    moments : Moments
        Of all the data.
    penalty : float
        Above 0.

    Notes
    -----
    A prediction f of a row with leverage h is (f - h y) / (1 - h) without the row: one inverse for all rows.

    References
    ----------
    Allen (1974). The relationship between variable selection and data augmentation, Technometrics, sec. 4 (PRESS).

    Examples
    --------
    >>> X, Y = np.zeros((3, 1)), np.array([[0.0], [3.0], [6.0]])
    >>> left_out(X, Y, Moments.of(X, Y, np.ones(3)), 1.0).round(2).tolist()
    [[4.5], [3.0], [1.5]]
    """
    coef, inverse = moments.solve(penalty)
    Z = with_one(X)
    leverage = np.minimum(np.einsum("ij,jk,ik->i", Z, inverse, Z, optimize=True), 1 - 1e-9)[:, None]
    return np.asarray((Z @ coef - leverage * Y) / (1 - leverage))


def best_fit(X: Floats, Y: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Coefficients (n_features + 1, n_outputs) at the penalty with the least leave-one-out error, and the latter's
    predictions, (n, n_outputs)."""
    root = np.sqrt(weights)[:, None]
    moments = Moments.of(X, Y, weights)
    found = []
    for penalty in PENALTIES:
        coef, inverse = moments.solve(penalty)
        Z = with_one(X)
        leverage = np.einsum("ij,jk,ik->i", Z, inverse, Z, optimize=True) * weights
        leverage = np.minimum(leverage, 1 - 1e-9)[:, None]
        without = (Z @ coef - leverage * Y) / (1 - leverage)
        found.append((float(((root * (without - Y)) ** 2).sum()), coef, without))
    best = min(found, key=lambda one: one[0])
    return best[1], best[2]
