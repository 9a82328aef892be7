"""Ask about new items, or again about answered ones, wherever the class is least certain."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.check import Floats, check_count, check_same_length
from labelwright.kernels.top import top_n
from labelwright.scores.relabel import activelab
from labelwright.strategies.annotations import Annotations
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence
from labelwright.strategies.selection import LABELED, POOL, Picks


class ActiveLab(Strategy):
    """One scale for a first answer and for one more: how little model and annotators together know of the class.

    The score is one minus the paper's, between 0 and 1: high where the model is unsure, where annotators disagree
    with it or with each other, or where those who answered are rarely right. For several annotators who make
    mistakes. Not where answers are reliable: then each second answer is one that a new item does not get.

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

    name: ClassVar[str] = "activelab"
    family: ClassVar[str] = "relabel"
    tasks: ClassVar[tuple[str, ...]] = ("classification",)
    needs: ClassVar[tuple[str, ...]] = ("proba", "labeled", "answers", "annotations")
    reference: ClassVar[str] = "Goh, Mueller (2023). ActiveLab: active learning with re-labeling by multiple annotators"

    def __init__(self, *, max_answers: int = 5) -> None:
        self.max_answers = check_count("activelab", "max_answers", max_answers)

    def _score(self, evidence: Evidence) -> Floats:
        return self._scores(evidence, answers_of(evidence))[1]

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        found = answers_of(evidence)
        again, new = self._scores(evidence, found)
        n_answers = np.bincount(found.item, minlength=len(again))
        labeled = np.flatnonzero(n_answers < self.max_answers)
        scores = np.concatenate([new, again[labeled]])
        of, n_new = evidence.keys(rng), len(new)

        def keys(at: np.ndarray) -> np.ndarray:
            words = np.uint64(2**64 - 1) - at.astype(np.uint64)  # labeled ones, after all others
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

    def _scores(self, evidence: Evidence, found: Annotations) -> tuple[Floats, Floats]:
        known = evidence.predictions_labeled.values
        check_same_length("activelab", y_labeled=len(evidence.answers), predictions_labeled=len(known))
        return activelab(known, evidence.proba, found.item, found.annotator, found.answer, evidence.max_bytes)


def answers_of(evidence: Evidence) -> Annotations:
    """Each person's first answer to each labeled item; an item without any has its label from somebody unknown."""
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
    )
