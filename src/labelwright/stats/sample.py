"""How items were sampled: with which weights, and in which groups."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Bools, Floats, Ints, check_between, check_same_length, complain


@dataclass(frozen=True, eq=False)
class Sample:
    """The weights and groups of measured items, and what follows from them for the error of a figure.

    A figure T is handled by its influence: what one item adds to it, so that its error is that of a mean. Groups are
    the units that were sampled; items of one group may resemble each other.

    Parameters
    ----------
    share : array of shape (n,)
        Each item's part of the whole; sums to 1.
    group : int64 array of shape (n,)
        Codes 0 to n_groups - 1.
    level : float
        Of intervals, in (0, 1).

    Examples
    --------
    >>> sample = Sample.of(4, groups=["a", "a", "b", "c"])
    >>> sample.n_groups, sample.grouped, round(sample.quantile, 3)
    (3, True, 4.303)
    """

    share: Floats
    group: Ints
    level: float = 0.95

    @classmethod
    def of(
        cls, n: int, *, weights: npt.ArrayLike | None = None, groups: npt.ArrayLike | None = None, level: float = 0.95
    ) -> Sample:
        """Make the sample of n items; weights are relative, groups are any values.

        Raises
        ------
        InputError
            If there is no item, lengths differ, weights are negative, not finite or all 0, or the level is not in
            (0, 1).
        """
        check_between("stats", "level", level, 1e-9, 1 - 1e-9)
        if n < 1:
            raise complain("stats", "values", "one or more", "none")
        group = np.arange(n) if groups is None else codes(np.asarray(groups), n)
        if weights is None:
            return cls(np.full(n, 1 / n), group, level)
        given = np.asarray(weights, dtype=np.float64)
        check_same_length("stats", items=n, weights=len(given))
        if not (np.isfinite(given).all() and (given >= 0).all() and given.sum() > 0):
            raise complain(
                "stats", "weights", "finite, at least 0, and not all 0", f"{given.min():g} to {given.max():g}"
            )
        return cls(given / given.sum(), group, level)

    def __len__(self) -> int:
        return len(self.share)

    @property
    def n_groups(self) -> int:
        """The number of units that were sampled."""
        return int(self.group.max()) + 1

    @property
    def grouped(self) -> bool:
        """Whether any group has two items or more."""
        return self.n_groups < len(self)

    @property
    def weighted(self) -> bool:
        """Whether weights differ."""
        return bool((self.share != self.share[0]).any())

    @property
    def quantile(self) -> float:
        """How many standard errors an interval reaches: normal, or Student's t where groups are the units."""
        return student(self.n_groups - 1 if self.grouped else math.inf, self.level)

    @property
    def kish(self) -> float:
        """The number of equally weighted items that these weights are worth (Kish 1965, sec. 11.7)."""
        return float(1 / (self.share**2).sum())

    def take(self, kept: Bools) -> Sample:
        """The sample of some items."""
        share = self.share[kept]
        return Sample(share / share.sum(), np.unique(self.group[kept], return_inverse=True)[1], self.level)

    def mean(self, values: Floats) -> float:
        """The weighted mean of values, (n,)."""
        return float(self.share @ values)

    def totals(self, influence: Floats) -> Floats:
        """What each group adds to a figure, (n_groups,)."""
        return np.bincount(self.group, weights=self.share * influence).astype(np.float64)

    def error(self, influence: Floats) -> float:
        """The standard error of a figure, by the variance between groups; infinite with one group.

        References
        ----------
        Miller (2024). Adding error bars to evals, eq. 4; Wolter (2007). Introduction to variance estimation, ch. 6.
        """
        if self.n_groups < 2:
            return math.inf
        return math.sqrt(self.n_groups / (self.n_groups - 1) * float((self.totals(influence) ** 2).sum()))

    def degrees(self, influence: Floats) -> float:
        """Degrees of freedom of that error: few where few groups make most of it, at most n_groups - 1.

        The variance of a sum of squares follows from fourth moments: 2 S2^2 / (S4 - S2^2 / n_groups), which is
        n_groups for normal contributions.

        >>> round(Sample.of(400).degrees(np.r_[np.zeros(390), np.ones(10)]), 1)
        20.5
        """
        squares = self.totals(influence) ** 2
        spread = float((squares**2).sum() - squares.sum() ** 2 / self.n_groups)
        most = max(self.n_groups - 1, 1)
        return most if spread <= 0 else min(most, max(1.0, 2 * float(squares.sum()) ** 2 / spread))

    def design_effect(self, influence: Floats) -> float:
        """The variance of a figure over that of as many independent items, at least 1; of no variance, the largest.

        >>> round(Sample.of(4, groups=[0, 0, 1, 1]).design_effect(np.array([1.0, 1.0, -1.0, -1.0])), 6)
        3.0
        """
        if not self.grouped:
            return 1.0
        alone = Sample(self.share, np.arange(len(self)), self.level).error(influence)
        if alone == 0 or self.n_groups < 2:
            return float((np.bincount(self.group, weights=self.share) ** 2).sum() / (self.share**2).sum())
        return max(1.0, (self.error(influence) / alone) ** 2)

    def effective(self, influence: Floats) -> float:
        """The number of independent items of equal weight that give a figure the same error."""
        return self.kish / self.design_effect(influence)


def student(degrees: float, level: float) -> float:
    """How many standard errors leave (1 - level) / 2 in each tail of Student's t.

    >>> round(student(math.inf, 0.95), 3), round(student(19, 0.95), 3)
    (1.96, 2.093)
    """
    from scipy.special import ndtri, stdtrit

    tail = 0.5 + level / 2
    return float(ndtri(tail) if math.isinf(degrees) else stdtrit(max(degrees, 1.0), tail))


def codes(groups: npt.NDArray[Any], n: int) -> Ints:
    """Groups as codes 0 to n_groups - 1; `InputError` if there are not n."""
    check_same_length("stats", items=n, groups=len(groups))
    return np.unique(groups, return_inverse=True)[1].astype(np.int64)
