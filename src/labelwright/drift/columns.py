"""Which columns of a table have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from labelwright.check import Bools, Floats, Ints, check_count
from labelwright.drift.base import Drift, DriftTest
from labelwright.drift.samples import Pooled, chance
from labelwright.stats.exact import corrected

if TYPE_CHECKING:
    import pandas as pd

LEAST_EXPECTED = 5.0  # items of a category in a sample; rarer ones are tested as one


class Columns(DriftTest):
    """A test a column, corrected for their number: Kolmogorov-Smirnov for numbers, chi-squared for categories.

    The effect of a column is the largest difference between the shares of the two samples: below some number, or of
    some set of categories. A missing number counts as lower than all others and a missing category as one more, so a
    change in what is missing is seen. The p-value of the whole is the least corrected one.

    Parameters
    ----------
    n_permutations : int
        Used where groups are given; without groups the distributions of the statistics are known.

    Notes
    -----
    Columns of numbers are those with a numeric type; all others, and columns of True and False, hold categories.

    References
    ----------
    Benjamini, Hochberg (1995). Controlling the false discovery rate, sec. 3; the least of these p-values is the test of
    Simes (1986).

    Examples
    --------
    >>> import pandas as pd
    >>> from labelwright.drift.samples import pool
    >>> before = pd.DataFrame({"size": range(20), "kind": ["a", "b"] * 10})
    >>> after = pd.DataFrame({"size": range(20), "kind": ["a"] * 20})
    >>> found = Columns().test(pool(before, after), np.random.default_rng(0))
    >>> found.columns[["column", "kind", "effect"]].to_numpy().tolist()
    [['size', 'number', 0.0], ['kind', 'category', 0.5]]
    """

    name: ClassVar[str] = "columns"
    takes: ClassVar[str] = "a table of numbers and categories, missing values included"
    effect: ClassVar[str] = "largest difference of shares in a column, 0 to 1"
    reference: ClassVar[str] = "Benjamini, Hochberg (1995). Controlling the false discovery rate, sec. 3"

    def __init__(self, *, n_permutations: int = 999) -> None:
        self.n_permutations = check_count("columns", "n_permutations", n_permutations, low=19)

    def test(self, pooled: Pooled, rng: np.random.Generator) -> Drift:
        """Compare each column."""
        import pandas as pd

        sides = pooled.permuted(self.n_permutations if pooled.has_units else 0, rng)
        rows = []
        for name in pooled.table.columns:
            column = pooled.table[name]
            numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
            effect, p = (_number if numeric else _category)(column, sides)
            rows.append({"column": name, "kind": "number" if numeric else "category", "effect": effect, "p_value": p})
        table = pd.DataFrame(rows)
        table["p_corrected"] = corrected(table["p_value"].to_numpy(), method="benjamini-hochberg")
        figures = float(table["p_corrected"].min()), float(table["effect"].max())
        return Drift(*figures, table, self.name, pooled.n_reference, pooled.n_current)


def _number(column: pd.Series, sides: Bools) -> tuple[float, float]:
    """The largest difference of the cumulative shares, and its p-value."""
    from scipy.stats import ks_2samp

    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    ranks = np.unique(np.where(np.isnan(values), -np.inf, values), return_inverse=True)[1]
    shares = np.cumsum(_shares(ranks, sides), axis=1)  # (n_permutations + 1, n_values)
    statistics = np.abs(shares).max(axis=1)
    if len(sides) > 1:
        return float(statistics[0]), chance(statistics)
    found = ks_2samp(ranks[~sides[0]], ranks[sides[0]], method="auto" if len(ranks) < 1000 else "asymp")
    return float(statistics[0]), float(found.pvalue)


def _category(column: pd.Series, sides: Bools) -> tuple[float, float]:
    """The total variation distance of the categories' shares, and the p-value of the chi-squared statistic."""
    from scipy.stats import chi2

    present = column.notna().to_numpy()
    codes = np.full(len(column), -1)  # a missing category is one of its own
    codes[present] = np.unique(column[present].astype(str).to_numpy(dtype=str), return_inverse=True)[1]
    codes = np.unique(codes, return_inverse=True)[1]
    effect = float(np.abs(_shares(codes, sides[:1])[0]).sum() / 2)
    least = min(int(sides[0].sum()), int((~sides[0]).sum())) / len(codes)
    rare = np.bincount(codes) * least < LEAST_EXPECTED
    merged = np.unique(np.where(rare[codes], -1, codes), return_inverse=True)[1]
    all_of = np.bincount(merged)
    if len(all_of) < 2:
        return effect, 1.0
    n_current = sides.sum(axis=1)
    n_reference = len(merged) - n_current
    scale = (n_current * n_reference / len(merged))[:, None]
    statistics = (_shares(merged, sides) ** 2 * scale * len(merged) / all_of).sum(axis=1)
    p = chance(statistics) if len(sides) > 1 else float(chi2.sf(statistics[0], len(all_of) - 1))
    return effect, p


def _shares(codes: Ints, sides: Bools) -> Floats:
    """Share of each code among current items less that among reference items, (n_permutations + 1, n_codes)."""
    n_codes, all_of = int(codes.max()) + 1, np.bincount(codes)
    current = np.array([np.bincount(codes[side], minlength=n_codes) for side in sides], dtype=np.float64)
    n_current = sides.sum(axis=1)[:, None]
    return np.asarray(current / n_current - (all_of - current) / (len(codes) - n_current))
