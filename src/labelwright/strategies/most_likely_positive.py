"""Ask about what is most likely to be of the class one looks for."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, check_between, check_count, complain
from labelwright.evidence.base import Evidence
from labelwright.kernels.top import top_n
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks


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
    doubt_share : float
        Of the picks, those about which the model is in most doubt, which teach it more; in [0, 0.5]. They are spread
        evenly.

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

    def __init__(self, *, positive: int | None = None, doubt_share: float = 0.0) -> None:
        check_between("most-likely-positive", "doubt_share", doubt_share, 0, 0.5)
        self.doubt_share = float(doubt_share)
        self.positive = None if positive is None else check_count("most-likely-positive", "positive", positive, 0)

    def _score(self, evidence: Evidence) -> Floats:
        proba = evidence.proba
        positive = rarest(evidence) if self.positive is None else self.positive
        if positive >= proba.shape[1]:
            raise complain("most-likely-positive", "positive", f"below {proba.shape[1]} (the classes)", positive)
        return np.ascontiguousarray(proba[:, positive])

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        picks = super()._pick(evidence, n, rng)
        places = np.flatnonzero(np.diff(np.floor(np.arange(n + 1) * self.doubt_share + 1e-9)) > 0)
        if not len(places):
            return picks
        score = self.score(evidence)
        left = np.setdiff1d(np.arange(evidence.n_items), picks.indices[: n - len(places)])
        doubtful = left[top_n(-np.abs(score[left] - 0.5), len(places), lambda at: evidence.keys(rng)(left[at]))]
        order = np.empty(n, dtype=np.int64)
        sure = np.setdiff1d(np.arange(n), places)
        order[sure] = picks.indices[: len(sure)]
        order[places] = doubtful
        parts = {self.name: score[order], "doubt": 1 - 2 * np.abs(score[order] - 0.5)}
        return Picks(order, score[order], parts)


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
