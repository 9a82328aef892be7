"""Values of items as one byte each, with a legend: what a map is coloured with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

NONE: Final = 255  # no value, or none that the caller may know now
GONE: Final = 254  # excluded items, which are not drawn
MAX_VALUES: Final = 40  # more share the last entry
STEPS: Final = 250  # of a range
Codes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Entry:
    """One value of a legend; ``n`` items have it. ``name`` is None for all values that have no entry of their own."""

    name: str | None
    n: int


@dataclass(frozen=True)
class Legend:
    """What codes mean.

    Attributes
    ----------
    kind : str
        "values": code k is entry k; or "range": code k is k / 250 of the way from ``low`` to ``high``.
    n_none : int
        Items without a value.
    """

    by: str
    kind: str
    entries: list[Entry] = field(default_factory=list)
    low: float | None = None
    high: float | None = None
    n_none: int = 0


@dataclass(frozen=True, eq=False)
class Coloured:
    """A code for each item.

    Attributes
    ----------
    legend : Legend
    codes : uint8 array of shape (n_items,)
        255 where there is no value, 254 where the item is excluded.
    """

    legend: Legend
    codes: Codes

    def without(self, hidden: Sequence[int], gone: npt.NDArray[np.bool_]) -> Coloured:
        """The same where some items have no value and others are excluded; counts are of what is left."""
        codes = self.codes.copy()
        codes[list(hidden)] = NONE
        codes[gone] = GONE
        counts = np.bincount(codes, minlength=256)
        entries = [Entry(one.name, int(counts[k])) for k, one in enumerate(self.legend.entries)]
        return Coloured(replace(self.legend, entries=entries, n_none=int(counts[NONE])), codes)


def of_positions(by: str, names: Sequence[str], position: npt.NDArray[np.int64]) -> Coloured:
    """Items by the position of their value in a list of names; -1 for no value.

    The list keeps its order if it is short enough; else the most frequent come first and the rest share an entry.

    >>> of_positions("label", ["a", "b"], np.array([1, -1, 1])).codes.tolist()
    [1, 255, 1]
    """
    counts = np.bincount(position[position >= 0], minlength=len(names))
    kept, listed = np.arange(len(names)), [*names]
    if len(names) > MAX_VALUES:
        kept = np.argsort(-counts, kind="stable")[: MAX_VALUES - 1]
        listed = [names[k] for k in kept.tolist()]
    code_of = np.full(len(names) + 1, MAX_VALUES - 1, dtype=np.uint8)
    code_of[kept], code_of[-1] = np.arange(len(kept)), NONE  # position -1 is the last
    codes = code_of[position]
    entries: list[str | None] = [*listed, None] if len(names) > MAX_VALUES else [*listed]
    found = np.bincount(codes, minlength=256)
    listing = [Entry(name, int(found[k])) for k, name in enumerate(entries)]
    return Coloured(Legend(by, "values", listing, n_none=int(found[NONE])), codes)


def of_texts(by: str, values: npt.NDArray[np.object_]) -> Coloured:
    """Items by their texts, in the order of the alphabet; None for no value.

    >>> [one.name for one in of_texts("slice:domain", np.array(["b", None, "a"], dtype=object)).legend.entries]
    ['a', 'b']
    """
    position, names = pd.factorize(values, sort=True)
    return of_positions(by, [str(name) for name in names], position.astype(np.int64))


def of_numbers(by: str, values: Floats) -> Coloured:
    """Items by a number, between the smallest and the largest; NaN for no value.

    >>> of_numbers("score", np.array([0.0, np.nan, 1.0])).codes.tolist()
    [0, 255, 250]
    """
    known = np.isfinite(values)
    codes = np.full(len(values), NONE, dtype=np.uint8)
    if not known.any():
        return Coloured(Legend(by, "range", n_none=len(values)), codes)
    low, high = float(values[known].min()), float(values[known].max())
    codes[known] = np.rint((values[known] - low) / ((high - low) or 1.0) * STEPS).astype(np.uint8)
    return Coloured(Legend(by, "range", low=low, high=high, n_none=int((~known).sum())), codes)
