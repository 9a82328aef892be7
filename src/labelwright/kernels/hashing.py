"""A seeded hash of items: it breaks ties in a way that does not depend on their order."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.kernels.blocks import blocks

Hashes = npt.NDArray[np.uint64]


def mix(values: Hashes, seed: int) -> Hashes:
    """Scramble 64-bit words (the finaliser of splitmix64).

    >>> bool(mix(np.array([1], dtype=np.uint64), 0)[0] == mix(np.array([1], dtype=np.uint64), 1)[0])
    False
    """
    z = values + np.uint64((seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)))


def hash_rows(rows: npt.NDArray[Any], seed: int) -> Hashes:
    """Hash each row of numbers by its float32 bits, (n_rows,); equal rows get equal hashes.

    >>> h = hash_rows(np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 2.0]]), seed=0)
    >>> bool(h[0] == h[2]), bool(h[0] == h[1])
    (True, False)
    """
    flat = rows.reshape(len(rows), -1)
    columns = mix(np.arange(flat.shape[1], dtype=np.uint64), seed) | np.uint64(1)
    out = np.empty(len(flat), dtype=np.uint64)
    for cut in blocks(len(flat), 40 * flat.shape[1] + 1):
        words = np.ascontiguousarray(flat[cut], dtype=np.float32)
        words = (words + np.float32(0)).view(np.uint32).astype(np.uint64)  # + 0 turns -0 into 0
        out[cut] = mix(mix(words * columns, seed).sum(axis=1, dtype=np.uint64), seed)
    return out
