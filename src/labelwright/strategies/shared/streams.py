"""The random stream of one selection, made of the seed and a digest of what is labeled."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.errors import InputError
from labelwright.kernels.hashing import Hashes, hash_rows, mix
from labelwright.kernels.rows import Frame, numeric


def stream(
    random_state: int | np.random.Generator | None, labeled: Any, y: npt.NDArray[Any] | None, n_left: int | None
) -> np.random.Generator:
    """The generator of one selection.

    A fixed seed round after round would make the same random choices each time. So what is labeled is part of the
    seed: it changes from round to round, and the same call still gives the same picks.

    Parameters
    ----------
    random_state : int, numpy Generator or None
        A generator is used as it is.
    labeled, y : arrays of n_labeled items, or None
        Their order does not matter.
    n_left : int or None
        The number of candidates, which stands for what is labeled where that is not given; None where nothing is
        labeled yet.

    Examples
    --------
    >>> rows = np.array([[1.0], [2.0]])
    >>> one, two = (stream(0, r, None, None).random() for r in (rows, rows[::-1]))
    >>> one == two, one == stream(0, rows[:1], None, None).random()
    (True, False)
    """
    if isinstance(random_state, bool) or not isinstance(random_state, (int, np.integer)):
        return np.random.default_rng(random_state)
    if labeled is None and y is None:
        return np.random.default_rng(random_state if n_left is None else [int(random_state), n_left])
    return np.random.default_rng([int(random_state), *_digest(labeled, y)])


def _digest(labeled: Any, y: npt.NDArray[Any] | None) -> tuple[int, int]:
    """The number of labeled items, and a sum of hashes of items and answers."""
    n = len(y) if y is not None else int(labeled.shape[0])
    words = np.zeros(n, dtype=np.uint64)
    if labeled is not None:
        words = words + _rows(labeled)
    if y is not None:
        words = words ^ mix(_values(y), 1)
    return n, int(mix(words, 2).sum(dtype=np.uint64))


def _rows(X: Any) -> Hashes:
    """A hash of each row, (n_rows,), from its content alone."""
    if hasattr(X, "tocsr"):
        rows = X.tocsr()
        bounds = zip(rows.indptr[:-1], rows.indptr[1:], strict=True)
        parts = ((rows.indices[a:b].astype(np.int64), rows.data[a:b].astype(np.float32)) for a, b in bounds)
        return _hashed(i.tobytes() + v.tobytes() for i, v in parts)
    try:
        return hash_rows(numeric(X)[:], 0)
    except InputError:  # texts, or columns of them
        values = X.frame.to_numpy(dtype=object) if isinstance(X, Frame) else X[:]
        return _hashed(repr(row).encode() for row in values.tolist())


def _values(y: npt.NDArray[Any]) -> Hashes:
    if y.ndim > 1:
        return hash_rows(y, 0)
    values, at = np.unique(y, return_inverse=True)
    return _hashed(str(value).encode() for value in values.tolist())[at]


def _hashed(texts: Any) -> Hashes:
    return np.array([int.from_bytes(blake2b(text, digest_size=8).digest(), "big") for text in texts], dtype=np.uint64)
