"""How probabilities are rounded for storage: fixed point in steps of 1/65535, in versions that never change.

A ranking is made from predictions as they are read back from storage, so a cycle replays only with the rounding it
began with. A better rounding is therefore a new version; old ones stay.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, complain

STEPS: Final = 65_535
NEWEST: Final = 2
OFF = 66  # largest deviation of a row's sum: 1e-3


def quantise_distributions(proba: Floats, version: int = NEWEST) -> npt.NDArray[np.uint16]:
    """Round rows that sum to 1 so that the stored rows sum to exactly 65535.

    Parameters
    ----------
    proba : array of shape (..., n_classes)
        Each row sums to 1 within 1e-3.
    version : {1, 2}
        1 gives what rounding took or added to the likeliest class; with several hundred classes that can exceed its
        probability. 2 rounds by largest remainder.

    Returns
    -------
    stored : uint16 array of the same shape
        Version 2: every value is within one step of its probability times 65535, and what was stored once is stored
        the same again.

    Raises
    ------
    InputError
        If a row does not sum to 1 within 1e-3 (version 2), or there is no such version.

    Notes
    -----
    Cost: one pass over the values, and a selection among those of rows whose rounded values do not sum up.

    References
    ----------
    Balinski, Young (1982). Fair representation, on Hamilton's method.

    Examples
    --------
    >>> quantise_distributions(np.full((1, 3), 1 / 3, dtype=np.float32)).tolist()
    [[21845, 21845, 21845]]
    >>> quantise_distributions(np.array([[0.5, 0.5, 0.0]], dtype=np.float32)).tolist()
    [[32767, 32768, 0]]
    """
    check_version(version)
    flat = np.asarray(proba, dtype=np.float32).reshape(-1, proba.shape[-1])
    scaled = flat * np.float32(STEPS)
    if version > 1:
        _level(scaled)
    steps = np.rint(scaled).astype(np.int32)
    if steps.size:
        _to_the_likeliest(steps) if version == 1 else _largest_remainder(scaled, steps)
    return np.asarray(steps.astype(np.uint16).reshape(proba.shape))


def quantise_numbers(proba: Floats) -> npt.NDArray[np.uint16]:
    """Round probabilities that stand alone, each in [0, 1], to the nearest step; all versions agree.

    >>> quantise_numbers(np.array([0.5, 1.0])).tolist()
    [32768, 65535]
    """
    steps = np.rint(np.asarray(proba, dtype=np.float32) * np.float32(STEPS))
    return np.asarray(steps.astype(np.int32).astype(np.uint16))


def restore(stored: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Stored steps as probabilities; the same bits on every read."""
    return np.asarray(np.asarray(stored, dtype=np.float32) / np.float32(STEPS))


def check_version(version: int) -> None:
    """Refuse a version that does not exist."""
    if version not in range(1, NEWEST + 1):
        raise complain("quantiser", "version", f"between 1 and {NEWEST}", version, "It comes from a newer Labelwright.")


def _to_the_likeliest(steps: npt.NDArray[np.int32]) -> None:
    top = steps.argmax(axis=-1)[..., None]
    lacking = STEPS - steps.sum(axis=-1, keepdims=True)
    np.put_along_axis(steps, top, np.take_along_axis(steps, top, axis=-1) + lacking, axis=-1)


def _level(scaled: npt.NDArray[np.float32]) -> None:
    """Scale rows whose sum deviates a little; refuse rows that are no distribution."""
    total = scaled.sum(axis=1, dtype=np.float64)
    ok = np.abs(total - STEPS) <= OFF
    if not ok.all():
        row = int(np.argmin(ok))
        expected = "rows that sum to 1 within 1e-3"
        raise complain("quantiser", "probabilities", expected, f"{total[row] / STEPS:g} at row {row}")
    uneven = np.flatnonzero(np.abs(total - STEPS) > 0.25)
    if len(uneven):
        scaled[uneven] *= (STEPS / total[uneven, None]).astype(np.float32)


def _largest_remainder(scaled: npt.NDArray[np.float32], steps: npt.NDArray[np.int32]) -> None:
    """Correct values by one step each, those with the largest rounding error first, until each row has its sum."""
    lacking = STEPS - steps.sum(axis=1)  # (n_rows,)
    for n in np.unique(lacking[lacking != 0]).tolist():
        rows = np.flatnonzero(lacking == n)
        sign, n_moved = (1, n) if n > 0 else (-1, -n)
        remainder = sign * (scaled[rows] - steps[rows])  # (n_some, n_classes), the largest move
        if n_moved == 1:
            steps[rows, remainder.argmax(axis=1)] += sign
            continue
        last = np.partition(remainder, -n_moved, axis=1)[:, -n_moved, None]
        first, ties = remainder > last, remainder == last
        first |= ties & (np.cumsum(ties, axis=1) <= n_moved - first.sum(axis=1, keepdims=True))
        steps[rows] += (sign * first).astype(np.int32)
