"""Weighted k-means for some thousand rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats
from labelwright.kernels.distances import Rows, squared_norms
from labelwright.kernels.places import Places

N_ROUNDS = 20


def k_means(
    X: Rows, weights: Floats, k: int, rng: np.random.Generator, n_rounds: int = N_ROUNDS
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Centres and the centre of each row, by Lloyd's rounds from a D² seed.

    Parameters
    ----------
    X : array of shape (n_rows, n_dims)
    weights : array of shape (n_rows,)
        At least 0, not all 0.
    k : int
        Between 1 and n_rows.
    n_rounds : int
        At most.

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
    from scipy.sparse import csr_array

    weights = weights / weights.sum()
    centres = X[_d2_seed(X, squared_norms(X), weights, k, rng)].copy()
    near = np.zeros(len(X), dtype=np.int64)
    for done in range(n_rounds):
        new = closest(Places(X), centres)  # (n_rows,)
        if done and (new == near).all():
            break
        near = new
        mass = np.bincount(near, weights=weights, minlength=k)
        sums = csr_array((weights, (near, np.arange(len(X)))), shape=(k, len(X))) @ X  # (k, n_dims)
        some = mass > 0
        centres[some] = sums[some] / mass[some, None]
    return centres, near


def closest(places: Places, centres: Rows) -> npt.NDArray[np.int64]:
    """The nearest centre of each row, (n_items,).

    >>> closest(Places(np.array([[0.0], [5.0]])), np.array([[1.0], [7.0]]))
    array([0, 1])
    """
    C = np.ascontiguousarray(centres, dtype=np.float32)
    half = squared_norms(C) / 2
    parts = places.each(lambda cut, rows: (rows @ C.T - half).argmax(axis=1), 8 * len(C), "closest")
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def nearest_each(places: Places, centres: Rows) -> npt.NDArray[np.int64]:
    """The nearest row of each centre, (n_centres,); one row may serve several.

    >>> nearest_each(Places(np.array([[0.0], [5.0]])), np.array([[1.0], [7.0]]))
    array([0, 1])
    """
    C = np.ascontiguousarray(centres, dtype=np.float32)
    norms = places.norms

    def work(cut: slice, rows: Rows) -> tuple[npt.NDArray[np.int64], Floats]:
        far = norms[cut] / 2 - C @ rows.T  # (n_centres, n_rows), up to a constant of the centre
        at = far.argmin(axis=1)
        return cut.start + at, far[np.arange(len(C)), at]

    blocks = places.each(work, 8 * len(C) + 16, "nearest_each")
    at, far = np.stack([part[0] for part in blocks]), np.stack([part[1] for part in blocks])
    return np.asarray(at[far.argmin(axis=0), np.arange(len(C))])


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
