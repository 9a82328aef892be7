"""Random Fourier features: a Gaussian kernel as a product of a few columns."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats

N_FEATURES = 256
N_FOR_WIDTH = 500  # items whose distances give the width


def fourier(values: Floats, rng: np.random.Generator, n_features: int = N_FEATURES) -> Floats:
    """Features whose products are about a Gaussian kernel of the rows.

    Parameters
    ----------
    values : float array of shape (n_items, n_dims)
    rng : numpy.random.Generator
    n_features : int
        Even: cosines, then sines.

    Returns
    -------
    features : float array of shape (n_items, n_features)
        Each row has length 1.

    Notes
    -----
    The kernel's width is the median distance of 500 items, drawn from both samples alike.

    References
    ----------
    Rahimi, Recht (2007). Random features for large-scale kernel machines, algorithm 1, with sines and cosines.

    Examples
    --------
    >>> features = fourier(np.array([[0.0], [0.0], [9.0]]), np.random.default_rng(0))
    >>> (features @ features.T).round(1)[0].tolist()[:2]
    [1.0, 1.0]
    """
    sample = values[rng.permutation(len(values))[:N_FOR_WIDTH]]
    squares = (sample**2).sum(axis=1)
    d2 = np.maximum(squares[:, None] + squares[None, :] - 2 * sample @ sample.T, 0)
    apart = d2[np.triu_indices(len(sample), 1)]
    apart = apart[apart > 1e-12]  # identical items say nothing about the scale
    width = float(np.sqrt(np.median(apart))) if len(apart) else 1.0
    angles = values @ rng.normal(scale=1 / width, size=(values.shape[1], n_features // 2))
    return np.asarray(np.hstack([np.cos(angles), np.sin(angles)]) * np.sqrt(2 / n_features))
