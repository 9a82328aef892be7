"""The default: representative while little is known, doubtful and spread out after."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.check import Floats, Ints
from labelwright.kernels.distances import neighbour_distance, spread
from labelwright.kernels.herding import gaussian
from labelwright.kernels.top import top_n
from labelwright.strategies.base import Strategy, others
from labelwright.strategies.covering import MAX_CANDIDATES, N_TARGETS, herd_among, sample, weighted_sample
from labelwright.strategies.evidence import Evidence
from labelwright.strategies.facility_location import FacilityLocation
from labelwright.strategies.max_herding import MaxHerding
from labelwright.strategies.selection import Picks
from labelwright.tasks.base import Task

MAX_LABELED = 5000  # labeled items that the kernel's width is taken from
COVER = 1.5  # labels a class, below which all targets count alike
LOW, HIGH = 3, 10  # labels a class, between which the search narrows from the whole pool to the most doubtful
FLOOR = 20  # candidates a pick, at least
SEARCH = 0.5  # of a batch that goes to the likeliest items of a rare class
SPARE = 8  # likely items looked at for each, where some are duplicates


class Auto(Strategy):
    """Uncertainty herding among the items that the model doubts most; coverage where it knows nothing yet.

    Nothing labeled, or one class only: a representative seed (max-herding). Then greedy coverage of
    what the model doubts: candidates are the M items with the highest doubt, targets a sample
    of the pool by the square of the doubt, the kernel is as wide as labeled items are apart. With
    few labels a class M is the whole pool, with many it narrows, so that the picks go from coverage to
    margin. Doubt is the task's own: 1 - (p1 - p2), or its mean over labels. For numbers, where a committee's
    doubts were found to mislead, it goes on covering the pool (facility-location).

    Where a class is rare, half of a batch goes to the items most likely of it.

    The score is the doubt-weighted coverage that a pick adds, or the probability of the rare class, between 0 and 1.
    Not where only one class matters and finding its items is the aim: most-likely-positive finds more of them.

    Notes
    -----
    w = clip((10 K - n) / (7 K), 0, 1) for n labels of K classes. M = w N, at least 20 b (and 200
    while w > 0; 2 b^2 + 2 once w = 0 and b is small), at most 10,000. The width is the median distance of a labeled
    item to the nearest other one. Below 1.5 labels a class all targets count alike. Cost: one pass over the
    doubts, one product of candidates and 4,000 targets.
    """

    name: ClassVar[str] = "auto"
    family: ClassVar[str] = "hybrid"
    needs: ClassVar[tuple[str, ...]] = ("doubt", "embed")
    batch_aware: ClassVar[bool] = True
    has_gain: ClassVar[bool] = True
    cold: ClassVar[bool] = True
    random_share: ClassVar[float] = 0.1
    reference: ClassVar[str] = "Bae, Noh, Sutherland (2025). Uncertainty herding: one active learning method, eq. 4"

    def needs_of(self, task: Task) -> tuple[str, ...]:
        return self.needs if task.doubt_guides else ("embed",)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        if not evidence.taught:
            seed = MaxHerding()._pick(evidence, n, rng)
            return Picks(seed.indices, seed.scores, seed.reasons, "seed", why="no model yet: items that stand for many")
        if evidence.task is not None and not evidence.task.doubt_guides:
            found = FacilityLocation()._pick(evidence, n, rng)
            why = "a committee's doubts about numbers do not guide: items that bring the pool closest to a labeled one"
            return Picks(found.indices, found.scores, found.reasons, "coverage", why=why)
        rare = rare_class(evidence)
        if rare is None:
            return self._herded(evidence, n, rng)
        likely = self._likely(evidence, rare, int(n * SEARCH + rng.random()), rng)
        left = others(evidence.n_items, _closed(evidence, likely))
        if not len(likely) or len(likely) == n or not len(left):
            return likely if len(likely) else self._herded(evidence, n, rng)
        rest = self._herded(evidence.subset(left), min(n - len(likely), len(left)), rng)
        missing = np.full(len(likely), np.nan)
        return Picks(
            np.concatenate([likely.indices, left[rest.indices]]),
            np.concatenate([likely.scores, rest.scores]),
            {"rare-class": np.concatenate([likely.scores, np.full(len(rest), np.nan)])}
            | {key: np.concatenate([missing, part]) for key, part in rest.reasons.items()},
            "search",
            why=f"{likely.why}; {rest.why}",
        )

    def _likely(self, evidence: Evidence, rare: int, n: int, rng: np.random.Generator) -> Picks:
        """Items most likely of the rare class, one of each group of duplicates."""
        proba = evidence.proba[:, rare]
        gain = proba if evidence.costs is None else proba / evidence.costs
        order = top_n(gain, min(evidence.n_items, SPARE * n), evidence.keys(rng))
        closed = np.zeros(evidence.n_items, dtype=bool)
        picks: list[int] = []
        for position in order.tolist():
            if len(picks) < n and not closed[position]:
                picks.append(position)
                closed[evidence.closes(position)] = True
        found = np.array(picks, dtype=np.int64)
        why = f"class {rare + 1} is rare, so {len(found)} items most likely of it"
        return Picks(found, gain[found].astype(np.float64), mode="search", why=why)

    def _herded(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        known = _labels_a_class(evidence)
        w = float(np.clip((HIGH - known) / (HIGH - LOW), 0, 1))
        doubt = evidence.doubt
        n_searched = n_candidates(w, evidence.n_items, n)
        candidates = np.sort(top_n(doubt, n_searched, evidence.keys(rng)))
        whole = doubt.astype(np.float64) ** 2
        covering = known < COVER or not whole.any()
        at, weights = weighted_sample(np.ones_like(whole) if covering else whole, N_TARGETS, rng)
        targets = evidence.embed_at(at)
        kernel = gaussian(_width(evidence, targets, rng))
        mode = "coverage" if covering else "uncertainty-herding"
        picks = herd_among(evidence, candidates, targets, weights, kernel, n, rng, mode)
        why = (
            f"{known:.1f} labels a class: covers {'the pool' if covering else 'what the model doubts'}, "
            f"searching the {n_searched} items it doubts most of {evidence.n_items}"
        )
        reasons = picks.reasons | {"doubt": doubt[picks.indices]}
        return Picks(picks.indices, picks.scores, reasons, mode, why=why)


def rare_class(evidence: Evidence) -> int | None:
    """A class that is to be searched for: predicted ten times less than an even share, and few of the answers.

    With K classes, one predicted for under 1 / (10 K) of the pool and given in under 1 / K^2 of the answers; the
    rarest of several.
    """
    y, task = evidence.y_labeled, evidence.task
    if y is None or task is None or task.form != "classes" or not evidence.predicts:
        return None
    seen = task.classes_seen(y)
    k = len(seen)
    if evidence.proba.shape[1] <= seen.max() or k < 2:
        return None
    predicted = np.bincount(evidence.proba.argmax(axis=1), minlength=evidence.proba.shape[1])[seen] / evidence.n_items
    given = np.bincount(y, minlength=seen.max() + 1)[seen] / len(y)
    rare = (predicted < 1 / (10 * k)) & (given < 1 / k**2)
    return int(seen[rare][np.argmin(predicted[rare])]) if rare.any() else None


def _closed(evidence: Evidence, picks: Picks) -> Ints:
    """Positions that picks close, themselves among them."""
    return np.concatenate([picks.indices, *(evidence.closes(int(pick)) for pick in picks.indices)])


def n_candidates(w: float, n_items: int, n: int) -> int:
    """How many of the most doubtful items are searched for a batch of n.

    >>> n_candidates(1.0, 5000, 10), n_candidates(0.0, 5000, 10), n_candidates(0.0, 5000, 1)
    (5000, 200, 4)
    """
    floor = max(FLOOR * n, 200) if w > 0 else min(FLOOR * n, 2 * n * n + 2)
    return min(n_items, max(n, min(max(int(w * n_items), floor), MAX_CANDIDATES)))


def _width(evidence: Evidence, targets: Floats, rng: np.random.Generator) -> float:
    """The median distance between nearest labeled items; of targets, where there are not two of them."""
    labeled = evidence.embed_labeled[sample(len(evidence.embed_labeled), MAX_LABELED, rng)]
    apart = neighbour_distance(labeled, 1, evidence.max_bytes)
    apart = apart[apart > 1e-6 * max(1e-30, float(np.abs(labeled).max(initial=0)))]
    return float(np.median(apart)) if len(apart) else spread(targets, 1, evidence.max_bytes)


def _labels_a_class(evidence: Evidence) -> float:
    """Labels a class seen (two at least); without answers to look at, labeled items over outputs."""
    y, task = evidence.y_labeled, evidence.task
    if y is None or task is None:
        n_classes = 2 if task is None else max(2, task.n_outputs)
        n = len(evidence.embed_labeled)
        return n / n_classes if n else float(HIGH)
    return len(y) / max(2, len(task.classes_seen(y)))
