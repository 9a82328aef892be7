"""Ask about what is most likely to be of the class one looks for."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, check_count, complain
from labelwright.evidence.base import Evidence
from labelwright.strategies.base import Strategy


class MostLikelyPositive(Strategy):
    """Asks for the items most likely of one class: it finds as many as it can, and teaches the model little.

    The score is the probability of the class, between 0 and 1. For search, reviews and rare classes. Not where the
    model is to become good at all classes: it asks where the model is most certain.

    Parameters
    ----------
    positive : int or None
        Which class or label, as a position. None for the one with the fewest answers among those seen; of several
        the one that the model predicts least, then the last. That may change as answers come in, so name the
        class where you know it.

    Notes
    -----
    Cost: one column of the predictions.
    """

    name = "most-likely-positive"
    family = "search"
    tasks = ("classification", "multilabel")
    needs = ("proba", "answers")
    has_gain = True
    reference = "Lewis, Gale (1994). A sequential algorithm for training text classifiers, relevance sampling"

    def __init__(self, *, positive: int | None = None) -> None:
        self.positive = None if positive is None else check_count("most-likely-positive", "positive", positive, 0)

    def _score(self, evidence: Evidence) -> Floats:
        proba = evidence.proba
        positive = rarest(evidence) if self.positive is None else self.positive
        if positive >= proba.shape[1]:
            raise complain("most-likely-positive", "positive", f"below {proba.shape[1]} (the classes)", positive)
        return np.ascontiguousarray(proba[:, positive])


def rarest(evidence: Evidence) -> int:
    """The class or label with the fewest answers among those seen, then with the least predicted, then the last."""
    return int(by_rarity(evidence)[0])


def by_rarity(evidence: Evidence) -> np.ndarray:
    """Classes or labels seen among the answers (all, if none is), the rarest first."""
    y, proba = evidence.answers, evidence.proba
    seen = evidence.proba_task.classes_seen(y)
    if not len(seen):
        seen = np.arange(proba.shape[1])
    counts = (y == 1).sum(axis=0) if y.ndim == 2 else np.bincount(y, minlength=proba.shape[1])
    predicted = proba.sum(axis=0, dtype=np.float64)[seen]
    return seen[np.lexsort((-seen, predicted, counts[seen]))]
