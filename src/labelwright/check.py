"""Argument checks with one message form: ``who: what must be expected, got found. cure``."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright.errors import InputError

MAX_MAGNITUDE: Final = 1e30
"""The largest absolute value of a number that is taken in: float32 has room for its products with features."""

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def complain(who: str, what: str, expected: str, got: object, cure: str = "") -> InputError:
    """Build the error, so that every package words it alike.

    >>> str(complain("margin", "n", "at least 1", 0, "Ask for one item or more."))
    'margin: n must be at least 1, got 0. Ask for one item or more.'
    """
    return InputError(f"{who}: {what} must be {expected}, got {got}.", cure)


def check_between(who: str, what: str, value: float, low: float, high: float, cure: str = "") -> None:
    """Refuse a number outside [low, high], and NaN."""
    if not (isinstance(value, (int, float, np.number)) and not math.isnan(value) and low <= value <= high):
        raise complain(who, what, f"between {low:g} and {high:g}", value, cure)


def check_magnitude(who: str, what: str, value: float) -> None:
    """Refuse NaN, infinity and numbers beyond `MAX_MAGNITUDE`, which no model could be trained with."""
    if not -MAX_MAGNITUDE <= value <= MAX_MAGNITUDE:  # also of integers that no float can hold
        size = f"{value:g}" if isinstance(value, float) else f"an integer of {value.bit_length():,} bits"
        cure = "Correct it, or give it in a larger unit."
        raise complain(who, what, f"a number between {-MAX_MAGNITUDE:g} and {MAX_MAGNITUDE:g}", size, cure)


def check_count(who: str, what: str, value: object, low: int = 1, high: int | None = None, cure: str = "") -> int:
    """Refuse anything but an integer of at least ``low`` (and at most ``high``)."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise complain(who, what, "an integer", repr(value), cure)
    if value < low or (high is not None and value > high):
        expected = f"at least {low}" if high is None else f"between {low} and {high}"
        raise complain(who, what, expected, value, cure)
    return int(value)


def check_one_of(who: str, what: str, value: str, options: Collection[str], cure: str = "") -> None:
    """Refuse a name that is not among the options."""
    if value not in options:
        raise complain(who, what, "one of " + ", ".join(sorted(options)), repr(value), cure)


def check_finite(who: str, what: str, array: Floats, cure: str = "") -> None:
    """Refuse NaN and infinity, naming the first bad row.

    The sum of squares is finite if all values are (up to overflow), so clean input costs one product and no
    temporary array.
    """
    if not array.size or array.dtype.kind in "biu":
        return
    with np.errstate(over="ignore", invalid="ignore"):
        if array.flags.c_contiguous or array.flags.f_contiguous:
            flat = array.ravel(order="K")
            clean = np.isfinite(np.dot(flat, flat))
        else:
            clean = np.isfinite(array.min()) and np.isfinite(array.max())
    if not clean:
        bad = np.argwhere(~np.isfinite(array))
        if len(bad):
            raise complain(who, what, "finite", f"{array[tuple(bad[0])]} at row {bad[0][0]}", cure)


def as_objects(values: Iterable[object]) -> npt.NDArray[np.object_]:
    """One value a row as they are, (n_values,): never strings of numbers, nor two dimensions.

    >>> as_objects([1, "yes", [2, 3]]).tolist()
    [1, 'yes', [2, 3]]
    """
    listed = list(values)
    objects = np.empty(len(listed), dtype=object)
    for k, value in enumerate(listed):
        objects[k] = value
    return objects


def missing(values: npt.NDArray[Any]) -> Ints:
    """Positions of the rows that hold no value, or one that is missing: None, NaN, NaT, or NA of pandas.

    >>> missing(np.array(["a", None, "b", np.nan], dtype=object)).tolist(), missing(np.array([1.0, np.nan])).tolist()
    ([1, 3], [1])
    """
    if values.dtype.kind == "O":
        absent = np.frompyfunc(_is_missing, 1, 1)(values).astype(bool)
    elif values.dtype.kind in "fcmM":
        absent = np.isnan(values)
    else:
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(absent.reshape(len(values), -1).any(axis=1))


def _is_missing(value: object) -> bool:
    number = isinstance(value, (float, np.floating)) and math.isnan(value)
    return value is None or number or type(value).__name__ in ("NAType", "NaTType")  # of pandas, which is not loaded


def check_complete(who: str, what: str, values: npt.NDArray[Any], rows: str, cure: str) -> None:
    """Refuse missing values: how many rows of ``rows``, such as "labels", have one, and where the first is."""
    absent = missing(values)
    if len(absent):
        found = f"{len(absent)} of {len(values)}, the first at position {absent[0]}"
        raise complain(who, what, f"without missing {rows}", found, cure)


def check_proba(who: str, proba: Floats, first_row: int = 0) -> None:
    """Refuse what is not a table of class probabilities (n_items, n_classes >= 2).

    ``first_row`` is the number of the first row, where the table is a block of a larger one.
    """
    if proba.ndim != 2 or proba.shape[1] < 2:
        raise complain(who, "proba", "of shape (n_items, n_classes) with two classes or more", f"shape {proba.shape}")
    sums = proba @ np.ones(proba.shape[1], dtype=proba.dtype)  # (n_items,)
    if len(sums) and not (sums.min() >= 1 - 1e-3 and sums.max() <= 1 + 1e-3 and proba.min() >= -1e-6):
        ok = (np.abs(sums - 1) <= 1e-3) & (proba.min(axis=1) >= -1e-6)
        if not ok.all():
            row = int(np.argmin(ok))
            raise complain(who, "proba", "rows that sum to 1 within 1e-3", f"{sums[row]:g} at row {first_row + row}")


def check_same_length(who: str, **lengths: int) -> None:
    """Refuse arrays of different lengths, naming them all."""
    if len(set(lengths.values())) > 1:
        got = ", ".join(f"{name} {n}" for name, n in lengths.items())
        raise complain(who, "the arrays", "of one length", got)
