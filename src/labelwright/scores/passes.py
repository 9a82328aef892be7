"""One pass over predictions that checks and scores them in blocks, on all cores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from labelwright.check import Floats, check_proba, complain
from labelwright.kernels.blocks import each_block

MANY_BYTES = 2**25  # predictions below which one thread is faster than several
PER_NUMBER = 12  # bytes of a block for each byte of its rows: rows of a block fill about a megabyte


def over_rows(who: str, proba: Floats, score: Callable[[Floats], Floats]) -> Floats:
    """Check class probabilities and score each row, (n_items,).

    Parameters
    ----------
    proba : array of shape (n_items, n_classes)
        Of any layout; may be a memory map.
    score : callable
        Takes some rows, gives a score for each.
    """
    check_proba(who, proba[:0])  # the shape
    out = np.empty(len(proba), dtype=proba.dtype)

    def work(cut: slice) -> None:
        rows = np.asarray(proba[cut])
        check_proba(who, rows, cut.start)
        out[cut] = score(rows)

    row_bytes = PER_NUMBER * proba.shape[1] * proba.itemsize
    each_block(work, len(proba), row_bytes, who=who, parallel=proba.nbytes >= MANY_BYTES)
    return out


def over_draws(who: str, draws: Floats, score: Callable[[Floats], Floats], dtype: Any = None) -> Floats:
    """Check the members' class probabilities and score each item, (n_items,).

    Parameters
    ----------
    draws : array of shape (n_draws, n_items, n_classes)
        Of any layout; may be a memory map.
    score : callable
        Takes the draws of some items, (n_draws, n_some, n_classes), gives a score for each item.
    dtype : dtype, optional
        Of the scores; that of the draws by default.
    """
    check_draws(who, draws)
    out = np.empty(draws.shape[1], dtype=dtype or draws.dtype)

    def work(cut: slice) -> None:
        some = np.asarray(draws[:, cut])
        for member in some:
            check_proba(who, member, cut.start)
        out[cut] = score(some)

    row_bytes = PER_NUMBER * draws.shape[2] * draws.itemsize
    each_block(work, draws.shape[1], row_bytes, who=who, parallel=draws.nbytes >= MANY_BYTES)
    return out


def check_draws(who: str, draws: Floats) -> None:
    """Refuse draws of another shape, or without a member."""
    if draws.ndim != 3 or not len(draws):
        raise complain(who, "draws", "of shape (n_draws, n_items, n_classes)", f"shape {draws.shape}")
    check_proba(who, draws[0, :0])
