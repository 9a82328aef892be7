"""The result of a strategy: picks inside, a selection for callers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.words import NO_REASON, Reason

POOL, LABELED = "pool", "labeled"
STRATEGY, RANDOM = "strategy", "random"
ANYONE, EXPERTS = -1, -2


@dataclass(frozen=True)
class Picks:
    """What a hook returns: positions in the order picked, their scores and the parts of the scores.

    ``source`` is "pool" or "labeled" per pick, for strategies that ask about labeled items again; None for the
    others. Positions of "labeled" ones are those among the labeled items. ``whom`` is the code of the person to ask, as
    in the annotations, -1 for anyone; None where a strategy asks nobody in particular.
    """

    indices: npt.NDArray[np.int64]
    scores: npt.NDArray[Any]
    reasons: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    mode: str = ""
    source: npt.NDArray[np.str_] | None = None
    why: Reason = NO_REASON
    whom: npt.NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.indices)

    @property
    def people(self) -> npt.NDArray[np.int64]:
        """The person to ask of each pick, -1 for anyone."""
        return np.full(len(self.indices), ANYONE) if self.whom is None else self.whom

    @property
    def sources(self) -> npt.NDArray[np.str_]:
        """The source of each pick."""
        return np.full(len(self.indices), POOL) if self.source is None else self.source

    def take(self, some: npt.NDArray[np.int64]) -> Picks:
        """Some of the picks."""
        reasons = {key: part[some] for key, part in self.reasons.items()}
        source = None if self.source is None else self.source[some]
        whom = None if self.whom is None else self.whom[some]
        return Picks(self.indices[some], self.scores[some], reasons, self.mode, source, self.why, whom)

    def at(self, positions: npt.NDArray[np.int64]) -> Picks:
        """Picks among some candidates, in terms of all."""
        return replace(self, indices=positions[self.indices])

    def joined(self, more: Picks, why: Reason) -> Picks:
        """These picks and then others, each with its own parts of the score."""
        gone, new = np.full(len(more), np.nan), np.full(len(self), np.nan)
        parts = {key: np.concatenate([part, gone]) for key, part in self.reasons.items()}
        for key, part in more.reasons.items():
            parts[key] = np.concatenate([self.reasons.get(key, new), part])
        known = self.source is not None or more.source is not None
        source = np.concatenate([self.sources, more.sources]) if known else None
        asked = self.whom is not None or more.whom is not None
        whom = np.concatenate([self.people, more.people]) if asked else None
        return Picks(
            np.concatenate([self.indices, more.indices]), np.concatenate([self.scores, more.scores]), parts,
            self.mode, source, why, whom,
        )  # fmt: skip

    def followed_by(self, more: npt.NDArray[np.int64], score: float = np.nan) -> Picks:
        """These picks and then more candidates, with one score and no parts of it."""
        return self.joined(Picks(more, np.full(len(more), score)), self.why)

    @property
    def pool(self) -> npt.NDArray[np.int64]:
        """Positions of the picks among the candidates."""
        return np.asarray(self.indices[self.sources == POOL])


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
    why : Reason
        The same as a code and figures; ``str(why)`` is the sentence.
    """

    indices: npt.NDArray[np.int64]
    scores: npt.NDArray[Any]
    reasons: dict[str, npt.NDArray[Any]]
    source: npt.NDArray[np.str_]
    origin: npt.NDArray[np.str_]
    propensity: npt.NDArray[np.float64]
    mode: str = ""
    why: Reason = NO_REASON

    def __len__(self) -> int:
        return len(self.indices)
