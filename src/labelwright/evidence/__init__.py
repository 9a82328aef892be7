"""What strategies may look at: candidates, predictions, draws of a committee, embeddings, answers."""

from labelwright.evidence.annotations import Annotations
from labelwright.evidence.base import Change, Evidence
from labelwright.evidence.source import SourceItems

__all__ = ["Annotations", "Change", "Evidence", "SourceItems"]
