"""The default strategy from 0.2 to 1.0: it looks at accuracy alone; kept so that its rankings replay."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats
from labelwright.evidence.base import Evidence
from labelwright.kernels.distances import neighbour_distance, spread
from labelwright.kernels.herding import gaussian
from labelwright.kernels.top import top_n
from labelwright.strategies.base import Strategy, others
from labelwright.strategies.facility_location import FacilityLocation
from labelwright.strategies.max_herding import MaxHerding
from labelwright.strategies.shared.covering import MAX_CANDIDATES, N_TARGETS, herd_among, sample, weighted_sample
from labelwright.strategies.shared.duplicates import closed_by
from labelwright.strategies.shared.searching import likeliest, rare_class
from labelwright.strategies.shared.selection import Picks
from labelwright.strategies.shared.sourced import covered
from labelwright.tasks.base import Task
from labelwright.words import Reason, join

MAX_LABELED = 5000  # labeled items that the kernel's width is taken from
COVER = 1.5  # labels a class, below which all targets count alike
LOW, HIGH = 3, 10  # labels a class, between which the search narrows from the whole pool to the most doubtful
FLOOR = 20  # candidates a pick, at least
POWER = 2  # of the doubt, in the weights of targets
WIDTH = 1  # of the kernel, in distances between nearest labeled items
SEARCH = 0.5  # of a batch that goes to the likeliest items of a rare class


class Auto2(Strategy):
    """Uncertainty herding among the items that the model doubts most; coverage of the pool before that.

    Nothing labeled, or one class only: a representative seed (max-herding). Then greedy coverage of
    what the model doubts: candidates are the M items with the highest doubt, targets a sample
    of the pool by the square of the doubt, the kernel is as wide as labeled items are apart. With
    few labels a class M is the whole pool, with many it narrows, so that the picks go from coverage to
    margin. Doubt is the task's own: 1 - (p1 - p2), or its mean over labels. For numbers, where a committee's
    doubts were found to mislead, it goes on covering the pool (facility-location).

    Labeled items of another domain cover what is near them too.

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

    name = "auto-2"
    alias = "auto"
    version = 2
    family = "hybrid"
    needs = ("doubt", "embed")
    batch_aware = True
    has_gain = True
    cold = True
    random_share = 0.1
    reference = "Bae, Noh, Sutherland (2025). Uncertainty herding: one active learning method, eq. 4"

    def needs_of(self, task: Task) -> tuple[str, ...]:
        return self.needs if task.doubt_guides else ("embed",)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        if not evidence.taught:
            seed = MaxHerding()._pick(evidence, n, rng)
            return Picks(seed.indices, seed.scores, seed.reasons, "seed", why=seed.why)
        if evidence.task is not None and not evidence.task.doubt_guides:
            cover = FacilityLocation()._pick(evidence, n, rng)
            return Picks(cover.indices, cover.scores, cover.reasons, "coverage", why=Reason("coverage-number"))
        rare = rare_class(evidence) if self._searches(evidence) else None
        if rare is None:
            return self._herded(evidence, n, rng)
        likely = likeliest(evidence, rare, int(n * SEARCH + rng.random()), rng)
        left = others(evidence.n_items, closed_by(evidence, likely.indices))
        if not len(likely) or len(likely) == n or not len(left):
            return likely if len(likely) else self._herded(evidence, n, rng)
        rest = self._herded(evidence.subset(left), min(n - len(likely), len(left)), rng).at(left)
        return likely.joined(rest, why=join(likely.why, rest.why))

    def _herded(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        known = _labels_a_class(evidence)
        w = float(np.clip((HIGH - known) / (HIGH - LOW), 0, 1))
        part, doubt = self._doubt(evidence)
        n_searched = n_candidates(w, evidence.n_items, n)
        candidates = np.sort(top_n(doubt, n_searched, evidence.keys(rng)))
        whole = doubt.astype(np.float64) ** POWER
        covering = known < COVER or not whole.any()
        at, weights = weighted_sample(np.ones_like(whole) if covering else whole, N_TARGETS, rng)
        targets = evidence.embed_at(at)
        kernel = gaussian(WIDTH * _width(evidence, targets, rng))
        mode = "coverage" if covering else "uncertainty-herding"
        figures = {"labels_per_class": known, "n_searched": n_searched, "n_items": evidence.n_items}
        why = Reason("coverage-pool" if covering else f"coverage-{part}", figures)
        picks = herd_among(evidence, candidates, targets, weights, kernel, n, rng, mode, why, covered(evidence))
        reasons = picks.reasons | {part: doubt[picks.indices]}
        return Picks(picks.indices, picks.scores, reasons, mode, why=why)

    def _searches(self, evidence: Evidence) -> bool:
        """Whether it searches for a rare class."""
        return True

    def _doubt(self, evidence: Evidence) -> tuple[str, Floats]:
        """What candidates and targets are weighed by, (n_items,), and its name among the parts of a score."""
        return "doubt", evidence.doubt


def n_candidates(w: float, n_items: int, n: int) -> int:
    """How many of the most doubtful items are searched for a batch of n.

    >>> n_candidates(1.0, 5000, 10), n_candidates(0.0, 5000, 10), n_candidates(0.0, 5000, 1)
    (5000, 200, 4)
    """
    floor = max(FLOOR * n, 10 * FLOOR) if w > 0 else min(FLOOR * n, 2 * n * n + 2)
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
        return n / n_classes if n or evidence.source is not None else float(HIGH)
    return len(y) / max(2, len(task.classes_seen(y)))
