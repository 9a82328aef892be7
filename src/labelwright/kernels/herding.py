"""Greedy weighted coverage: the items whose neighbourhoods add the most that is not yet covered."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats
from labelwright.kernels.blocks import each_block
from labelwright.kernels.distances import Rows, squared_distances, squared_norms
from labelwright.kernels.top import Keys

KEPT_BYTES = 2**28  # similarities that are kept
CHUNK = 64  # stale gains refreshed at once: one matrix product instead of many
Kernel = Callable[[Floats], Floats]  # squared distances -> similarity in [0, 1]; may work in place


def gaussian(sigma: float) -> Kernel:
    """exp(-d^2 / sigma^2).

    >>> gaussian(1.0)(np.array([0.0, 1.0])).round(4)
    array([1.    , 0.3679])
    """

    def near(squares: Floats) -> Floats:
        squares *= -1 / (sigma * sigma)
        return np.exp(squares, out=squares)

    return near


def ball(radius: float) -> Kernel:
    """1 within a radius, 0 outside.

    >>> ball(2.0)(np.array([1.0, 4.0, 9.0]))
    array([1., 1., 0.])
    """
    limit = radius * radius
    return lambda squares: (squares <= limit).astype(squares.dtype)


def linear(reach: float) -> Kernel:
    """1 - d / reach, at least 0.

    >>> linear(4.0)(np.array([0.0, 4.0, 36.0]))
    array([1. , 0.5, 0. ])
    """

    def near(squares: Floats) -> Floats:
        np.sqrt(squares, out=squares)
        squares *= -1 / reach
        squares += 1
        return np.maximum(squares, 0, out=squares)

    return near


def coverage(targets: Rows, chosen: Rows, kernel: Kernel, max_bytes: int | None = None) -> Floats:
    """How well each target is covered: its similarity to the nearest chosen row, (n_targets,)."""
    norms = squared_norms(targets)
    parts = each_block(
        lambda rows: kernel(squared_distances(chosen[rows], targets, norms)).max(axis=0),
        len(chosen), 8 * (len(targets) + targets.shape[1]), max_bytes, "coverage",
    )  # fmt: skip
    return np.asarray(np.maximum.reduce([np.zeros(len(targets), dtype=targets.dtype), *parts]))


def herd(
    X: Rows,
    targets: Rows,
    weights: Floats,
    covered: Floats,
    kernel: Kernel,
    n: int,
    keys: Keys,
    closes: Callable[[int], npt.NDArray[np.int64]],
    costs: Floats | None = None,
    max_bytes: int | None = None,
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Pick n rows of X that greedily maximise sum_t w_t max_s k(s, t).

    Parameters
    ----------
    X : array of shape (n_items, n_dims)
        Candidates.
    targets : array of shape (n_targets, n_dims)
        What is to be covered: a uniform sample of the pool.
    weights : array of shape (n_targets,)
        At least 0.
    covered : array of shape (n_targets,)
        Coverage by what is labeled already, in [0, 1].
    kernel : callable
        Similarity of squared distances, in [0, 1].
    keys, closes : callable
        Tie keys; positions that a pick closes.
    costs : array of shape (n_items,), optional
        The gain is divided by it.

    Returns
    -------
    positions : int64 array of shape (at most n,)
    gains : array of shape (at most n,)
        What each pick added per unit of cost, as a share of the total weight.

    Notes
    -----
    Lazy greedy: gains only shrink, so a stale gain is an upper bound and few are refreshed. The
    first pass is one product of candidates and targets in blocks; similarities are kept for the refreshes where
    they fit (256 MB, or ``max_bytes``), else made again.

    References
    ----------
    Minoux (1978). Accelerated greedy algorithms for maximizing submodular set functions.
    Bae, Noh, Sutherland (2024). Generalized coverage for more robust low-budget active learning, eq. 4.

    Examples
    --------
    >>> X = np.array([[0.0], [0.5], [1.0], [9.0]])
    >>> ones, none = np.ones(4), np.zeros(4)
    >>> herd(X, X, ones, none, gaussian(1.0), 2, lambda i: i.astype(np.uint64), lambda i: np.array([i]))[0]
    array([1, 3])
    """
    norms = squared_norms(targets)
    total = float(weights.sum()) or 1.0
    weight = weights.astype(X.dtype)

    kept = np.empty((len(X), len(targets)), dtype=X.dtype) if _fits(len(X) * len(targets), max_bytes) else None

    def first(rows: slice) -> Floats:
        near = kernel(squared_distances(X[rows], targets, norms))  # (n_rows, n_targets)
        if kept is not None:
            kept[rows] = near
        return beyond(near, rows)

    def added(rows: npt.NDArray[np.int64]) -> Floats:
        near = kernel(squared_distances(X[rows], targets, norms)) if kept is None else kept[rows]
        return beyond(near, rows)

    def beyond(near: Floats, rows: npt.NDArray[np.int64] | slice) -> Floats:
        near -= covered
        return np.asarray(np.maximum(near, 0, out=near) @ weight) / (total if costs is None else total * costs[rows])

    row_bytes = 8 * (len(targets) + X.shape[1])
    gains = np.concatenate(each_block(first, len(X), row_bytes, max_bytes, "herd"))
    covered = covered.astype(X.dtype)
    fresh = np.zeros(len(X), dtype=np.int64)  # number of picks known to each gain
    tie = keys(np.arange(len(X)))
    picks: list[int] = []
    gains_found: list[float] = []
    while len(picks) < n:
        best = gains.max(initial=-1)
        if best < 0:
            break
        ties = np.flatnonzero(gains >= best)
        stale = ties[fresh[ties] < len(picks)] if best > 0 else ties[:0]  # a gain of 0 cannot shrink
        if len(stale):
            some = np.argpartition(-gains, CHUNK)[:CHUNK] if len(gains) > CHUNK else np.arange(len(gains))
            some = some[(fresh[some] < len(picks)) & (gains[some] >= 0)]
            some = some if len(some) else stale[:CHUNK]
            gains[some] = np.minimum(gains[some], added(some))
            fresh[some] = len(picks)
            continue
        pick = int(ties[np.argmin(tie[ties])])
        picks.append(pick)
        gains_found.append(float(best))
        covered = np.maximum(covered, kernel(squared_distances(X[pick][None], targets, norms))[0])
        gains[closes(pick)] = -1
    return np.array(picks, dtype=np.int64), np.array(gains_found)


def _fits(n_numbers: int, max_bytes: int | None) -> bool:
    return 4 * n_numbers <= (KEPT_BYTES if max_bytes is None else min(max_bytes, KEPT_BYTES))
