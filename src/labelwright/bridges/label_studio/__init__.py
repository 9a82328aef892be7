"""A bridge to Label Studio: pushes items in the published order, takes annotations as they come."""

from labelwright.bridges.label_studio.bridge import Bridge, Exchanged
from labelwright.bridges.label_studio.peer import AwayError, Peer

__all__ = ["AwayError", "Bridge", "Exchanged", "Peer"]
