"""A check for strategies that score by row."""

from __future__ import annotations

import numpy as np

from labelwright.evidence.known import KnownScores
from labelwright.strategies import Strategy
from labelwright.testing.samples import N_ITEMS, cases, evidence_of, rng_of


def shards_are_nothing(kind: type[Strategy]) -> None:
    """A strategy that scores by row gives each item the same bits in any shard; and picks are those of known scores."""
    if not kind.by_row:
        return
    strategy = kind()
    for task, arrays in cases(kind):
        evidence = evidence_of(task, arrays)
        for gain in (False, True) if strategy.has_gain else (False,):
            whole = strategy.raw_score(evidence, gain=gain)
            for cuts in ([N_ITEMS // 2], [1, 8, 19]):
                shards = np.split(np.arange(N_ITEMS), cuts)
                parts = [strategy.raw_score(evidence.subset(shard), gain=gain) for shard in shards]
                assert np.array_equal(np.concatenate(parts), whole), f"{kind.name} does not score by row"
        given = KnownScores(strategy.key, np.arange(N_ITEMS, dtype=np.float64))
        known = evidence_of(task, arrays, scores=given)
        assert strategy.pick(known, 3, rng_of()).indices.tolist() == [N_ITEMS - 1, N_ITEMS - 2, N_ITEMS - 3]
