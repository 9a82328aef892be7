"""ADWIN: a window that grows while nothing changes, and drops its old part when something does."""

from __future__ import annotations

import math
from typing import ClassVar

from labelwright.check import Floats, check_between, check_count
from labelwright.drift.detector import Detector

Bucket = tuple[int, float, float]  # n values, their sum, their sum of squared distances from their mean


class Adwin(Detector):
    """Adaptive windowing over an exponential histogram: memory and time grow with the logarithm of the stream.

    Parameters
    ----------
    alpha : float
        Bound of the chance that one look at an unchanged stream cuts the window, in (0, 1). The bound is loose: see
        the measured rates in the theory's page.
    every : int
        Values between looks.

    Notes
    -----
    With n values in the window, of variance v, and a cut into parts of n0 and n1, the parts differ if their means do by
    more than ``sqrt(2 v d / m) + 2 d / (3 m)``, where ``d = ln(2 ln(n) / alpha)`` and
    ``1 / m = 1 / (n0 - 4) + 1 / (n1 - 4)``, both parts have 5 values or more, and the window has more than 10. Buckets
    hold 1, 2, 4, ... values, at most 5 of a size; cuts are looked for between buckets. It drops the oldest bucket as
    long as there is a cut.

    References
    ----------
    Bifet, Gavalda (2007). Learning from time-changing data with adaptive windowing, SDM, sec. 3. The variant is that of
    the library river, with the same first alarm; river then begins with an empty window.

    Examples
    --------
    >>> detector = Adwin(alpha=0.01)
    >>> [i for i, value in enumerate([0.0] * 60 + [1.0] * 20) if detector.update(value)][0]
    74
    >>> detector.width
    48
    """

    name: ClassVar[str] = "adwin"
    reference: ClassVar[str] = "Bifet, Gavalda (2007). Learning from time-changing data with adaptive windowing, SDM"
    most = 5  # buckets of a size
    least = 5  # values in each part
    grace = 10  # values before the first look

    def __init__(self, *, alpha: float = 0.01, every: int = 1) -> None:
        check_between("adwin", "alpha", alpha, 1e-12, 1 - 1e-12)
        self.alpha = float(alpha)
        self.every = check_count("adwin", "every", every)
        self.rows: list[list[Bucket]] = []  # of 1, 2, 4, ... values; in each row the oldest first
        self.n_seen = 0

    @property
    def width(self) -> int:
        """Values in the window."""
        return sum(bucket[0] for row in self.rows for bucket in row)

    def update(self, value: float) -> bool:
        """Take one value; True where the window was cut."""
        self._add((1, value, 0.0))
        self.n_seen += 1
        if self.n_seen % self.every:
            return False
        shrunk = False
        while self._has_cut():
            self._drop_oldest()
            shrunk = True
        return shrunk

    def restart(self, values: Floats) -> None:
        """Begin with a window of the values since the onset alone, so that one change raises one alarm."""
        self.rows, self.n_seen = [], len(values)
        for value in values.tolist():
            self._add((1, value, 0.0))

    def _add(self, bucket: Bucket) -> None:
        level = 0
        while True:
            if level == len(self.rows):
                self.rows.append([])
            row = self.rows[level]
            row.append(bucket)
            if len(row) <= self.most:
                return
            bucket = _merged(row.pop(0), row.pop(0))
            level += 1

    def _drop_oldest(self) -> None:
        self.rows[-1].pop(0)
        while self.rows and not self.rows[-1]:
            self.rows.pop()

    def _has_cut(self) -> bool:
        buckets = [bucket for row in reversed(self.rows) for bucket in row]  # the oldest first
        total: Bucket = (0, 0.0, 0.0)
        for bucket in buckets:
            total = _merged(total, bucket)
        n, sum_of, spread = total
        if n <= self.grace:
            return False
        d = math.log(2 * math.log(n) / self.alpha)
        n0, sum0 = 0, 0.0
        for bucket in buckets:
            n0, sum0 = n0 + bucket[0], sum0 + bucket[1]
            n1 = n - n0
            if n1 < self.least:
                return False
            if n0 >= self.least:
                inverse = 1 / (n0 - self.least + 1) + 1 / (n1 - self.least + 1)
                allowed = math.sqrt(2 * inverse * spread / n * d) + 2 / 3 * d * inverse
                if abs(sum0 / n0 - (sum_of - sum0) / n1) > allowed:
                    return True
        return False


def _merged(one: Bucket, other: Bucket) -> Bucket:
    """Two buckets as one."""
    if not one[0]:
        return other
    n = one[0] + other[0]
    apart = one[1] / one[0] - other[1] / other[0]
    return n, one[1] + other[1], one[2] + other[2] + apart**2 * one[0] * other[0] / n
