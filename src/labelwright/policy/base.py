"""The policy, which is what a lead decides about asking, and the slots that it leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright.check import check_between, check_count, check_one_of, check_same_length
from labelwright.plain import Json, JsonObject
from labelwright.policy.constraints import Constraint, check_together
from labelwright.policy.kinds.chosen import Chosen
from labelwright.policy.kinds.random import Random
from labelwright.policy.kinds.relabel import Relabel
from labelwright.policy.kinds.reserve import Reserve
from labelwright.policy.rules import Rules
from labelwright.strategies import Strategy, check_fits, check_name, make
from labelwright.tasks.base import Task
from labelwright.words import NO_REASON, Reason

MOST_CHECKS: Final = 0.5
WITH_OVERLAP: Final = (Chosen.name, Random.name, Reserve.name, Relabel.name)
SLICED_BY: Final = ("domain", "source", "group")
EQUAL, COLUMN, MEASURED = "equal", "column", "measured"
COSTS: Final = (EQUAL, COLUMN, MEASURED)
UNVERSIONED: Final = {"auto": "auto-2"}  # names in records of 0.2, which did not write versions


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
        Part of the slots for training that is sampled uniformly at random, with logged propensity; in [0, 1]. Above 0
        it is a least: `auto` asks for more where the metric looks at the order of the items or at probabilities.
    reserve_share : float
        Part of all slots that ask for reserve items, from the first answer on; in [0, 1).
    overlap : int
        Distinct people that answer an item.
    overlap_by_kind : mapping of str to int
        By kind of slot, where it has an overlap of its own: a blind share that several people answer is "random" or
        "reserve".
    overlap_by_slice : mapping of str to mapping of str to int
        By column ("domain", "source" or "group") and value, the overlap of those items, where it is larger.
    expert_share : float
        Part of the chosen slots that go to experts first, those that the model doubts most; in [0, 1]. Whoever has
        nothing else left gets them too.
    costs : str
        What the expected gain of an item is divided by, in strategies that have a gain: "equal", a "column" of the
        data, or "measured" seconds.
    gold_share, repeat_share : float
        Part of what a person gets that checks them: items whose answer is known, five times as often (at most a
        quarter) among their first twenty, and items that they answered before; in [0, 0.5].
    n_slots : int
        Length of a published head.
    params : mapping
        Parameters of the strategy.
    constraints : sequence of Constraint, or of mappings in their form
        Quotas and limits on what each ``batch_size`` of slots for training may hold.
    guard : bool
        Whether the random share grows if chosen items teach the model less than random ones do.
    approval : bool
        Whether chosen items are asked only after a lead has looked at the batch and let them pass.

    Notes
    -----
    `to_config` writes the strategy's name with its version, such as "auto-2", so that what was stored means the same
    for ever. `from_config` takes "auto" for the newest version, `from_stored` for the one it meant when it was stored.
    """

    strategy: str | Strategy = "auto"
    batch_size: int = 10
    random_share: float = 0.1
    reserve_share: float = 0.2
    overlap: int = 1
    overlap_by_kind: Mapping[str, int] = field(default_factory=dict)
    overlap_by_slice: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    expert_share: float = 0.0
    costs: str = EQUAL
    gold_share: float = 0.05
    repeat_share: float = 0.0
    n_slots: int = 10_000
    params: Mapping[str, Json] = field(default_factory=dict)
    constraints: Sequence[Constraint | Mapping[str, Json]] = field(default_factory=list)
    guard: bool = True
    approval: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.strategy, str):
            check_name("policy", self.strategy)
        for what in ("batch_size", "overlap", "n_slots"):
            check_count("policy", what, getattr(self, what))
        check_between("policy", "random_share", self.random_share, 0, 1)
        check_between("policy", "reserve_share", self.reserve_share, 0, 0.95)
        for share in ("gold_share", "repeat_share"):
            check_between("policy", share, getattr(self, share), 0, MOST_CHECKS)
        check_between("policy", "expert_share", self.expert_share, 0, 1)
        check_one_of("policy", "costs", self.costs, COSTS)
        for kind, overlap in self.overlap_by_kind.items():
            check_one_of("policy", "kind of slot", kind, [*WITH_OVERLAP])
            check_count("policy", f"overlap of {kind}", overlap)
        for column, values in self.overlap_by_slice.items():
            check_one_of("policy", "column of a slice", column, [*SLICED_BY])
            for value, overlap in values.items():
                check_count("policy", f"overlap of {column} {value}", overlap)
        check_together(self.rules(), self.batch_size)

    @classmethod
    def from_config(cls, config: Mapping[str, Json]) -> Policy:
        """Read a policy from plain JSON; what is missing has its default.

        >>> Policy.from_config({"strategy": "margin"}).batch_size
        10
        """
        known = {f.name for f in fields(cls)}
        for key in config:
            check_one_of("policy", "key", key, known)
        values: dict[str, Any] = dict(config)  # checked in __post_init__
        return cls(**values)

    @classmethod
    def from_stored(cls, config: Mapping[str, Json]) -> Policy:
        """Read a policy from the record, where a name without a version is that of Labelwright 0.2.

        >>> Policy.from_stored({"strategy": "auto"}).strategy
        'auto-2'
        """
        stored: dict[str, Any] = dict(config)  # written by `to_config`
        params = dict(stored.get("params", {}))
        if "strategy" in params:  # of a wrapper
            params["strategy"] = UNVERSIONED.get(params["strategy"], params["strategy"])
        name = stored.get("strategy", "auto")
        return cls.from_config({**stored, "strategy": UNVERSIONED.get(name, name), "params": params})

    def to_config(self) -> JsonObject:
        """The policy as plain JSON, for `from_config`."""
        made = self.make_strategy()
        own: JsonObject = {
            "strategy": made.name,
            "params": made.params(),
            "constraints": [c.to_json() for c in self.rules()],
            "overlap_by_kind": dict(self.overlap_by_kind),
            "overlap_by_slice": {column: dict(values) for column, values in self.overlap_by_slice.items()},
        }
        return {f.name: getattr(self, f.name) for f in fields(self)} | own

    def rules(self) -> list[Constraint]:
        """The constraints as objects."""
        return [Constraint.read(given) for given in self.constraints]

    def answer_rules(self, *, limit: int = 1, exclude: frozenset[str] = frozenset()) -> Rules:
        """What limits who gets which slot."""
        return Rules(self.overlap, limit, exclude, self.overlap_by_kind)

    @property
    def is_shared(self) -> bool:
        """Whether any item is answered by more than one person."""
        of_slices = [overlap for values in self.overlap_by_slice.values() for overlap in values.values()]
        return max([self.overlap, *self.overlap_by_kind.values(), *of_slices]) > 1

    def check(self, task: Task, *, has_source: bool = False) -> None:
        """Refuse a policy whose strategy does not serve the task, or needs a labeled source where there is none."""
        check_fits(self.make_strategy(), task, has_source=has_source)

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
        Names of kinds of slot, see `labelwright.policy.kinds`.
    score : float32 array of shape (n_slots,)
        The strategy's score; NaN where it gave none.
    propensity : float64 array of shape (n_slots,)
        Probability of being sampled among the items that were left, for random and reserve slots; NaN for others.
    reasons : dict of str to float32 array of shape (n_slots,)
        Parts of the score, NaN where there is none.
    mode : str
        What the strategy did, such as "seed" or "uncertainty-herding".
    why : Reason
        The same as a code and figures; ``str(why)`` is the sentence.
    whom : int64 array of shape (n_slots,), optional
        Code of the one person who is to answer a slot, -1 for anyone, -2 for experts; anyone by default.
    """

    item_idx: npt.NDArray[np.int64]
    kind: npt.NDArray[np.str_]
    score: npt.NDArray[np.float32]
    propensity: npt.NDArray[np.float64]
    reasons: dict[str, npt.NDArray[np.float32]] = field(default_factory=dict)
    mode: str = ""
    why: Reason = NO_REASON
    whom: npt.NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        parts = {"kind": self.kind, "score": self.score, "propensity": self.propensity} | self.reasons
        parts |= {} if self.whom is None else {"whom": self.whom}
        check_same_length("slots", item_idx=len(self.item_idx), **{key: len(part) for key, part in parts.items()})

    def __len__(self) -> int:
        return len(self.item_idx)
