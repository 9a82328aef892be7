"""Events about saved slices: a part of the items with a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class SliceSaved(EventBody):
    """A part of the items has a name from now on.

    Attributes
    ----------
    id : str
    name : str
        Unique among the slices of the project.
    filter : JSON object, optional
        What the items have in common; opaque here. Those that fulfil it when they are looked for are in the slice.
    items : tuple of int
        Ordinals, ascending, where no filter is given.
    """

    kind: ClassVar[str] = "slice.saved"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.saved_slice), Projected(t.saved_slice_item))

    id: str
    name: str
    filter: JsonObject | None
    items: tuple[int, ...]

    def project(self, rows: Rows, event: Event) -> None:
        _forget(rows, self.id)
        rows.insert(
            t.saved_slice,
            {
                "id": self.id, "name": self.name, "filter": self.filter, "n_named": len(self.items),
                "by": event.actor, "at": event.at, "seq": event.seq,
            },
        )  # fmt: skip
        rows.insert(t.saved_slice_item, *({"slice_id": self.id, "ordinal": ordinal} for ordinal in self.items))


@dataclass(frozen=True)
class SliceRemoved(EventBody):
    """A slice has no name any more; its items stay as they are."""

    kind: ClassVar[str] = "slice.removed"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.saved_slice), Projected(t.saved_slice_item))

    id: str

    def project(self, rows: Rows, event: Event) -> None:
        _forget(rows, self.id)


def _forget(rows: Rows, slice_id: str) -> None:
    rows.delete(t.saved_slice, t.saved_slice.c.id == slice_id)
    rows.delete(t.saved_slice_item, t.saved_slice_item.c.slice_id == slice_id)
