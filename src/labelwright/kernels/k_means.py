"""Weighted k-means for a few thousand rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats
from labelwright.kernels.distances import Rows, squared_distances, squared_norms

N_ROUNDS = 20


def k_means(
    X: Rows, weights: Floats, k: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Centres and the centre of each row, by Lloyd's rounds from a D² seed.

    Parameters
    ----------
    X : array of shape (n_rows, n_dims)
    weights : array of shape (n_rows,)
        At least 0, not all 0.
    k : int
        Between 1 and n_rows.

    Returns
    -------
    centres : array of shape (k, n_dims)
    nearest : int64 array of shape (n_rows,)

    References
    ----------
    Arthur, Vassilvitskii (2007). k-means++: the advantages of careful seeding, sec. 2.2.

    Examples
    --------
    >>> centres, near = k_means(np.array([[0.0], [1.0], [9.0]]), np.ones(3), 2, np.random.default_rng(0))
    >>> sorted(centres[:, 0].tolist())
    [0.5, 9.0]
    """
    norms = squared_norms(X)
    weights = weights / weights.sum()
    centres = X[_d2_seed(X, norms, weights, k, rng)].copy()
    near = np.zeros(len(X), dtype=np.int64)
    for _ in range(N_ROUNDS):
        new = squared_distances(centres, X, norms).argmin(axis=0)  # (n_rows,)
        if (new == near).all() and _:
            break
        near = new
        mass = np.bincount(near, weights=weights, minlength=k)
        for d in range(X.shape[1]):
            total = np.bincount(near, weights=weights * X[:, d], minlength=k)
            centres[:, d] = np.where(mass > 0, total / np.where(mass > 0, mass, 1), centres[:, d])
    return centres, near


def _d2_seed(X: Rows, norms: Floats, weights: Floats, k: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Rows drawn with chances proportional to weight times squared distance to those before."""
    gap = np.ones(len(X))
    picks: list[int] = []
    for _ in range(k):
        chance = np.cumsum(gap * weights, dtype=np.float64)
        if chance[-1] <= 0:  # fewer distinct rows than centres: any row that is not taken
            left = np.setdiff1d(np.arange(len(X)), picks)
            picks.append(int(left[0]))
            continue
        pick = min(int(np.searchsorted(chance, rng.random() * chance[-1], side="right")), len(X) - 1)
        step = np.maximum(norms - 2 * (X @ X[pick]) + norms[pick], 0)
        step[pick] = 0
        gap = step if not picks else np.minimum(gap, step)
        picks.append(pick)
    return np.array(picks, dtype=np.int64)
