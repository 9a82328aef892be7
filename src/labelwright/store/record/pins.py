"""Events about items that are asked first, because a person said so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, SealedText
from labelwright.store.rows import Rows

_COLUMNS: Final = (  # all but whether the item was answered since, which is work in progress
    "ordinal", "place", "kind", "ranking_id", "position", "propensity", "n_before", "by", "seq",
)  # fmt: skip
_PROJECTED: Final = (Projected(t.pin, _COLUMNS),)
PINNED: Final = "pinned"


@dataclass(frozen=True)
class ItemsPinned(EventBody):
    """Items are asked before all others, in this order, after what was pinned before.

    Attributes
    ----------
    items : tuple of int
        Ordinals.
    reason : SealedText, optional
    """

    kind: ClassVar[str] = "items.pinned"
    projected: ClassVar[tuple[Projected, ...]] = _PROJECTED

    items: tuple[int, ...]
    reason: SealedText | None

    def project(self, rows: Rows, event: Event) -> None:
        _pin(rows, event, [{"ordinal": ordinal, "kind": PINNED} for ordinal in self.items])


@dataclass(frozen=True)
class ItemsUnpinned(EventBody):
    """Items are asked as the ranking says again.

    Attributes
    ----------
    items : tuple of int
        Ordinals.
    """

    kind: ClassVar[str] = "items.unpinned"
    projected: ClassVar[tuple[Projected, ...]] = _PROJECTED

    items: tuple[int, ...]

    def project(self, rows: Rows, event: Event) -> None:
        for start in range(0, len(self.items), 500):
            rows.delete(t.pin, t.pin.c.ordinal.in_(self.items[start : start + 500]))


@dataclass(frozen=True)
class ApprovedSlot:
    """A slot of a ranking that a person let pass: its position there, and what stands at it."""

    position: int
    ordinal: int
    kind: str
    propensity: float | None
    n_before: int


@dataclass(frozen=True)
class BatchApproved(EventBody):
    """A person has looked at slots of a ranking and lets them be asked, in this order, whatever is ranked later.

    Attributes
    ----------
    ranking : str
    slots : tuple of ApprovedSlot
    dropped : tuple of int
        Ordinals between them that the person left out.
    """

    kind: ClassVar[str] = "batch.approved"
    projected: ClassVar[tuple[Projected, ...]] = _PROJECTED

    ranking: str
    slots: tuple[ApprovedSlot, ...]
    dropped: tuple[int, ...]

    def project(self, rows: Rows, event: Event) -> None:
        _pin(
            rows,
            event,
            [
                {
                    "ordinal": slot.ordinal, "kind": slot.kind, "ranking_id": self.ranking,
                    "position": slot.position, "propensity": slot.propensity, "n_before": slot.n_before,
                }
                for slot in self.slots
            ],
        )  # fmt: skip


def _pin(rows: Rows, event: Event, slots: list[dict[str, object]]) -> None:
    """One row each; an item that was pinned before keeps its new place."""
    ordinals = [slot["ordinal"] for slot in slots]
    for start in range(0, len(ordinals), 500):
        rows.delete(t.pin, t.pin.c.ordinal.in_(ordinals[start : start + 500]))
    empty = {"ranking_id": None, "position": None, "propensity": None, "n_before": 0, "done": False}
    rows.insert(
        t.pin,
        *(
            {**empty, **slot, "place": event.seq * 1_000_000 + k, "by": event.actor, "seq": event.seq}
            for k, slot in enumerate(slots)
        ),
    )
