"""The default: representative while little is known, doubtful and spread out after."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.kernels.distances import spread
from labelwright.kernels.top import top_n
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence
from labelwright.strategies.max_herding import MaxHerding, herd_among, sample
from labelwright.strategies.selection import Picks

N_TARGETS = 2000
MAX_CANDIDATES = 20_000
MAX_LABELED = 5000  # labeled items that the kernel's width is taken from
LOW, HIGH = 5, 20  # labels a class: below LOW the whole pool is searched, above HIGH only the most doubtful


class Auto(Strategy):
    """Uncertainty herding among the items that the model doubts most.

    Nothing labeled, or one class only: a representative seed (max-herding). Then greedy coverage of
    what the model doubts: candidates are the M items with the highest doubt, targets a uniform
    sample of the pool weighted by doubt, the kernel is as wide as labeled items are apart. With few
    labels a class M is the whole pool, with many it narrows, so that the picks go from coverage to
    margin. Doubt is the task's own: 1 - (p1 - p2), the mean over labels, the committee's standard deviation.

    The score is the doubt-weighted coverage that a pick adds, between 0 and 1.

    Notes
    -----
    w = clip((20 K - n) / (15 K), 0, 1) for n labels of K classes. M = w N, at least 20 b (and 200
    while w > 0; 2 b^2 + 2 once w = 0 and b is small), at most 20,000.
    """

    name: ClassVar[str] = "auto"
    family: ClassVar[str] = "hybrid"
    needs: ClassVar[tuple[str, ...]] = ("doubt", "embed")
    batch_aware: ClassVar[bool] = True
    has_gain: ClassVar[bool] = True
    cold: ClassVar[bool] = True
    random_share: ClassVar[float] = 0.1
    reference: ClassVar[str] = "Bae, Noh, Sutherland (2024). Generalized coverage for active learning, sec. 4"

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        if not evidence.taught:
            return MaxHerding()._pick(evidence, n, rng)
        labels_a_class = _labels_a_class(evidence)
        w = float(np.clip((HIGH - labels_a_class) / (HIGH - LOW), 0, 1))
        doubt = evidence.doubt
        candidates = np.sort(top_n(doubt, n_candidates(w, evidence.n_items, n), evidence.keys(rng)))
        at = sample(evidence.n_items, N_TARGETS, rng)
        targets = evidence.embed_at(at)
        labeled = evidence.embed_labeled
        if len(labeled) > 1:
            sigma = spread(labeled[sample(len(labeled), MAX_LABELED, rng)], 1, evidence.max_bytes)
        else:
            sigma = spread(targets, 1, evidence.max_bytes)
        weights = doubt[at].astype(np.float64)
        if labels_a_class < 3 or not weights.any():
            weights = np.ones(len(at))
        mode = "coverage" if labels_a_class < 3 else "uncertainty-herding"
        picks = herd_among(evidence, candidates, targets, weights, sigma, n, rng, mode)
        return Picks(picks.indices, picks.scores, picks.reasons | {"doubt": doubt[picks.indices]}, mode)


def n_candidates(w: float, n_items: int, n: int) -> int:
    """How many of the most doubtful items are searched for a batch of n.

    >>> n_candidates(1.0, 5000, 10), n_candidates(0.0, 5000, 10), n_candidates(0.0, 5000, 1)
    (5000, 200, 4)
    """
    floor = max(20 * n, 200) if w > 0 else min(20 * n, 2 * n * n + 2)
    return min(n_items, max(n, min(max(int(w * n_items), floor), MAX_CANDIDATES)))


def _labels_a_class(evidence: Evidence) -> float:
    """Labels a class seen (two at least); without answers to look at, labeled items over outputs."""
    y, task = evidence.y_labeled, evidence.task
    if y is None or task is None:
        n_classes = 2 if task is None else max(2, task.n_outputs)
        n = len(evidence.embed_labeled)
        return n / n_classes if n else float(HIGH)
    return len(y) / max(2, len(task.classes_seen(y)))
