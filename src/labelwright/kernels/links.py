"""Link functions: from raw scores to probabilities, over the last axis."""

from __future__ import annotations

from typing import Final

import numpy as np

from labelwright.check import Floats

NEVER: Final = -1e9
"""The raw score of a class that was never seen: its probability is exactly 0."""


def softmax(raw: Floats) -> Floats:
    """Distributions over the last axis, of the shape of ``raw``; each sums to 1.

    >>> softmax(np.array([[0.0, 0.0, NEVER]]))
    array([[0.5, 0.5, 0. ]])
    """
    odds = np.exp(raw - raw.max(axis=-1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True))


def logistic(raw: Floats) -> Floats:
    """A probability for each raw score, without overflow.

    >>> logistic(np.array([0.0, -1000.0]))
    array([0.5, 0. ])
    """
    return np.asarray(0.5 * (1 + np.tanh(0.5 * raw)))
