"""Entropies of rows of probabilities, and of many products of them in tiles that stay in a core's cache."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats

TILE_BYTES = 2**20
FLOOR = 1e-12  # smaller probabilities count as this, so that no logarithm is infinite


def floored(proba: Floats) -> npt.NDArray[np.float32]:
    """Probabilities as float32, none too near 0 for a logarithm.

    >>> floored(np.array([0.0, 1.0])).tolist()
    [9.999999960041972e-13, 1.0]
    """
    return np.maximum(proba, FLOOR, dtype=np.float32)


def shannon(proba: Floats) -> Floats:
    """-sum p log p over the last axis, with 0 log 0 = 0; no checks.

    >>> shannon(np.array([0.5, 0.5])).round(4).tolist()
    0.6931
    """
    parts = np.maximum(proba, np.finfo(proba.dtype).tiny)
    np.log(parts, out=parts)
    parts *= proba
    total: Floats = parts @ np.ones(proba.shape[-1], dtype=proba.dtype)
    return np.maximum(-total, 0)


def entropies(A: Floats, B: Floats, weights: Floats, max_bytes: int | None = None) -> npt.NDArray[np.float64]:
    """The weighted entropy of each row of a product, -sum_j w_j J_ij log J_ij with J = A B, (n_rows,).

    Parameters
    ----------
    A : array of shape (n_rows, n_inner)
        With B, such that all of J is above 0.
    B : array of shape (n_inner, n_columns)
    weights : array of shape (n_columns,)
    max_bytes : int, optional
        Memory for temporary arrays, a megabyte by default.

    Notes
    -----
    Cost: a product and a logarithm of n_rows x n_columns numbers, in the precision of A.

    Examples
    --------
    >>> entropies(np.array([[0.5], [1.0]]), np.array([[1.0, 0.5]]), np.ones(2)).round(4)
    array([0.6931, 0.3466])
    """
    n_rows, n_columns = len(A), B.shape[1]
    n_numbers = max(1, min(max_bytes or TILE_BYTES, TILE_BYTES) // (2 * A.itemsize))
    wide = max(1, min(n_columns, n_numbers))
    tall = max(1, min(n_rows, n_numbers // wide))
    joint_of, logs_of = np.empty(tall * wide, dtype=A.dtype), np.empty(tall * wide, dtype=A.dtype)
    out = np.zeros(n_rows)
    for top in range(0, n_rows, tall):
        rows = A[top : top + tall]
        for left in range(0, n_columns, wide):
            columns = B[:, left : left + wide]
            shape = len(rows), columns.shape[1]
            joint = joint_of[: shape[0] * shape[1]].reshape(shape)
            logs = logs_of[: shape[0] * shape[1]].reshape(shape)
            np.matmul(rows, columns, out=joint)
            np.log(joint, out=logs)
            logs *= joint
            out[top : top + tall] -= logs @ weights[left : left + wide]
    return out
