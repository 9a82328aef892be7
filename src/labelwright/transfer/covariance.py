"""Means, covariances and their powers, for methods that move one cloud of points onto another."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats
from labelwright.kernels.rows import same_unit


def shrunk_covariance(X: Floats, shrinkage: float) -> Floats:
    """(1 - s) C + s tr(C)/d I for the covariance C of the rows, (n_features, n_features).

    References
    ----------
    Ledoit, Wolf (2004). A well-conditioned estimator for large-dimensional covariance matrices, eq. 1.

    Examples
    --------
    >>> shrunk_covariance(np.array([[0.0, 0.0], [2.0, 0.0]]), 0.5).tolist()
    [[0.75, 0.0], [0.0, 0.25]]
    """
    away = X - X.mean(axis=0)
    C = away.T @ away / len(X)
    return np.asarray((1 - shrinkage) * C + shrinkage * np.trace(C) / len(C) * np.eye(len(C)))


def power(C: Floats, exponent: float) -> Floats:
    """A power of a positive semidefinite matrix; directions without variance stay without.

    >>> power(np.diag([4.0, 9.0]), -0.5).round(3).tolist()
    [[0.5, 0.0], [0.0, 0.333]]
    """
    values, vectors = np.linalg.eigh(C)
    some = values > 1e-12 * max(values.max(initial=0), 1e-300)
    powers = np.zeros_like(values)
    powers[some] = values[some] ** exponent
    return np.asarray((vectors * powers) @ vectors.T)


def units(X: Floats) -> Floats:
    """What columns are divided by: 1 where they are on one scale already, else their standard deviations.

    >>> units(np.array([[0.0, 0.0], [2.0, 2000.0]])).tolist()
    [1.0, 1000.0]
    """
    if same_unit(X):
        return np.ones(X.shape[1])
    spread = X.std(axis=0)
    return np.asarray(np.where(spread > 1e-9 * np.maximum(1, np.abs(X).max(axis=0)), spread, 1.0))
