"""What a lead decides about asking, and what comes out: slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import check_between, check_count, check_one_of, check_same_length
from labelwright.policy.constraints import Constraint, check_together
from labelwright.strategies import Strategy, make, names

CHOSEN, RANDOM, RESERVE, RELABEL = "chosen", "random", "reserve", "relabel"


@dataclass(frozen=True)
class Policy:
    """How slots are filled.

    Parameters
    ----------
    strategy : str or Strategy
        Name of a strategy, or one of your own in the library.
    batch_size : int
        Labels between two looks of the lead; the strategy's batch is at least 64 slots, so that a
        ranking lasts while the next one is made.
    random_share : float
        Part of the slots for training that is drawn uniformly, with logged propensity; in [0, 1].
    reserve_share : float
        Part of all slots that ask for reserve items, from the first answer on; in [0, 1).
    overlap : int
        Distinct people that answer an item.
    n_slots : int
        Length of a published head.
    params : mapping
        Parameters of the strategy.
    constraints : sequence of Constraint, or of mappings in their form
        Quotas and limits on what each ``batch_size`` of slots for training may hold.
    guard : bool
        Whether the random share grows where the items chosen teach the model less than random ones do.
    """

    strategy: str | Strategy = "auto"
    batch_size: int = 10
    random_share: float = 0.1
    reserve_share: float = 0.2
    overlap: int = 1
    n_slots: int = 2000
    params: Mapping[str, Any] = field(default_factory=dict)
    constraints: Sequence[Constraint | Mapping[str, Any]] = field(default_factory=list)
    guard: bool = True

    def __post_init__(self) -> None:
        if isinstance(self.strategy, str):
            check_one_of("policy", "strategy", self.strategy, names())
        for what in ("batch_size", "overlap", "n_slots"):
            check_count("policy", what, getattr(self, what))
        check_between("policy", "random_share", self.random_share, 0, 1)
        check_between("policy", "reserve_share", self.reserve_share, 0, 0.95)
        check_together(self.rules(), self.batch_size)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Policy:
        """Read a policy from plain JSON; what is missing has its default.

        >>> Policy.from_config({"strategy": "margin"}).batch_size
        10
        """
        known = {f.name for f in fields(cls)}
        for key in config:
            check_one_of("policy", "key", key, known)
        return cls(**config)

    def to_config(self) -> dict[str, Any]:
        """The policy as plain JSON, for `from_config`."""
        made = self.make_strategy()
        own = {"strategy": made.name, "params": made.params(), "constraints": [c.to_json() for c in self.rules()]}
        return {f.name: getattr(self, f.name) for f in fields(self)} | own

    def rules(self) -> list[Constraint]:
        """The constraints, read."""
        return [Constraint.read(given) for given in self.constraints]

    def make_strategy(self) -> Strategy:
        """The strategy with its parameters."""
        return make(self.strategy, **self.params) if isinstance(self.strategy, str) else self.strategy


@dataclass(frozen=True)
class Slots:
    """An order to publish.

    Parameters
    ----------
    item_idx : int64 array of shape (n_slots,)
        Item ordinals, each once.
    kind : str array of shape (n_slots,)
        "chosen", "random", "reserve", or "relabel" where a labeled item is asked again.
    score : float32 array of shape (n_slots,)
        The strategy's score; NaN where it gave none.
    propensity : float64 array of shape (n_slots,)
        Chance of being drawn among what was left, for random and reserve slots; NaN elsewhere.
    reasons : dict of str to float32 array of shape (n_slots,)
        Parts of the score, NaN where there is none.
    mode : str
        What the strategy did, such as "seed" or "uncertainty-herding".
    why : str
        The same in a sentence, with figures.
    """

    item_idx: npt.NDArray[np.int64]
    kind: npt.NDArray[np.str_]
    score: npt.NDArray[np.float32]
    propensity: npt.NDArray[np.float64]
    reasons: dict[str, npt.NDArray[np.float32]] = field(default_factory=dict)
    mode: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        parts = {"kind": self.kind, "score": self.score, "propensity": self.propensity} | self.reasons
        check_same_length("slots", item_idx=len(self.item_idx), **{key: len(part) for key, part in parts.items()})

    def __len__(self) -> int:
        return len(self.item_idx)
