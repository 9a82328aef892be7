"""Events about items whose answer is known, by which people are checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, SealedText
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class GoldSet(EventBody):
    """An item got a known answer, another one, or has none any more. The envelope names the item.

    Attributes
    ----------
    question : str
    answer : JSON object
        Opaque here, read by the task.
    rule : SealedText, optional
        Why the answer is right, shown as feedback.
    source : str
        "review", "calibration" or "lead".
    active : bool
        Whether people are checked with it from now on.
    """

    kind: ClassVar[str] = "gold"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.gold),)

    question: str
    answer: JsonObject
    rule: SealedText | None
    source: str
    active: bool

    def project(self, rows: Rows, event: Event) -> None:
        table = t.gold
        rows.delete(table, table.c.ordinal == event.ordinal, table.c.question_id == self.question)
        rows.insert(
            table,
            {
                "ordinal": event.ordinal, "question_id": self.question, "answer": self.answer,
                "rule_id": self.rule.id if self.rule else None, "source": self.source, "active": self.active,
                "seq": event.seq,
            },
        )  # fmt: skip
