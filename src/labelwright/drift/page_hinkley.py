"""Page-Hinkley: the sum by which values exceed their mean, since it was lowest."""

from __future__ import annotations

import math
from typing import ClassVar

from labelwright.check import Floats, check_between, check_count
from labelwright.drift.detector import Detector


class PageHinkley(Detector):
    """Sees rises of the mean that last, sooner than a window does, if the rise is as large as was expected.

    Parameters
    ----------
    alpha : float
        About how many false alarms are allowed in 1,000 values, in (0, 1); see the measured rates in the theory's page.
    rise : float
        Rises below half of this are never an alarm, in (0, 1]; larger ones are seen soonest near it.
    warm_up : int
        Values from which the mean is taken first, without alarms.

    Notes
    -----
    The sum grows by the value less the mean so far, its standard error, and half the rise. An alarm is where it exceeds
    its least value by more than ``v / (2 r) ln(2000 r^2 / (v alpha))``, at least 2, where r is half the rise and v the
    variance of errors whose mean is half of r above the mean so far. It follows from the chance ``exp(-2 r h / v)``
    that a random walk with drift -r rises by h, and the number ``2 r^2 / v`` of its tries a value.

    References
    ----------
    Page (1954). Continuous inspection schemes, Biometrika 41; the mean so far: Hinkley (1971). Inference about the
    change-point from cumulative sum tests, Biometrika 58.

    Examples
    --------
    >>> detector = PageHinkley(alpha=0.01)
    >>> [i for i, value in enumerate([0.0] * 60 + [1.0] * 20) if detector.update(value)][0]
    72
    """

    name: ClassVar[str] = "page-hinkley"
    reference: ClassVar[str] = "Page (1954). Continuous inspection schemes, Biometrika 41"
    least_limit = 2.0

    def __init__(self, *, alpha: float = 0.01, rise: float = 0.15, warm_up: int = 50) -> None:
        check_between("page-hinkley", "alpha", alpha, 1e-12, 1 - 1e-12)
        check_between("page-hinkley", "rise", rise, 1e-6, 1.0)
        self.alpha, self.rise = float(alpha), float(rise)
        self.warm_up = check_count("page-hinkley", "warm_up", warm_up)
        self.n, self.total, self.excess, self.least = 0, 0.0, 0.0, 0.0

    @property
    def variance(self) -> float:
        """Of errors whose mean is a quarter of the rise above the one so far; never 0."""
        mean = min((self.total + 0.5) / (self.n + 1) + self.rise / 4, 0.99)
        return mean * (1 - mean)

    @property
    def limit(self) -> float:
        """How far the sum may rise with the mean so far."""
        half, variance = self.rise / 2, self.variance
        odds = max(2000 * half**2 / (variance * self.alpha), 1.0)
        return max(self.least_limit, variance / (2 * half) * math.log(odds))

    def update(self, value: float) -> bool:
        """Take one value; True where the sum has risen too far."""
        self.n, self.total = self.n + 1, self.total + value
        if self.n <= self.warm_up:
            return False
        self.excess += value - self.total / self.n - self.rise / 2 - math.sqrt(self.variance / self.n)
        self.least = min(self.least, self.excess)
        return self.excess - self.least > self.limit

    def restart(self, values: Floats) -> None:
        """Begin with the mean of the values since the onset."""
        self.n, self.total = len(values), float(values.sum())
        self.excess, self.least = 0.0, 0.0
