"""Ask another strategy about the neighbours of what is labeled, and about nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from labelwright.check import Floats, check_count, check_finite, check_same_length
from labelwright.evidence.base import Evidence
from labelwright.kernels.neighbours import near_any
from labelwright.strategies.class_balanced import Wrapper
from labelwright.strategies.shared.selection import Picks


class NeighboursOnly(Wrapper):
    """Candidates are the nearest neighbours of the labeled items; the inner strategy picks among them.

    Scores are the inner strategy's. For rare concepts in large pools, with an embedding in which they lie together. Not
    where a concept has no labeled example: items far from all labeled ones are never asked.

    Parameters
    ----------
    k : int
        Neighbours of each labeled item.
    strategy : str
        Name of the inner strategy.
    inner : mapping, optional
        Its parameters, such as ``{"positive": 3}``.

    Notes
    -----
    Where the neighbours are fewer than the batch, it is filled up at random. Cost: one product of pool and labeled
    items, exact; the paper keeps an approximate index.
    """

    name = "neighbours-only"
    family = "wrapper"
    tasks = ("classification", "multilabel")
    needs = ("answers", "embed", "proba")
    has_gain = True
    reference = "Coleman, Chou, Katz-Samuels, ... (2022). Similarity search for efficient active learning, SEALS"

    def __init__(
        self, *, k: int = 100, strategy: str = "most-likely-positive", inner: Mapping[str, Any] | None = None
    ) -> None:
        self.k = check_count("neighbours-only", "k", k)
        super().__init__(strategy, inner)
        self.has_gain, self.batch_aware = self._inner.has_gain, self._inner.batch_aware

    def _score(self, evidence: Evidence) -> Floats:
        return self._inner._score(evidence)

    def _gain(self, evidence: Evidence) -> Floats:
        return self._inner._gain(evidence)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        labeled = evidence.embed_answered
        check_same_length("neighbours-only", X_labeled=len(labeled), y_labeled=len(evidence.answers))
        check_finite("select", "X_labeled", labeled)
        near = near_any(evidence.places, labeled, self.k)
        picks = self._inner.pick(evidence.subset(near), min(n, len(near)), rng)
        return Picks(near[picks.indices], picks.scores, picks.reasons, picks.mode)
