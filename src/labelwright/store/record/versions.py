"""Events about versions: a moment of the labels that has a name, and the model that predictions are taken from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, SealedText
from labelwright.store.record.entering import enter_decision
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class SnapshotNamed(EventBody):
    """A moment of the project got a name. It is read from the events, so nothing is copied.

    Attributes
    ----------
    name : str
        Of no other snapshot of the project.
    upto_seq : int
        The last event that belongs to it.
    label_version : str, optional
        The version that a training resolved, where that is what was named.
    note : SealedText, optional
    """

    kind: ClassVar[str] = "snapshot"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.snapshot),)

    name: str
    upto_seq: int
    label_version: str | None
    note: SealedText | None

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.snapshot,
            {
                "name": self.name, "upto_seq": self.upto_seq, "label_version_id": self.label_version,
                "note_id": self.note.id if self.note else None, "by": event.actor, "at": event.at, "seq": event.seq,
            },
        )  # fmt: skip


@dataclass(frozen=True)
class ModelChosen(EventBody):
    """A person said which model of a question predictions are taken from.

    Attributes
    ----------
    question : str
    model : str, optional
        Stays the served one until somebody says otherwise; None for the newest, whichever that is.
    note : SealedText, optional
    """

    kind: ClassVar[str] = "model.chosen"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.model_choice), Projected(t.decision))

    question: str
    model: str | None
    note: SealedText | None

    def project(self, rows: Rows, event: Event) -> None:
        rows.delete(t.model_choice, t.model_choice.c.question_id == self.question)
        if self.model is not None:
            rows.insert(t.model_choice, {"question_id": self.question, "model_id": self.model, "seq": event.seq})
        enter_decision(rows, event, self, question=self.question, cycle=None)
