"""Order the pool by the policy."""

from __future__ import annotations

import json
from typing import ClassVar

import numpy as np

from labelwright.engine import arms, scoring
from labelwright.engine.cycle import Cycle
from labelwright.engine.cycle_files import slot_arrays
from labelwright.engine.reasons import stored
from labelwright.engine.steps.base import Hold, Step
from labelwright.evidence.known import KnownScores
from labelwright.loop import steps as pure
from labelwright.policy import Slots
from labelwright.policy.experts import hard_to_experts
from labelwright.words import Reason, join

WHY, MODE = "why", "mode"


class Rank(Step):
    """Write the slots of the primary question, with the parts of their scores."""

    name: ClassVar[str] = "rank"
    after: ClassVar[str] = "arms"
    inputs: ClassVar[tuple[str, ...]] = ("inputs", "encode", "resolve", "fit", "predict", "watch", "arms")

    def done(self, cycle: Cycle) -> bool:
        return cycle.store.arrays.has(cycle.files.slots)

    def run(self, cycle: Cycle, hold: Hold) -> None:
        slots = order(cycle, scoring.by_shards(cycle, hold))
        costs = cycle.inputs.costs_why
        why = slots.why if costs is None else join(slots.why, Reason(**costs))  # type: ignore[arg-type]
        words = {MODE: np.array(slots.mode), WHY: np.array(json.dumps(stored(why).__dict__, sort_keys=True))}
        cycle.store.arrays.write_bundle(cycle.files.slots, {**slot_arrays(slots), **words})


def order(cycle: Cycle, scores: KnownScores | None = None) -> Slots:
    """The order that the frozen inputs, labels and predictions give; replay compares it with the stored one.

    Parameters
    ----------
    scores : KnownScores, optional
        Scores of all items that were computed by shards; they are the same as those that are computed here.
    """
    primary = cycle.inputs.primary
    state, predictions = cycle.state(primary), cycle.predictions(primary)
    slots = arms.order(cycle)
    if slots is None:
        slots = pure.rank(state, cycle.labels(primary), predictions, cycle.model(primary), scores=scores)
    share = cycle.policy.expert_share
    if not share or predictions is None:
        return slots
    return hard_to_experts(slots, state.task.doubt(state.task.take(predictions, slots.item_idx)), share)
