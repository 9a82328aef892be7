"""How similar an item is to the pool on average."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.kernels.places import Places


def cosine_density(places: Places) -> npt.NDArray[np.float32]:
    """Mean similarity (1 + cosine) / 2 of each row to all rows.

    1 where all rows point the same way, 0 where all others point against it.

    Parameters
    ----------
    places : Places
        Rows of length 0 are similar to all by 1/2.

    Returns
    -------
    density : float32 array of shape (n_items,)
        Between 0 and 1, no unit.

    Notes
    -----
    The mean of cosines is the cosine with the mean direction times that one's length, so nothing of size
    n_items x n_items is made: two passes.

    Examples
    --------
    >>> cosine_density(Places(np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 1.0], [0.0, 2.0]])))
    array([0.75, 0.75, 0.75, 0.75], dtype=float32)
    """
    lengths = np.sqrt(places.norms)
    inverse = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    parts = places.each(lambda cut, rows: (inverse[cut] @ rows).astype(np.float64), 32)
    mean = np.sum(parts, axis=0) / max(len(places), 1)
    return np.asarray((1 + places.dots(mean[None])[0] * inverse) / 2, dtype=np.float32)
