"""The contract of a detector: values one at a time, and where their mean has changed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from labelwright.check import Floats


@dataclass(frozen=True)
class Alarm:
    """A change of the mean.

    Attributes
    ----------
    at : int
        Position of the value that raised the alarm; the first value of a stream has position 0.
    since : int
        Position of the first value after the change, as estimated.
    before, after : float
        Means of the values before the change, back to the change before it, and since then.
    """

    at: int
    since: int
    before: float
    after: float


class Detector(ABC):
    """Looks at a stream of values in [0, 1].

    Attributes
    ----------
    name : str
        Stored in databases.
    reference : str
    """

    name: ClassVar[str]
    reference: ClassVar[str] = ""

    @abstractmethod
    def update(self, value: float) -> bool:
        """Take one value; True where it raises an alarm. The caller then calls `restart`."""

    @abstractmethod
    def restart(self, values: Floats) -> None:
        """Go on after an alarm, of which ``values`` are those since the onset."""


def onset(values: Floats) -> int:
    """Where a sequence is split best in two parts of unlike means: the position of the second part's first value.

    Notes
    -----
    The split with the largest sum of squares between the parts: the likeliest one, where values differ by noise alone.

    References
    ----------
    Hinkley (1970). Inference about the change-point in a sequence of random variables, Biometrika 57.

    Examples
    --------
    >>> onset(np.array([0.0, 0.0, 0.0, 1.0, 1.0]))
    3
    """
    n = len(values)
    first = np.arange(1, n)
    sums = np.cumsum(values)[:-1]
    gaps = sums / first - (values.sum() - sums) / (n - first)
    return int(np.argmax(gaps**2 * first * (n - first) / n)) + 1
