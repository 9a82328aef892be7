"""What a strategy answers with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

POOL, LABELED = "pool", "labeled"
STRATEGY, RANDOM = "strategy", "random"


@dataclass(frozen=True)
class Picks:
    """What a hook returns: positions in the order picked, their scores and the parts of the scores.

    ``source`` is "pool" or "labeled" per pick, for strategies that ask about labeled items again; None for the
    others. Positions of "labeled" ones are those among the labeled items.
    """

    indices: npt.NDArray[np.int64]
    scores: npt.NDArray[Any]
    reasons: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    mode: str = ""
    source: npt.NDArray[np.str_] | None = None

    @property
    def sources(self) -> npt.NDArray[np.str_]:
        """The source of each pick."""
        return np.full(len(self.indices), POOL) if self.source is None else self.source

    @property
    def pool(self) -> npt.NDArray[np.int64]:
        """Positions of the picks among the candidates."""
        return self.indices[self.sources == POOL]


@dataclass(frozen=True)
class Selection:
    """Items to ask about, in the order picked.

    Attributes
    ----------
    indices : int64 array of shape (n,)
        Positions in the X that was given, distinct.
    scores : array of shape (n,)
        Higher means ask first; NaN for random picks.
    reasons : dict of str to array of shape (n,)
        Parts of the score.
    source : str array of shape (n,)
        "pool", or "labeled" where a label is to be checked again.
    origin : str array of shape (n,)
        "strategy" or "random".
    propensity : float64 array of shape (n,)
        Chance of a random pick among what was left; NaN where the pick was deterministic.
    mode : str
        What the strategy did, for strategies that have several ways.
    """

    indices: npt.NDArray[np.int64]
    scores: npt.NDArray[Any]
    reasons: dict[str, npt.NDArray[Any]]
    source: npt.NDArray[np.str_]
    origin: npt.NDArray[np.str_]
    propensity: npt.NDArray[np.float64]
    mode: str = ""

    def __len__(self) -> int:
        return len(self.indices)
