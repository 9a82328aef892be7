"""Ask about what lies farthest from all that is labeled, from the pool's centre outwards."""

from __future__ import annotations

import numpy as np

from labelwright.evidence.base import Evidence
from labelwright.kernels.distances import nearest
from labelwright.kernels.k_center import k_center
from labelwright.kernels.top import top_n
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks


class GreedyX(Strategy):
    """Each pick is the item farthest from all labeled ones; the very first is the item nearest to the centre.

    The score is the distance to the nearest labeled or picked item, in the unit of the embedding; for the first item of
    a cold start it is minus the distance to the pool's mean. It looks at no answer and no prediction, so it serves to
    start a regression, and any other task. Not where features contain outliers or much that is irrelevant for the
    target: it spends labels there.

    Notes
    -----
    Cost: one product of pool and labeled items, then a pass over the pool for many picks at once.
    """

    name = "greedy-x"
    family = "regression"
    needs = ("embed",)
    batch_aware = True
    cold = True
    reference = "Wu, Lin, Huang (2019). Active learning for regression using greedy sampling, GSx"

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        places, keys = evidence.places, evidence.keys(rng)
        if len(evidence.embed_labeled):
            picks, distance = k_center(places, evidence.embed_labeled, n, keys, evidence.closes)
            return Picks(picks, distance, {"distance": distance})
        off = np.sqrt(nearest(places, places.mean()[None].astype(np.float32)))
        first = top_n(-off, 1, keys)
        closed = evidence.closes(int(first[0]))
        more, distance = k_center(
            places, places[first], n - 1, keys, lambda k: np.concatenate([closed, evidence.closes(k)])
        )
        fresh = ~np.isin(more, closed)  # the centre comes again only where all that is left lies on it
        picks = np.concatenate([first, more[fresh]])
        scores = np.concatenate([-off[first], distance[fresh]]).astype(np.float64)
        return Picks(picks, scores, {"distance": np.abs(scores)}, "seed")
