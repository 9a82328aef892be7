"""Events that merge or split labels, and those of changes that wait for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, SealedText
from labelwright.store.record.rebuild import folded_flags
from labelwright.store.record.withdrawn import withdrawn_items
from labelwright.store.rows import Rows

PROPOSED, APPROVED, REFUSED = "proposed", "approved", "refused"
CHUNK: Final = 500


@dataclass(frozen=True)
class LabelsChanged(EventBody):
    """A label was merged into another, or split into several. Answers keep what they say; how they are read changes.

    Attributes
    ----------
    question : str
        The question's id.
    what : str
        "merge" or "split".
    label : str
        The id that is a label no more.
    into : tuple of str
        The label that it became, or the new labels that took its place.
    version : int
        Of the schema, the next one.
    body : JSON object
        The schema; opaque here, read by the task.
    withdrawn : tuple of str
        Ids of labels whose answers count no more from this event on: the one that was split, and those merged into it.
    reason : SealedText
        Why, or why it was approved.
    change : str
        The id of this change, that of its proposal where there was one.
    """

    kind: ClassVar[str] = "labels.changed"
    projected: ClassVar[tuple[Projected, ...]] = (
        Projected(t.question), Projected(t.schema_version), Projected(t.project), Projected(t.annotation),
        Projected(t.label_change),
    )  # fmt: skip

    question: str
    what: str
    label: str
    into: tuple[str, ...]
    version: int
    body: JsonObject
    withdrawn: tuple[str, ...]
    reason: SealedText
    change: str

    def project(self, rows: Rows, event: Event) -> None:
        rows.update(t.question, t.question.c.id == self.question, schema_version=self.version, wanted_seq=event.seq)
        rows.insert(
            t.schema_version,
            {
                "question_id": self.question, "version": self.version, "body": self.body, "seq": event.seq,
                "withdrawn": list(self.withdrawn),
            },
        )  # fmt: skip
        rows.update(t.project, settings_version=t.project.c.settings_version + 1, wanted_seq=event.seq)
        _fold_again(rows, withdrawn_items(rows, since=event.seq))
        decided = {
            "state": APPROVED, "decided_by": event.actor, "decided_at": event.at,
            "decided_reason_id": self.reason.id,
        }  # fmt: skip
        if not rows.update(t.label_change, t.label_change.c.id == self.change, **decided):
            rows.insert(
                t.label_change,
                {
                    "id": self.change, "question_id": self.question, "what": self.what, "label": self.label,
                    "became": list(self.into), "schema_version": self.version - 1, "by": event.actor, "at": event.at,
                    "reason_id": self.reason.id, "seq": event.seq, **decided,
                },
            )  # fmt: skip


@dataclass(frozen=True)
class LabelsProposed(EventBody):
    """Somebody proposed to merge or split a label; another person has to approve it.

    Attributes
    ----------
    change : str
        The id of the change.
    question : str
    what : str
        "merge" or "split".
    label : str
        The id of the label that would go.
    into : tuple of str
        The id of the label that would stay, or the names of the new ones.
    schema_version : int
        The one that the person saw.
    reason : SealedText
    """

    kind: ClassVar[str] = "labels.proposed"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.label_change),)

    change: str
    question: str
    what: str
    label: str
    into: tuple[str, ...]
    schema_version: int
    reason: SealedText

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.label_change,
            {
                "id": self.change, "question_id": self.question, "what": self.what, "label": self.label,
                "became": list(self.into), "schema_version": self.schema_version, "state": PROPOSED,
                "reason_id": self.reason.id, "by": event.actor, "at": event.at, "decided_by": None,
                "decided_at": None, "decided_reason_id": None, "seq": event.seq,
            },
        )  # fmt: skip


@dataclass(frozen=True)
class LabelsRefused(EventBody):
    """A proposal to merge or split a label was refused, or taken back by whoever made it.

    Attributes
    ----------
    change : str
    reason : SealedText
    """

    kind: ClassVar[str] = "labels.refused"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.label_change),)

    change: str
    reason: SealedText

    def project(self, rows: Rows, event: Event) -> None:
        rows.update(
            t.label_change, t.label_change.c.id == self.change, state=REFUSED, decided_by=event.actor,
            decided_at=event.at, decided_reason_id=self.reason.id,
        )  # fmt: skip


def last_change(rows: Rows, question: str, schema_version: int) -> tuple[int, str] | None:
    """Number and time of the last event up to a version of the schema that merged or split labels of a question."""
    version, event = t.schema_version, t.event
    found = rows.first(
        rows.select(event.c.seq, event.c.at)
        .where(
            event.c.seq == version.c.seq, event.c.kind == LabelsChanged.kind, rows.own(version),
            version.c.question_id == question, version.c.version <= schema_version,
        )
        .order_by(event.c.seq.desc())
    )  # fmt: skip
    return None if found is None else (int(found.seq), str(found.at))


def _fold_again(rows: Rows, ordinals: list[int]) -> None:
    """Bring the flags of what people said of some items up to date."""
    table = t.annotation
    for start in range(0, len(ordinals), CHUNK):
        part = ordinals[start : start + CHUNK]
        first, stands = folded_flags(rows, ordinals=part)
        rows.update(table, table.c.ordinal.in_(part), first=False, standing=False)
        for name, seqs in (("first", sorted(first)), ("standing", sorted(stands))):
            for begin in range(0, len(seqs), CHUNK):
                rows.update(table, table.c.seq.in_(seqs[begin : begin + CHUNK]), **{name: True})
