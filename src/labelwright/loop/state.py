"""The inputs of a training cycle as plain arrays, filled from a store, a notebook or a simulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.annotators.base import Params, Voice
from labelwright.check import Bools, Ints, check_same_length, complain
from labelwright.errors import IntegrityError
from labelwright.evidence.source import SourceItems
from labelwright.kernels.rows import FeatureRows
from labelwright.models.base import Model
from labelwright.policy.base import Policy
from labelwright.policy.guard import GuardVerdict
from labelwright.stats.estimate import Estimate
from labelwright.stopping.base import StoppingRule
from labelwright.tasks.base import Answer, Task
from labelwright.tasks.predictions import QUANTISER

TRAIN, RESERVE = "train", "reserve"
ASIDE = "aside"  # labels that neither train nor measure, such as those of the other arm of a fork


def _no_items() -> Ints:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Unfinished:
    """Items that some people answered, but not enough, with the slot in which they were first asked.

    Parameters
    ----------
    item_idx : int64 array of shape (n,)
        Item ordinals, each once, in the order in which they are to be asked.
    kind : str array of shape (n,)
        Name of the kind of that slot.
    propensity : float64 array of shape (n,)
        Of that slot; NaN where it was not sampled.

    Raises
    ------
    InputError
        If the lengths differ or an item occurs twice.
    """

    item_idx: npt.NDArray[np.int64] = field(default_factory=_no_items)
    kind: npt.NDArray[np.str_] = field(default_factory=lambda: np.empty(0, dtype="<U8"))
    propensity: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        n_kinds, n_propensities = len(self.kind), len(self.propensity)
        check_same_length("unfinished", item_idx=len(self.item_idx), kind=n_kinds, propensity=n_propensities)
        if len(np.unique(self.item_idx)) < len(self.item_idx):
            raise complain("unfinished", "item_idx", "distinct", self.item_idx)

    def __len__(self) -> int:
        return len(self.item_idx)


@dataclass(frozen=True)
class State:
    """All inputs of one cycle; every step is a pure function of them.

    Parameters
    ----------
    task : Task
    X : array of shape (n_items, n_features)
        Encoded items, row i is item ordinal i; may be a memory map.
    pool, reserve : bool arrays of shape (n_items,)
        Items that may be asked for training, and for evaluation only; never both.
    group : int64 array of shape (n_items,), optional
        Items that belong together, such as one patient's: intervals and folds keep them together.
    dup_group : int64 array of shape (n_items,), optional
        Duplicates: one of each group is asked.
    item_idx, person, answer : sequences of equal length
        Standing first answers in the order they came.
    in_flight : int64 array
        Items leased now.
    unfinished : Unfinished
        Items that some people answered, but not enough; they are asked first.
    drawn : int64 array
        Labeled items that were sampled uniformly at random for training: the random share, a random start.
    known : int64 array
        Labeled items that were neither drawn nor chosen: their labels were there from the start.
    round_items : int64 array
        Items asked for training in the round that runs, for constraints.
    places : int64 array of shape (n_items,), optional
        Of the items in the permutation of the pool that random slots follow; they are drawn anew if left out.
    columns : mapping of str to array of shape (n_items,), optional
        Values of the items that constraints speak of.
    guards : tuple of GuardVerdict
        What the guard found so far.
    ask_again : bool
        Whether there are people who have not answered an item yet, so that it may be asked again.
    people : mapping of str to float
        Everybody who may answer, with the expected cost of an answer; empty where that is not known.
    policy : Policy
    model : str or Model
        Name of a model, or an unfitted one for the library.
    seed : int
        Of this cycle.
    embed : array of shape (n_items, n_dims), optional
        Where near means alike; X by default.
    costs : float64 array of shape (n_items,), optional
        Expected cost of asking, above 0.
    rules : tuple of StoppingRule
    metric : str, optional
        What is evaluated; the task's default otherwise.
    resolver : str
        Name of what makes one label of several answers.
    quantiser : int
        Version of the rounding of stored predictions; a replayed cycle gives the one it began with.
    source : SourceItems, optional
        Labeled items of another domain that the model learns from too.
    """

    task: Task
    X: FeatureRows
    pool: Bools
    reserve: Bools
    item_idx: Ints = field(default_factory=_no_items)
    person: Sequence[str] = ()
    answer: Sequence[Answer] = ()
    in_flight: Ints = field(default_factory=_no_items)
    unfinished: Unfinished = field(default_factory=lambda: Unfinished())
    drawn: Ints = field(default_factory=_no_items)
    known: Ints = field(default_factory=_no_items)
    round_items: Ints = field(default_factory=_no_items)
    places: Ints | None = None
    columns: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    guards: tuple[GuardVerdict, ...] = ()
    ask_again: bool = False
    people: Mapping[str, float] = field(default_factory=dict)
    group: Ints | None = None
    dup_group: Ints | None = None
    policy: Policy = field(default_factory=Policy)
    model: str | Model = "linear"
    seed: int = 0
    embed: FeatureRows | None = None
    costs: npt.NDArray[np.float64] | None = None
    rules: tuple[StoppingRule, ...] = ()
    metric: str | None = None
    resolver: str = "majority"
    quantiser: int = QUANTISER
    voice: Voice | None = None
    source: SourceItems | None = None

    def __post_init__(self) -> None:
        n_items = self.X.shape[0]
        lengths = {"X": n_items, "pool": len(self.pool), "reserve": len(self.reserve)}
        for what in ("group", "dup_group", "embed", "costs", "places"):
            if getattr(self, what) is not None:
                lengths[what] = getattr(self, what).shape[0]
        lengths |= {column: len(values) for column, values in self.columns.items()}
        check_same_length("state", **lengths)
        check_same_length("state", item_idx=len(self.item_idx), person=len(self.person), answer=len(self.answer))
        for what, idx in (
            ("item_idx", self.item_idx), ("in_flight", self.in_flight), ("unfinished", self.unfinished.item_idx),
        ):  # fmt: skip
            if len(idx) and not (idx.min() >= 0 and idx.max() < n_items):
                raise complain("state", what, f"between 0 and {n_items - 1}", f"{idx.min()} to {idx.max()}")
        both = np.flatnonzero(self.pool & self.reserve)
        if len(both):
            raise IntegrityError(f"state: an item must be in the pool or in the reserve, got item {both[0]} in both.")

    @property
    def n_items(self) -> int:
        """Items in all, whatever their part."""
        return int(self.X.shape[0])


@dataclass(frozen=True)
class Labels:
    """A label version: one resolved label an item.

    ``item_idx`` int64 sorted (n,); ``answers`` n answers; ``y`` encoded (n, ...); ``confidence``
    float32 in [0, 1] (n,); ``split`` "train" or "reserve" (n,); ``n_people`` int64 (n,) who answered;
    ``posterior`` figures by name each; ``params`` what the ``resolver`` was fitted with.
    """

    item_idx: npt.NDArray[np.int64]
    answers: list[Answer]
    y: npt.NDArray[Any]
    confidence: npt.NDArray[np.float32]
    split: npt.NDArray[np.str_]
    n_people: npt.NDArray[np.int64]
    posterior: list[dict[str, float]]
    resolver: str = "majority"
    params: Params = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.item_idx)

    def of(self, split: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
        """Ordinals and encoded answers of one split."""
        some = self.split == split
        return self.item_idx[some], self.y[some]

    def without(self, items: Ints) -> Labels:
        """The same labels, of which those of some items are set aside: they are known, and nothing learns from them."""
        return replace(self, split=np.where(np.isin(self.item_idx, items), ASIDE, self.split))

    def among(self, items: Ints) -> Labels:
        """The labels of some items."""
        kept = np.flatnonzero(np.isin(self.item_idx, items))
        return replace(
            self, item_idx=self.item_idx[kept], answers=[self.answers[k] for k in kept], y=self.y[kept],
            confidence=self.confidence[kept], split=self.split[kept], n_people=self.n_people[kept],
            posterior=[self.posterior[k] for k in kept],
        )  # fmt: skip


@dataclass(frozen=True)
class Evaluation:
    """How good the model is on the reserve; ``estimate`` is None where there is nothing to measure on.

    ``enough`` is False below 30 reserve labels: too few to judge. ``extra`` holds the task's other
    metrics, with intervals where they are means over items.
    """

    metric: str
    estimate: Estimate | None
    n_reserve: int
    enough: bool
    extra: dict[str, Estimate]
