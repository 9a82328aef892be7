"""Ask where the predicted number of labels is unusual."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.scores.multilabel import label_cardinality
from labelwright.strategies.base import Strategy
from labelwright.strategies.evidence import Evidence


class LabelCardinality(Strategy):
    """Label cardinality inconsistency: far more or far fewer labels are predicted than items usually have.

    The score is the distance of the predicted number of labels to the mean over the labeled items, in labels.
    Coarse, with many ties, so combine it or use it to find what the model misses altogether. Not where items truly
    differ in how many labels they have.

    Notes
    -----
    Cost: one pass over the predictions.
    """

    name: ClassVar[str] = "label-cardinality"
    family: ClassVar[str] = "multilabel"
    tasks: ClassVar[tuple[str, ...]] = ("multilabel",)
    needs: ClassVar[tuple[str, ...]] = ("proba", "answers")
    has_gain: ClassVar[bool] = True
    reference: ClassVar[str] = "Li, Guo (2013). Active learning with multi-label SVM classification, label cardinality"

    def _score(self, evidence: Evidence) -> Floats:
        mean_count = float(evidence.answers.sum(axis=1).mean())
        return label_cardinality(evidence.proba, mean_count, evidence.max_bytes)
