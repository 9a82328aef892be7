"""Events about what was destroyed for good, with the chain left whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, SealedText
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class ItemsErased(EventBody):
    """The content of items was destroyed, and what was derived from it.

    The items are excluded by an event of their own before this one, unless they were already.

    Attributes
    ----------
    items : tuple of int
        Ordinals, increasing.
    reason : SealedText, optional
    label_versions : tuple of str
        Versions that hold a label of one of them.
    models : tuple of str
        Models that were trained on one of them.
    arrays : mapping of str to str
        Files that were written anew without them, and their digests from then on.
    """

    kind: ClassVar[str] = "items.erased"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.erasure),)

    items: tuple[int, ...]
    reason: SealedText | None
    label_versions: tuple[str, ...]
    models: tuple[str, ...]
    arrays: dict[str, str]

    def project(self, rows: Rows, event: Event) -> None:
        reason = self.reason.id if self.reason else None
        rows.insert(
            t.erasure,
            *({"ordinal": ordinal, "by": event.actor, "at": event.at, "reason_id": reason, "seq": event.seq}
              for ordinal in self.items),
        )  # fmt: skip
        for path, digest in self.arrays.items():
            rows.update(t.array_file, t.array_file.c.path == path, digest=digest)
