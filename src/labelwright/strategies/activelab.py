"""Ask about new items, or again about answered ones, wherever the class is least certain."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, check_count, check_same_length
from labelwright.evidence.annotations import Annotations
from labelwright.evidence.base import Evidence
from labelwright.kernels.top import top_n
from labelwright.scores.relabel import activelab
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import LABELED, POOL, Picks


class ActiveLab(Strategy):
    """One scale for new items and for items to ask again: how uncertain model and annotators together are of the class.

    The score is one minus the paper's, between 0 and 1: high where the model is unsure, where annotators disagree with
    it or with each other, or where those who answered are rarely right. For several annotators who make mistakes. Not
    where answers are reliable: each second answer is then lost for a new item.

    Parameters
    ----------
    max_answers : int
        An item with that many answers is not asked again.

    Notes
    -----
    Picks have the source "labeled" where an item is to be asked again. Without annotations each labeled item has one
    answer by one unknown person. The model's probabilities of labeled items should come from folds that did not
    see them; from the fitted model itself they flatter the answers. `select` and `simulate` ask again; the queue of
    a project takes its new items only. Cost: two passes over the predictions.
    """

    name = "activelab"
    family = "relabel"
    tasks = ("classification",)
    needs = ("proba", "labeled", "answers", "annotations")
    reference = "Goh, Mueller (2023). ActiveLab: active learning with re-labeling by multiple annotators"

    def __init__(self, *, max_answers: int = 5) -> None:
        self.max_answers = check_count("activelab", "max_answers", max_answers)

    def _score(self, evidence: Evidence) -> Floats:
        return self._scores(evidence, answers_of(evidence))[1]

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        annotations = answers_of(evidence)
        again, new = self._scores(evidence, annotations)
        n_answers = np.bincount(annotations.item, minlength=len(again))
        labeled = annotations.may_be_asked_again(len(again), self.max_answers)
        scores = np.concatenate([new, again[labeled]])
        of, n_new = evidence.keys(rng), len(new)

        def keys(at: np.ndarray) -> np.ndarray:
            words = np.uint64(2**64 - 1) - at.astype(np.uint64)  # labeled items come after all others
            if (at < n_new).any():
                words[at < n_new] = of(at[at < n_new]) >> np.uint64(1)
            return words

        best = top_n(scores, n, keys)
        ours = best < n_new
        indices = best.copy()
        indices[~ours] = labeled[best[~ours] - n_new]
        answered = np.zeros(n)
        answered[~ours] = n_answers[indices[~ours]]
        return Picks(
            indices, scores[best], {self.name: scores[best], "answers": answered},
            source=np.where(ours, POOL, LABELED),
        )  # fmt: skip

    def _scores(self, evidence: Evidence, annotations: Annotations) -> tuple[Floats, Floats]:
        known = evidence.proba_labeled
        check_same_length("activelab", y_labeled=len(evidence.answers), predictions_labeled=len(known))
        return activelab(
            known, evidence.proba, annotations.item, annotations.annotator, annotations.answer, evidence.max_bytes
        )


def answers_of(evidence: Evidence) -> Annotations:
    """Each person's first answer to each labeled item; an item without one counts as answered by an unknown person."""
    y, given = evidence.answers, evidence.annotations
    if given is None:
        return Annotations(np.arange(len(y)), np.zeros(len(y), dtype=np.int64), y)
    _, first = np.unique(np.stack([given.item, given.annotator]), axis=1, return_index=True)
    first = np.sort(first)
    without = np.setdiff1d(np.arange(len(y)), given.item)
    unknown = int(given.annotator.max(initial=-1)) + 1
    return Annotations(
        np.concatenate([given.item[first], without]),
        np.concatenate([given.annotator[first], np.full(len(without), unknown)]),
        np.concatenate([given.answer[first], y[without]]),
        given.costs,
    )
