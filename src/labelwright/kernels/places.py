"""Embeddings of items: rows of float32 numbers that are read in blocks and never copied whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_finite
from labelwright.kernels.blocks import each_block
from labelwright.kernels.rows import FeatureRows

CACHED = 2048  # rows at a time that are read more than once
FEW = 4  # vectors that are multiplied one by one
CURE = "Fill in or encode missing values first."

T = TypeVar("T")


class Places:
    """Some rows of a table of numbers, in their own order.

    Parameters
    ----------
    X : array of shape (n_all, n_dims)
        An array, a memory map, or anything whose ``[rows]`` are rows.
    rows : int64 array of shape (n_items,), optional
        Which rows; all by default.
    max_bytes : int, optional
        Memory for the temporary arrays of a pass.

    Notes
    -----
    A slice of a float32 array is a view; everything else is copied block by block.

    Examples
    --------
    >>> places = Places(np.array([[3.0, 4.0], [0.0, 1.0]]), np.array([1, 0]))
    >>> len(places), places[:1].tolist(), places.norms.tolist()
    (2, [[0.0, 1.0]], [1.0, 25.0])
    """

    def __init__(self, X: FeatureRows, rows: Ints | None = None, max_bytes: int | None = None) -> None:
        self.X, self.rows, self.max_bytes = X, rows, max_bytes
        self.n_dims = int(X.shape[1])

    def __len__(self) -> int:
        return int(self.X.shape[0]) if self.rows is None else len(self.rows)

    def __getitem__(self, positions: Ints | slice) -> npt.NDArray[np.float32]:
        """Rows as float32, (n, n_dims); not checked."""
        if self.rows is not None:
            positions = self.rows[positions]
        return np.asarray(self.X[positions], dtype=np.float32)

    def at(self, positions: Ints | slice) -> npt.NDArray[np.float32]:
        """Rows as float32, (n, n_dims); refused if one is not finite."""
        rows = self[positions]
        check_finite("select", "embed", rows, CURE)
        return rows

    @property
    def row_bytes(self) -> int:
        """What reading one row costs in temporary memory."""
        plain = self.rows is None and isinstance(self.X, np.ndarray) and self.X.dtype == np.float32
        return 0 if plain else 8 * self.n_dims

    def each(
        self, work: Callable[[slice, npt.NDArray[np.float32]], T], row_bytes: int, who: str = "select",
        at_most: int | None = None,
    ) -> list[T]:  # fmt: skip
        """`each_block` over the rows; ``work(cut, rows)`` gets a slice and the rows in it."""
        wide = row_bytes + self.row_bytes
        return each_block(lambda cut: work(cut, self[cut]), len(self), wide, self.max_bytes, who, at_most)

    @cached_property
    def norms(self) -> Floats:
        """Squared length of each row, (n_items,) float32; refused if a row is not finite."""
        out = np.empty(len(self), dtype=np.float32)

        def work(cut: slice, rows: npt.NDArray[np.float32]) -> None:
            np.einsum("ij,ij->i", rows, rows, out=out[cut])

        self.each(work, 64)
        check_finite("select", "embed", out, CURE)
        return out

    def check(self) -> Places:
        """These places; refused if a row is not finite."""
        self.norms  # noqa: B018
        return self

    def dots(self, V: Floats) -> Floats:
        """Products with some vectors, (n_vectors, n_items) float32: one pass over the rows.

        Parameters
        ----------
        V : array of shape (n_vectors, n_dims)
        """
        V = np.ascontiguousarray(V, dtype=np.float32)
        out = np.empty((len(V), len(self)), dtype=np.float32)

        def work(cut: slice, rows: npt.NDArray[np.float32]) -> None:
            if len(V) > FEW:
                out[:, cut] = V @ rows.T
                return
            for k, v in enumerate(V):  # the rows stay in the cache from one vector to the next
                np.dot(rows, v, out=out[k, cut])

        self.each(work, 64 + 4 * len(V), at_most=None if len(V) > FEW else CACHED)
        return out

    def mean(self) -> npt.NDArray[np.float64]:
        """The mean row, (n_dims,)."""
        parts = self.each(lambda cut, rows: np.ones(len(rows), dtype=np.float32) @ rows, 64)
        return np.asarray(np.sum(np.asarray(parts, dtype=np.float64), axis=0) / max(len(self), 1))
