"""Two samples as one, the form in which all tests take them, and their permutations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Bools, Floats, Ints, check_complete, check_finite, check_same_length, complain

if TYPE_CHECKING:
    import pandas as pd

LEAST = 5  # items in each sample
N_COMPONENTS = 32


@dataclass(frozen=True)
class Pooled:
    """Reference items, then current items.

    Attributes
    ----------
    table : DataFrame of shape (n_items, n_columns)
    is_current : bool array of shape (n_items,)
    units : int64 array of shape (n_items,)
        Which items are permuted together, numbered from 0; a unit lies in one sample.
    has_units : bool
        Whether groups were given.
    has_names : bool
        Whether the columns came with names: then each has a unit of its own.
    labels : object array of shape (n_reference,), optional
        Of the reference, where given.
    """

    table: pd.DataFrame
    is_current: Bools
    units: Ints
    has_units: bool
    has_names: bool
    labels: npt.NDArray[np.object_] | None = None

    @property
    def n_reference(self) -> int:
        """Reference items."""
        return int((~self.is_current).sum())

    @property
    def n_current(self) -> int:
        """Current items."""
        return int(self.is_current.sum())

    def numbers(self, who: str) -> Floats:
        """The table as finite numbers, float64 (n_items, n_columns).

        Raises
        ------
        InputError
            If a column holds anything but finite numbers; the message names it.
        """
        import pandas as pd

        for name in self.table.columns:
            if not pd.api.types.is_numeric_dtype(self.table[name]):
                cure = 'Leave it out, or use method="columns".'
                raise complain(who, f"column '{name}'", "of numbers", f"{self.table[name].dtype}", cure)
        values = self.table.to_numpy(dtype=np.float64, na_value=np.nan)
        check_finite(who, "the samples", values, 'Fill or drop missing values, or use method="columns".')
        return values

    def embedded(self, who: str) -> Floats:
        """Numbers of one scale, float64 (n_items, n_dims <= 32), made of both samples alike.

        Named columns are brought to mean 0 and standard deviation 1; an array is an embedding, whose scale is kept. Of
        more than 32 columns the leading principal components are taken.
        """
        values = self.numbers(who)
        values = values - values.mean(axis=0)
        if self.has_names:
            spread = values.std(axis=0)
            values = values[:, spread > 0] / spread[spread > 0]
        if values.shape[1] > N_COMPONENTS:
            covariance = values.T @ values
            values = values @ np.linalg.eigh(covariance)[1][:, ::-1][:, :N_COMPONENTS]
        return np.asarray(values)

    def permuted(self, n: int, rng: np.random.Generator) -> Bools:
        """Which items are current: as they are, then in ``n`` permutations of whole units, (n + 1, n_items)."""
        side = np.zeros(int(self.units.max()) + 1, dtype=bool)
        side[self.units] = self.is_current
        sides = np.vstack([side, rng.permuted(np.tile(side, (n, 1)), axis=1)])
        return np.asarray(sides[:, self.units])


def chance(statistics: Floats) -> float:
    """P-value of the first statistic among its permutations: the share that is as large, itself included.

    >>> chance(np.array([3.0, 1.0, 2.0, 3.0]))
    0.5
    """
    tie = 1e-12 * max(1.0, abs(float(statistics[0])))
    return float(np.mean(statistics >= statistics[0] - tie))


def pool(
    reference: npt.ArrayLike | pd.DataFrame, current: npt.ArrayLike | pd.DataFrame, *,
    groups: Sequence[npt.ArrayLike] | None = None, labels: npt.ArrayLike | None = None,
) -> Pooled:  # fmt: skip
    """Check two samples and put them together.

    Raises
    ------
    InputError
        If their columns differ, a sample has fewer than 5 items, or groups or labels are of another length.
    """
    import pandas as pd

    named = isinstance(reference, pd.DataFrame) or isinstance(current, pd.DataFrame)
    parts = [_frame("reference", reference), _frame("current", current)]
    if list(parts[0].columns) != list(parts[1].columns):
        odd = sorted(map(str, set(parts[0].columns) ^ set(parts[1].columns)))
        found = f"{parts[0].shape[1]} and {parts[1].shape[1]}" + (f" ({', '.join(odd[:3])} in one only)" if odd else "")
        raise complain("drift", "the columns of reference and current", "the same in one order", found)
    if not parts[0].columns.is_unique:
        odd = parts[0].columns[parts[0].columns.duplicated()].tolist()
        raise complain("drift", "the names of columns", "unique", f"'{odd[0]}' twice", "Rename one of them.")
    n_reference, n_current = len(parts[0]), len(parts[1])
    is_current = np.arange(n_reference + n_current) >= n_reference
    units = np.arange(len(is_current)) if groups is None else _units(groups, n_reference, n_current)
    known = None
    if labels is not None:
        known = np.asarray(labels, dtype=object)
        check_same_length("drift", reference=n_reference, y=len(known))
        check_complete("drift", "y", known, "labels", "Leave unlabeled items out of the reference.")
    table = pd.concat(parts, ignore_index=True)
    return Pooled(table, is_current, units, groups is not None, named, known)


def _frame(what: str, sample: npt.ArrayLike | pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    if isinstance(sample, pd.DataFrame):
        frame = sample
    else:
        array: npt.NDArray[Any] = np.asarray(sample)
        if array.ndim != 2:
            cure = "Of one column, give it with shape (n_items, 1)."
            raise complain("drift", what, "of shape (n_items, n_columns)", f"shape {array.shape}", cure)
        frame = pd.DataFrame(array)
    if len(frame) < LEAST or not frame.shape[1]:
        expected = f"of {LEAST} items or more, in one column or more"
        raise complain("drift", what, expected, f"shape {frame.shape}")
    return frame


def _units(groups: Sequence[npt.ArrayLike], n_reference: int, n_current: int) -> Ints:
    if len(groups) != 2:
        raise complain("drift", "groups", "a pair: those of the reference, those of current", f"{len(groups)} of them")
    found: list[Ints] = []
    for what, part, n in zip(("reference", "current"), groups, (n_reference, n_current), strict=True):
        values = np.asarray(part)
        check_same_length("drift", **{what: n, f"groups of {what}": len(values)})
        check_complete("drift", f"groups of {what}", values, "groups", "Give an item of no group one of its own.")
        first = int(found[0].max()) + 1 if found else 0
        codes = np.unique(values.astype(str) if values.dtype.kind == "O" else values, return_inverse=True)[1]
        found.append(codes.astype(np.int64) + first)
        if found[-1].max() - first < 1:
            raise complain("drift", f"groups of {what}", "two different ones at least", "one")
    return np.concatenate(found)
