"""Scores of all items, by shards: of strategies that look at each item's predictions alone, and doubts for others.

What is merged is what the worker computes of the whole, to the bit, so the order that follows is the same. Strategies
that begin with the doubtful items are given the doubts; what they do with the pool as a whole is done by the worker.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from labelwright.engine.cycle import Cycle
from labelwright.engine.executors import Shard, Work
from labelwright.engine.steps.base import Hold
from labelwright.evidence.known import KnownScores
from labelwright.plain import JsonObject

WORK: Final = "labelwright.engine.work.scoring:score_shard"


def by_shards(cycle: Cycle, hold: Hold) -> KnownScores | None:
    """What shards can compute for the strategy of the primary question, where an engine computes it; else None."""
    if hold.executor.is_local or cycle.inputs.is_cold:
        return None
    strategy = cycle.ranking_policy.make_strategy()
    primary = cycle.inputs.primary
    key = strategy.shard_key(primary.make_task(), primary.metric)
    shards = _shards(cycle) if key else []
    if not shards:
        return None
    gain = cycle.frozen.costs is not None and strategy.has_gain
    results = hold.executor.map_shards(
        Work(WORK, _params(cycle, gain=gain)), shards, on_done=hold.on_done, may_go_on=hold.may_go_on
    )
    paths = [path for result in results for path in result]
    scores = np.concatenate([cycle.store.arrays.read(path) for path in paths])
    return KnownScores(key, scores)


def _params(cycle: Cycle, *, gain: bool) -> JsonObject:
    primary = cycle.inputs.primary
    return {
        "place": cycle.store.arrays.place, "task": primary.task, "schema": primary.schema,
        "policy": cycle.inputs.policy, "gain": gain, "folder": cycle.files.scores(primary.id),
    }  # fmt: skip


def _shards(cycle: Cycle) -> list[Shard]:
    """The shards that were predicted in this cycle; none where their files do not cover the items."""
    arrays = cycle.store.arrays
    shards, stop = list[Shard](), 0
    for path in arrays.files(cycle.files.shards(cycle.inputs.primary.id)):
        first, end = (int(part) for part in path.rpartition("/")[2].split("-")[:2])
        digest = arrays.digest(path)
        if first != stop or digest is None:
            return []
        shards.append(Shard(len(shards), first, end - first, {path: digest}))
        stop = end
    return shards if stop == cycle.inputs.n_items else []
