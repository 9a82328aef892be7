"""Events about what people say of items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import func

from labelwright.plain import Json, JsonObject
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, SealedText, Upcaster
from labelwright.store.record.standing import ABOUT_ITEM, REPEAT, FoldedAnnotation, standing
from labelwright.store.record.withdrawn import withdrawn
from labelwright.store.rows import Rows


def _annotation_1_to_2(data: dict[str, Json]) -> dict[str, Json]:
    """Version 1 named the only question for skips and flags too, and called ``kind`` what is ``what`` since."""
    what = data["kind"]
    question = None if what in ABOUT_ITEM else data["question"]
    kept = {key: value for key, value in data.items() if key != "kind"}
    return {**kept, "what": what, "question": question, "exposed": False, "propensity": None}


def _annotation_2_to_3(data: dict[str, Json]) -> dict[str, Json]:
    """Version 2 knew no "reopen"."""
    return data


def _annotation_3_to_4(data: dict[str, Json]) -> dict[str, Json]:
    """Version 3 asked nobody back and showed no right answers; it knew no "repeat"."""
    return {**data, "prompted": None}


@dataclass(frozen=True)
class AnnotationGiven(EventBody):
    """One person's answer, skip, flag, correction or undo. The envelope names the item and the person.

    Attributes
    ----------
    id, answer_id : str
        Ours, and the one that the client chose.
    body_hash : str
        Hash of the fields as the client sent them, to know a repeated request.
    question : str, optional
        None for a skip or a flag, which concern the item.
    what : str
        "answer", "skip", "flag", "undo", "reopen", "correct" or "repeat". "reopen" is an undo of an answer about an
        item of the reserve, whose first answer it leaves as it is. "repeat" is an answer of somebody who was asked a
        second time to see whether it is the same; it changes nothing that the person said before.
    answer : JSON object, optional
        Opaque here, read by the task.
    reason : SealedText, optional
    replaces : str, optional
        The annotation that is undone or corrected.
    seconds : float, optional
        Active seconds.
    lease, ranking, position, slot, propensity
        Why the item was shown: the lease, the place in a published ranking, the kind of slot and its chance.
    schema_version, guideline_version : int
        Of the question; those of the primary question for a skip or a flag.
    late, grid, exposed : bool
        Whether the lease had ended, whether it was one of a grid, and whether the person had seen what others or
        the model say of the item.
    prompted : str, optional
        What a revision came after: "prompt", where the person was asked "are you sure?", or "feedback", where the
        right answer had been shown.
    """

    kind: ClassVar[str] = "annotation"
    body_version: ClassVar[int] = 4
    upcasters: ClassVar[Mapping[int, Upcaster]] = {
        1: _annotation_1_to_2, 2: _annotation_2_to_3, 3: _annotation_3_to_4,
    }  # fmt: skip
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.annotation),)

    id: str
    answer_id: str
    body_hash: str
    question: str | None
    what: str
    answer: JsonObject | None
    reason: SealedText | None
    replaces: str | None
    seconds: float | None
    lease: str | None
    ranking: str | None
    position: int | None
    slot: str | None
    propensity: float | None
    schema_version: int
    guideline_version: int
    late: bool
    grid: bool
    exposed: bool
    prompted: str | None

    def project(self, rows: Rows, event: Event) -> None:
        assert event.ordinal is not None
        _add(rows, self.row(event))
        if self.teaches:
            rows.update(t.question, t.question.c.id == self.question, wanted_seq=event.seq)
            rows.update(t.project, wanted_seq=event.seq)

    @property
    def teaches(self) -> bool:
        """Whether it may change a label; a skip, a flag or a repeated answer does not."""
        return self.question is not None and self.what != REPEAT

    def row(self, event: Event) -> dict[str, object]:
        """The row of the table ``annotation``, without its flags."""
        return {
            "seq": event.seq, "id": self.id, "answer_id": self.answer_id, "body_hash": self.body_hash,
            "ordinal": event.ordinal, "question_id": self.question, "person_id": event.actor, "kind": self.what,
            "answer": self.answer, "reason_id": self.reason.id if self.reason else None, "replaces": self.replaces,
            "seconds": self.seconds, "at": event.at, "lease_id": self.lease, "ranking_id": self.ranking,
            "position": self.position, "slot_kind": self.slot, "propensity": self.propensity,
            "schema_version": self.schema_version, "guideline_version": self.guideline_version, "late": self.late,
            "grid": self.grid, "exposed": self.exposed, "prompted": self.prompted, "first": False, "standing": False,
        }  # fmt: skip


@dataclass(frozen=True)
class _New:
    """The annotation that comes, as the fold reads it."""

    seq: int
    id: str
    kind: str
    question_id: str | None
    replaces: str | None


def _add(rows: Rows, row: dict[str, Any]) -> None:
    """Insert an annotation, and bring the flags of what the person said before about the item up to date."""
    table = t.annotation
    earlier = rows.all(
        rows.select(
            table.c.seq, table.c.id, table.c.kind, table.c.question_id, table.c.replaces, table.c.first,
            table.c.standing,
        )
        .where(table.c.ordinal == row["ordinal"], table.c.person_id == row["person_id"])
        .order_by(table.c.seq)
    )  # fmt: skip
    new = _New(row["seq"], row["id"], row["kind"], row["question_id"], row["replaces"])
    annotations: list[FoldedAnnotation] = [*earlier, new]
    ordinal = row["ordinal"]
    folded = standing(
        annotations, since=content_since(rows, ordinal) if earlier else 0,
        without=withdrawn(rows, ordinals=[ordinal]) if earlier else (),
    )  # fmt: skip
    rows.insert(table, {**row, "first": new.seq in folded.first, "standing": new.seq in folded.standing})
    for one in earlier:
        flags = {"first": one.seq in folded.first, "standing": one.seq in folded.standing}
        if flags != {"first": one.first, "standing": one.standing}:
            rows.update(table, table.c.seq == one.seq, **flags)


def content_since(rows: Rows, ordinal: int) -> int:
    """The event that gave an item the content it has, 0 for what was imported."""
    table = t.replacement
    return int(rows.scalar(rows.select(func.max(table.c.seq)).where(table.c.ordinal == ordinal)) or 0)
