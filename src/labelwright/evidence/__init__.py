"""What strategies may look at: candidates, predictions, draws of a committee, embeddings, answers."""

from labelwright.evidence.annotations import Annotations
from labelwright.evidence.base import Change, Evidence

__all__ = ["Annotations", "Change", "Evidence"]
