"""Ask where the predicted number of labels is unusual."""

from __future__ import annotations

from labelwright.check import Floats
from labelwright.evidence.base import Evidence
from labelwright.scores.multilabel import label_cardinality
from labelwright.strategies.base import Strategy


class LabelCardinality(Strategy):
    """Label cardinality inconsistency: far more or far fewer labels are predicted than items usually have.

    The score is the distance of the predicted number of labels to the mean over the labeled items, in labels. Coarse,
    with many ties, so combine it, or use it to find items that the model misses altogether. Not where the number of
    labels truly differs between items.

    Notes
    -----
    Cost: one pass over the predictions.
    """

    name = "label-cardinality"
    family = "multilabel"
    tasks = ("multilabel",)
    needs = ("proba", "answers")
    has_gain = True
    reference = "Li, Guo (2013). Active learning with multi-label SVM classification, label cardinality"

    def _score(self, evidence: Evidence) -> Floats:
        mean_count = float(evidence.answers.sum(axis=1).mean())
        return label_cardinality(evidence.proba, mean_count, evidence.max_bytes)
