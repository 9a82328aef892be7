"""Squared Euclidean distances in float32 blocks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats
from labelwright.kernels.blocks import each_block
from labelwright.kernels.places import Places

MANY = 4096  # centres in one product
Rows = npt.NDArray[Any]  # (n, n_dims), float32 or a memory map


def squared_norms(X: Rows) -> Floats:
    """Squared length of each row, (n_rows,).

    >>> squared_norms(np.array([[3.0, 4.0]]))
    array([25.])
    """
    return np.asarray(np.einsum("ij,ij->i", X, X))


def squared_distances(A: Rows, B: Rows, norms_b: Floats | None = None) -> Floats:
    """All squared distances between the rows of two small arrays, (n_a, n_b), at least 0.

    >>> squared_distances(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0]]))
    array([[25.]])
    """
    out: Floats = A @ B.T
    out *= -2
    out += squared_norms(A)[:, None]
    out += squared_norms(B) if norms_b is None else norms_b
    return np.maximum(out, 0, out=out)


def nearest(places: Places, centres: Rows) -> npt.NDArray[np.float32]:
    """Squared distance of each row to the nearest centre, (n_items,) float32; infinite if there is none.

    Cost: one product of rows and centres, in blocks, and two passes over it.

    >>> nearest(Places(np.array([[0.0], [5.0]])), np.array([[1.0], [7.0]]))
    array([1., 4.], dtype=float32)
    """
    out = np.full(len(places), np.inf, dtype=np.float32)
    if not len(centres):
        return out
    C = np.ascontiguousarray(centres, dtype=np.float32)
    half = squared_norms(C) / 2
    norms = places.norms
    width = min(len(C), MANY)

    def work(cut: slice, rows: Rows) -> None:
        best = np.full(len(rows), -np.inf, dtype=np.float32)
        for start in range(0, len(C), MANY):
            some = slice(start, start + MANY)
            close = rows @ C[some].T  # (n_rows, n_some)
            close -= half[some]
            np.maximum(best, close.max(axis=1), out=best)
        out[cut] = np.maximum(norms[cut] - 2 * best, 0)

    places.each(work, 4 * width + 16, "nearest")
    return out


def neighbour_distance(X: Rows, k: int = 1, max_bytes: int | None = None) -> Floats:
    """Distance of each row to its k-th nearest other row, (n_rows,).

    >>> neighbour_distance(np.array([[0.0], [1.0], [5.0]]))
    array([1., 1., 4.])
    """
    out = np.zeros(len(X))
    k = min(k, len(X) - 1)
    if k < 1:
        return out
    norms = squared_norms(X)

    def work(rows: slice) -> None:
        squares = squared_distances(X[rows], X, norms)
        squares[np.arange(len(squares)), np.arange(rows.start, rows.stop)] = np.inf  # not oneself
        squares.partition(k - 1, axis=1)
        out[rows] = np.sqrt(squares[:, k - 1])

    each_block(work, len(X), 8 * (len(X) + X.shape[1]), max_bytes, "neighbour_distance")
    return out


def spread(X: Rows, k: int = 1, max_bytes: int | None = None) -> float:
    """A scale for kernels: the mean distance to the k-th neighbour, over rows where it is not 0; 1 if all are equal.

    >>> spread(np.array([[0.0], [1.0], [5.0]]))
    2.0
    """
    distance = neighbour_distance(X, k, max_bytes)
    distance = distance[distance > 1e-6 * max(1e-30, float(np.sqrt(squared_norms(X).max(initial=0))))]
    return float(distance.mean()) if len(distance) else 1.0
