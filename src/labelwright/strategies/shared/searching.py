"""The search for a rare class: which class is rare, and which items are likeliest of it."""

from __future__ import annotations

import numpy as np

from labelwright.evidence.base import Evidence
from labelwright.kernels.top import top_n
from labelwright.strategies.shared.duplicates import first_of_each
from labelwright.strategies.shared.selection import Picks
from labelwright.words import Reason

SPARE = 8  # likely items looked at for each pick, where some are duplicates


def rare_class(evidence: Evidence) -> int | None:
    """A class that is to be searched for: predicted ten times less than an even share, and few of the answers.

    With K classes, one predicted for under 1 / (10 K) of the pool and given in under 1 / K^2 of the answers; the
    rarest of several.
    """
    y, task = evidence.y_labeled, evidence.task
    if y is None or task is None or not task.one_class or not evidence.predicts:
        return None
    seen = task.classes_seen(y)
    k = len(seen)
    if k < 2 or evidence.proba.shape[1] <= seen.max():
        return None
    predicted = np.bincount(evidence.proba.argmax(axis=1), minlength=evidence.proba.shape[1])[seen] / evidence.n_items
    given = np.bincount(y, minlength=seen.max() + 1)[seen] / len(y)
    rare = (predicted < 1 / (10 * k)) & (given < 1 / k**2)
    return int(seen[rare][np.argmin(predicted[rare])]) if rare.any() else None


def likeliest(evidence: Evidence, rare: int, n: int, rng: np.random.Generator) -> Picks:
    """At most n items likeliest of a class, per unit of cost; one of each group of duplicates."""
    proba = evidence.proba[:, rare]
    gain = proba if evidence.costs is None else proba / evidence.costs
    order = top_n(gain, min(evidence.n_items, SPARE * n), evidence.keys(rng))
    picks = order[first_of_each(evidence, order, n)]
    scores = gain[picks].astype(np.float64)
    task = evidence.proba_task
    name = task.describe(task.decode(np.array([rare]))[0])
    why = Reason("rare-class", {"rare": name, "n_rare": len(picks)})
    return Picks(picks, scores, {"rare-class": scores}, mode="search", why=why)
