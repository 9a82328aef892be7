"""Ask where the predicted set of labels is expected to hold most mistakes."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats
from labelwright.evidence.base import Evidence
from labelwright.kernels.blocks import each_block
from labelwright.scores.multilabel import expected_mistakes
from labelwright.strategies.base import Strategy


class Mmc(Strategy):
    """Maximum loss reduction with maximal confidence: guess how many labels an item has, then count doubtful ones.

    A logistic regression learns from the labeled items how many labels go with which sorted probabilities; that many of
    the likeliest labels are taken for the item's. The score is how many labels are then expected to be wrong, between 0
    and their number. Not with a handful of labeled items, from which no number of labels can be learned, or with many
    labels that are very rare.

    Notes
    -----
    Cost: one sort of each row of predictions. The labels' own probabilities stand for the paper's decision values
    of support vector machines; those of the labeled items come from the model that was fitted on them, as in the
    paper.
    """

    name = "mmc"
    family = "multilabel"
    tasks = ("multilabel",)
    needs = ("proba", "labeled", "answers")
    has_gain = True
    reference = "Yang, Sun, Wang, Chen (2009). Effective multi-label active learning for text classification, MMC"

    def _score(self, evidence: Evidence) -> Floats:
        known = evidence.answers.sum(axis=1, dtype=np.int64)
        counts = predicted_counts(evidence.proba_labeled, known, evidence.proba, evidence.max_bytes)
        return expected_mistakes(evidence.proba, counts, evidence.max_bytes)


def predicted_counts(
    proba_labeled: Floats, known: np.ndarray, proba: Floats, max_bytes: int | None = None
) -> np.ndarray:
    """How many labels each item is thought to have, (n_items,), by logistic regression on sorted probabilities.

    >>> sure = np.array([[0.9, 0.1], [0.1, 0.9], [0.5, 0.5], [0.5, 0.6]])
    >>> predicted_counts(np.repeat(sure, 20, axis=0), np.repeat([1, 1, 2, 2], 20), sure[1:3])
    array([1, 2])
    """
    if (known == known[0]).all():
        return np.full(len(proba), known[0])
    from sklearn.linear_model import LogisticRegression

    counter = LogisticRegression(max_iter=1000).fit(_sorted(proba_labeled), known)
    parts = each_block(
        lambda cut: counter.predict(_sorted(proba[cut])),
        len(proba), 40 * proba.shape[1] + 16 * len(counter.classes_), max_bytes, "mmc",
    )  # fmt: skip
    return np.concatenate(parts)


def _sorted(proba: Floats) -> np.ndarray:
    """Each row from high to low, as shares of its sum."""
    rows = np.sort(np.asarray(proba, dtype=np.float64), axis=1)[:, ::-1]
    return np.asarray(rows / np.maximum(rows.sum(axis=1, keepdims=True), 1e-12))
