"""The default strategy: representative items at first, then doubtful items that are spread out, as the metric asks."""

from __future__ import annotations

from typing import Final

import numpy as np

from labelwright.check import Floats
from labelwright.evidence.base import Evidence
from labelwright.strategies.auto_2 import Auto2
from labelwright.strategies.shared.aims import ANSWERS, CLASSES, PROBABILITY, RANKING, aim_of
from labelwright.tasks.base import Task

# random share at least, by what the metric looks at where it is more than which answers are right
RANDOM: Final = {CLASSES: 0.1, RANKING: 0.2, PROBABILITY: 0.6}
EVENNESS = 0.5  # power of a class's mean probability that its probabilities are divided by there
RAREST = 1e-3  # mean probability of a class, at least


class Auto(Auto2):
    """Uncertainty herding among the items that the model doubts most; coverage of the pool before that; for the metric.

    Nothing labeled, or one class only: a representative seed (max-herding). Then greedy coverage of
    what the model doubts: candidates are the M items with the highest doubt, targets a sample
    of the pool by the square of the doubt, the kernel is as wide as labeled items are apart. With
    few labels a class M is the whole pool, with many it narrows, so that the picks go from coverage to
    margin. Doubt is the task's own: 1 - (p1 - p2), or its mean over labels. For numbers, where a committee's
    doubts were found to mislead, it goes on covering the pool (facility-location).

    For accuracy, half of a batch goes to the items most likely of a class that is rare. Other metrics look at all
    classes alike (balanced accuracy, F1, costs of errors), at the order of the items (ROC AUC, average precision), or
    at probabilities (log loss). For them nothing is searched for, and the doubt is taken after each class's
    probabilities are divided by the root of their mean, so that an item is doubtful at odds between even ones and
    those of the pool. A fifth of a batch is sampled at random for an order, three fifths for probabilities.

    Labeled items of another domain cover what is near them too.

    The score is the doubt-weighted coverage that a pick adds, or the probability of the rare class, between 0 and 1.
    Not where only one class matters and finding its items is the aim: most-likely-positive finds more of them.

    Notes
    -----
    w = clip((10 K - n) / (7 K), 0, 1) for n labels of K classes. M = w N, at least 20 b (and 200
    while w > 0; 2 b^2 + 2 once w = 0 and b is small), at most 10,000. The width is the median distance of a labeled
    item to the nearest other one. Below 1.5 labels a class all targets count alike. Cost: one pass over the
    doubts, one product of candidates and 4,000 targets. For several labels an item and for numbers the metric changes
    nothing.
    """

    name = "auto-3"
    alias = "auto"
    version = 3

    def shard_key(self, task: Task, metric: str | None) -> str:
        """The doubt of an item depends on the whole pool where the metric looks beyond which answers are right."""
        return "" if _beyond_answers(task, metric) else super().shard_key(task, metric)

    def least_random(self, evidence: Evidence) -> float:
        """A fifth where the metric looks at the order of the items, three fifths where it looks at probabilities."""
        return RANDOM[aim_of(evidence.metric)] if _beyond_answers(evidence.task, evidence.metric) else 0.0

    def _searches(self, evidence: Evidence) -> bool:
        return not _beyond_answers(evidence.task, evidence.metric)

    def _doubt(self, evidence: Evidence) -> tuple[str, Floats]:
        if not (evidence.predicts and _beyond_answers(evidence.task, evidence.metric)):
            return super()._doubt(evidence)
        return "balanced-doubt", balanced_doubt(evidence.proba, EVENNESS)


def _beyond_answers(task: Task | None, metric: str | None) -> bool:
    """Whether each item has one class, and the metric looks at more than which answers are right."""
    return task is not None and task.one_class and aim_of(metric) != ANSWERS


def balanced_doubt(proba: Floats, power: float) -> Floats:
    """1 minus the gap between the two best classes, after each is divided by a power of its mean probability.

    At power 0 it is the plain doubt, largest at even odds; at power 1 it is largest where the odds are those of the
    whole pool.

    Examples
    --------
    >>> proba = np.array([[0.9, 0.1], [0.5, 0.5], [0.98, 0.02], [0.82, 0.18]])  # mean: 0.8 and 0.2
    >>> [int(balanced_doubt(proba, power).argmax()) for power in (0, 1)]
    [1, 3]
    """
    means = np.maximum(proba.mean(axis=0, dtype=np.float64), RAREST)
    weighted = proba / means**power
    weighted /= weighted.sum(axis=1, keepdims=True)
    two = np.partition(weighted, -2, axis=1)[:, -2:]
    return np.asarray(1 - (two[:, 1] - two[:, 0]))
