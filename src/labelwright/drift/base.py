"""The contract of a test of drift: two samples in, one verdict out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from labelwright.check import Floats
from labelwright.drift.samples import Pooled

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Drift:
    """What a test says about two samples.

    Attributes
    ----------
    p_value : float
        The chance of an effect this large or larger if both samples come from one distribution, in (0, 1].
    effect : float
        How large the difference is, between 0 and 1, or for ``mmd`` at most the square root of 2; each method says in
        which unit. Unlike the p-value it does not grow with the samples.
    columns : DataFrame
        A row a column or class, with its own effect, p-value and corrected p-value; without rows where the method
        tests all columns as one.
    method : str
    n_reference, n_current : int
        Items in each sample.
    scores : float array of shape (n_current,)
        How unlike the reference each current item is; higher means ask first, to see what has changed. Empty where the
        method does not compare items.
    """

    p_value: float
    effect: float
    columns: pd.DataFrame
    method: str
    n_reference: int
    n_current: int
    scores: Floats = field(default_factory=lambda: np.empty(0), compare=False)

    def __str__(self) -> str:
        p = f"{self.p_value:.3f}" if self.p_value >= 0.001 else f"{self.p_value:.1g}"
        sizes = f"{self.n_reference} reference items, {self.n_current} current ones"
        return f"{self.method}: effect {self.effect:.3f}, p {p} ({sizes})"


class DriftTest(ABC):
    """A test of whether two samples come from one distribution.

    Attributes
    ----------
    name : str
        Stored in databases.
    takes : str
        What the samples are.
    effect : str
        What the effect is, with its range.
    reference : str
    """

    name: ClassVar[str]
    takes: ClassVar[str]
    effect: ClassVar[str]
    reference: ClassVar[str] = ""

    @abstractmethod
    def test(self, pooled: Pooled, rng: np.random.Generator) -> Drift:
        """Compare the two samples."""
