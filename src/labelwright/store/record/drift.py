"""Events about drift: what a look finds, an alarm, and what people make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, SealedText
from labelwright.store.record.entering import enter_decision
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class DriftLooked(EventBody):
    """The machine has looked whether the data have changed.

    Attributes
    ----------
    cycle : int
        Whose features and model it was looked with.
    question : str
    n_items, n_labels : int
        Items, and labels of the reserve, at this look.
    findings : tuple of JSON objects
        What it says of inputs, columns, predictions, labels and errors, and of the stream of errors as answered, also
        of other questions; opaque here.
    """

    kind: ClassVar[str] = "drift.looked"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision),)

    cycle: int
    question: str
    n_items: int
    n_labels: int
    findings: tuple[JsonObject, ...]

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=self.cycle)


@dataclass(frozen=True)
class DriftFound(EventBody):
    """Something is not as it was.

    Attributes
    ----------
    id : str
    what : str
        "inputs", "columns", "predictions", "labels", "errors" or "stream".
    question : str, optional
    cycle : int, optional
        Of the model, or of the features, that it was seen with.
    since : str, optional
        The time of the item from which on it was seen, or its key where items have no time.
    figures : JSON object
        Test, p-value, effect, sizes, columns; opaque here.
    """

    kind: ClassVar[str] = "drift.found"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.drift_alarm),)

    id: str
    what: str
    question: str | None
    cycle: int | None
    since: str | None
    figures: JsonObject

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.drift_alarm,
            {
                "id": self.id, "what": self.what, "question_id": self.question, "cycle": self.cycle,
                "since": self.since, "figures": dict(self.figures), "state": "open", "at": event.at,
                "seq": event.seq, "last_seq": event.seq,
            },
        )  # fmt: skip


@dataclass(frozen=True)
class DriftSettled(EventBody):
    """A person has looked at an alarm.

    Attributes
    ----------
    id : str
    outcome : str
        "measured" where a sample of the new items is labeled for it, "real", "false", or "accepted".
    note : SealedText, optional
    """

    kind: ClassVar[str] = "drift.settled"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.drift_alarm),)

    id: str
    outcome: str
    note: SealedText | None

    def project(self, rows: Rows, event: Event) -> None:
        rows.update(
            t.drift_alarm, t.drift_alarm.c.id == self.id, state=self.outcome, settled_by=event.actor,
            settled_at=event.at, note_id=self.note.id if self.note else None, last_seq=event.seq,
        )  # fmt: skip
