"""Two principal components: the map that is there at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labelwright.check import complain
from labelwright.kernels.places import Places

Positions = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Axes:
    """Directions of the largest variance, as they were fitted on a sample.

    Attributes
    ----------
    mean : float32 array of shape (n_dims,)
    axes : float32 array of shape (n_axes, n_dims)
        Of length 1 and at right angles; zeros where the features have fewer dimensions.
    """

    mean: Matrix
    axes: Matrix

    def place(self, rows: Matrix) -> Positions:
        """Coordinates along the axes, (n_items, n_axes) float32, in the unit of the features; read in blocks.

        Parameters
        ----------
        rows : array of shape (n_items, n_dims)
        """
        out = np.empty((len(rows), len(self.axes)), dtype=np.float32)
        offset = self.axes @ self.mean

        def work(cut: slice, block: Matrix) -> None:
            out[cut] = block @ self.axes.T - offset

        Places(rows).each(work, 8 * len(self.axes), "projection")
        return out


def pca(sample: Matrix, n_axes: int = 2) -> Axes:
    """Principal components of a sample; the same for the same sample on any machine, its signs too.

    Parameters
    ----------
    sample : array of shape (n_rows, n_dims)
        Finite.
    n_axes : int
        How many; 2 for a map.

    Returns
    -------
    axes : Axes
        In each axis, the part that is largest in size is positive.

    Raises
    ------
    InputError
        If the sample is empty.

    Notes
    -----
    Cost: one product of n_dims x n_rows x n_dims, and the largest eigenvectors of n_dims x n_dims.

    References
    ----------
    Jolliffe (2002). Principal component analysis, sec. 1.1.

    Examples
    --------
    >>> found = pca(np.array([[0.0, 0.0], [2.0, 0.0], [4.0, 0.1]], dtype=np.float32))
    >>> found.place(np.array([[4.0, 0.1]], dtype=np.float32)).round(1).tolist()
    [[2.0, 0.0]]
    """
    from scipy.linalg import eigh

    if not len(sample):
        raise complain("pca", "sample", "at least one row", len(sample), "Encode items first.")
    X = np.asarray(sample, dtype=np.float64)
    mean = X.mean(axis=0)
    centred = X - mean
    n_dims, kept = X.shape[1], min(n_axes, X.shape[1])
    _, vectors = eigh(centred.T @ centred, subset_by_index=(n_dims - kept, n_dims - 1))
    found = vectors.T[::-1]  # the largest variance first, (kept, n_dims)
    largest = np.abs(found).round(9).argmax(axis=1)
    signs = np.where(found[np.arange(kept), largest] < 0, -1.0, 1.0)
    axes = np.zeros((n_axes, n_dims), dtype=np.float32)
    axes[:kept] = found * signs[:, None]
    return Axes(mean.astype(np.float32), axes)
