"""Ask for the batch whose answers, taken together, say most about the model."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_count
from labelwright.evidence.base import Evidence
from labelwright.kernels.joint import Configurations
from labelwright.kernels.plogp import shannon
from labelwright.kernels.top import Keys, top_n
from labelwright.scores.information import bald
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks

SLACK = 5e-6  # error allowed in a first estimate, in nats; items closer to the best are computed in full
N_AGAIN = 64
N_FIRST, N_LAST = 256, 8192  # items whose bound is renewed at a time, at first and at most


class BatchBald(Strategy):
    """The batch whose answers together are most informative about the model: of two redundant items it asks one.

    The score is what a pick's answer adds to the mutual information of the batch's answers and the model, at least 0,
    in nats; over a batch it sums to about log(n_draws) at most. Not for batches of more than ten or few members: once
    it is known which member is right, the rest of the batch is arbitrary, so prefer power-bald.

    Parameters
    ----------
    max_configurations : int
        Sets of answers to the batch that are looked at: all of them while there are no more, then a quarter as many
        drawn by their chances.
    max_candidates : int
        Up to here all candidates are searched; beyond, those with the highest bald, which bounds what an item can add.

    Notes
    -----
    What an item adds only shrinks as the batch grows, so an item is looked at again only if what it added before would
    still win (lazy greedy): while all configurations are looked at, the picks are those of plain greedy.

    Cost: max_candidates x n_classes x max_configurations logarithms a pick at worst, a few per cent of it mostly.
    """

    name = "batch-bald"
    family = "information"
    tasks = ("classification",)
    needs = ("draws",)
    batch_aware = True
    has_gain = True
    reference = "Kirsch, van Amersfoort, Gal (2019). BatchBALD, alg. 1"

    def __init__(self, *, max_configurations: int = 10_000, max_candidates: int = 50_000) -> None:
        self.max_configurations = check_count("batch-bald", "max_configurations", max_configurations)
        self.max_candidates = check_count("batch-bald", "max_candidates", max_candidates)

    def _score(self, evidence: Evidence) -> Floats:
        return bald(evidence.draws)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        scores, keys = self.score(evidence), evidence.keys(rng)
        kept = np.arange(evidence.n_items)
        n_kept = max(self.max_candidates, n)
        if evidence.n_items > n_kept:
            kept = np.sort(top_n(scores, n_kept, keys))
        costs = np.ones(len(kept)) if evidence.costs is None else evidence.costs[kept]
        batch = Configurations(len(evidence.draws), self.max_configurations)
        search = _Search(evidence.draws[:, kept], scores[kept] * costs, costs, batch, evidence.max_bytes)
        closes = evidence.narrowed(kept)
        picks: list[int] = []
        gains: list[float] = []
        while len(picks) < n and search.open.any():
            pick, gain = search.best(lambda at: keys(kept[at]))
            picks.append(pick)
            gains.append(gain)
            search.open[closes(pick)] = False
            batch.add(evidence.draws[:, kept[pick]], rng)
        added = np.array(gains)
        return Picks(kept[picks], added / costs[picks], {"information": added})


class _Search:
    """The best next item of a batch, by lazily renewed bounds."""

    def __init__(
        self, draws: Floats, bounds: Floats, costs: Floats, batch: Configurations, max_bytes: int | None
    ) -> None:
        self.draws, self.costs, self.batch, self.max_bytes = draws, costs, batch, max_bytes
        self.small = draws.astype(np.float32, copy=False)
        self.spread = np.stack([shannon(member) for member in draws])  # (n_draws, n_items)
        self.bounds = bounds.astype(np.float64)
        self.open: npt.NDArray[np.bool_] = np.ones(len(bounds), dtype=bool)

    def best(self, keys: Keys) -> tuple[int, float]:
        """The open item that adds most for its cost, and what it adds."""
        stale, size = self.open.copy(), N_FIRST
        while True:
            least = self._ratio(self.open & ~stale, -SLACK).max()
            tops = self._ratio(stale, SLACK)
            at = np.argpartition(-tops, size)[:size] if size < len(tops) else np.arange(len(tops))
            at = at[tops[at] >= least] if np.isfinite(least) else at[np.isfinite(tops[at])]
            if not len(at):
                break
            self.bounds[at] = self._added(self.small[:, at], at, SLACK / 3)
            stale[at] = False
            size = min(2 * size, N_LAST)
        near = np.flatnonzero(self._ratio(self.open & ~stale, SLACK) >= least)
        near = near[top_n(self.bounds[near] / self.costs[near], min(N_AGAIN, len(near)), lambda k: keys(near[k]))]
        added = np.maximum(self._added(self.draws[:, near].astype(np.float64), near, 0.0), 0)
        rates = added / self.costs[near]
        ties = near[rates >= rates.max() * (1 - 1e-12)]
        pick = int(ties[np.argmin(keys(ties))])
        return pick, float(added[near == pick][0])

    def _ratio(self, which: npt.NDArray[np.bool_], slack: float) -> npt.NDArray[np.float64]:
        return np.where(which, (self.bounds + slack) / self.costs, -np.inf)

    def _added(self, some: Floats, at: Ints, slack: float) -> npt.NDArray[np.float64]:
        return self.batch.information(some, self.spread[:, at], self.max_bytes, slack)
