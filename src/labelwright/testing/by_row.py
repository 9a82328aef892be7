"""A check for strategies that shards can compute a part of."""

from __future__ import annotations

import numpy as np

from labelwright.evidence.known import KnownScores
from labelwright.strategies import Strategy
from labelwright.testing.samples import N_ITEMS, cases, evidence_of, rng_of


def shards_are_nothing(kind: type[Strategy]) -> None:
    """What shards compute of a strategy has the same bits in any shard; and picks are those of known scores."""
    strategy = kind()
    for task, arrays in cases(kind):
        evidence = evidence_of(task, arrays)
        key = strategy.shard_key(task, evidence.metric)
        if not key:
            continue
        for gain in (False, True) if strategy.has_gain else (False,):
            whole = strategy.of_shard(evidence, gain=gain)
            for cuts in ([N_ITEMS // 2], [1, 8, 19]):
                shards = np.split(np.arange(N_ITEMS), cuts)
                parts = [strategy.of_shard(evidence.subset(shard), gain=gain) for shard in shards]
                assert np.array_equal(np.concatenate(parts), whole), f"{kind.name} is not computed by shards"
        if key != strategy.key:
            alike = strategy.pick(evidence_of(task, arrays, scores=KnownScores(key, whole)), 3, rng_of())
            assert np.array_equal(alike.indices, strategy.pick(evidence, 3, rng_of()).indices), f"{kind.name}: {key}"
            continue
        given = KnownScores(key, np.arange(N_ITEMS, dtype=np.float64))
        known = evidence_of(task, arrays, scores=given)
        assert strategy.pick(known, 3, rng_of()).indices.tolist() == [N_ITEMS - 1, N_ITEMS - 2, N_ITEMS - 3]
