"""Events about webhooks: which hosts are told of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.store.record.base import EventBody


@dataclass(frozen=True)
class WebhookSet(EventBody):
    """An address is told of some kinds of events from now on, or of none any more.

    Attributes
    ----------
    id : str
    host : str
        The address without its path, which may hold a secret.
    kinds : tuple of str
        Empty where it was removed.
    """

    kind: ClassVar[str] = "webhook"

    id: str
    host: str
    kinds: tuple[str, ...]
