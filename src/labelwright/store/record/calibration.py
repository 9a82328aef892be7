"""Events about calibration sessions, in which a team answers the same items blind, and talks about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, SealedText
from labelwright.store.rows import Rows

OPEN: Final = "open"
REVEALED: Final = "revealed"
CLOSED: Final = "closed"


@dataclass(frozen=True)
class CalibrationOpened(EventBody):
    """The lead asked people to answer the same items, each without seeing the others' answers.

    Attributes
    ----------
    id, title, question : str
    number : int
        From 1, in the project.
    purpose : str
        "calibration", or "training" where the answers are known and a pass mark opens real work.
    items : tuple of int
        Ordinals, in the order in which they are shown.
    people : tuple of str
        Who takes part; everybody who labels, now or later, where there is none.
    pass_mark : float, optional
        Share of right answers, in (0, 1], of a training.
    repeats : str, optional
        The session that it is compared with.
    """

    kind: ClassVar[str] = "calibration.opened"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.calibration),)

    id: str
    number: int
    title: str
    purpose: str
    question: str
    items: tuple[int, ...]
    people: tuple[str, ...]
    pass_mark: float | None
    repeats: str | None

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.calibration,
            {
                "id": self.id, "number": self.number, "title": self.title, "kind": self.purpose,
                "question_id": self.question, "items": list(self.items), "people": list(self.people),
                "pass_mark": self.pass_mark, "repeats": self.repeats, "state": OPEN, "opened_by": event.actor,
                "opened_at": event.at, "seq": event.seq,
            },
        )  # fmt: skip


@dataclass(frozen=True)
class CalibrationAnswered(EventBody):
    """Somebody answered an item of a session; it neither trains nor measures. The envelope names the item.

    Attributes
    ----------
    session : str
    answer : JSON object
        Opaque here, read by the task.
    note : SealedText, optional
    seconds : float, optional
        Active seconds.
    """

    kind: ClassVar[str] = "calibration.answer"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.calibration_answer),)

    session: str
    answer: JsonObject
    note: SealedText | None
    seconds: float | None

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.calibration_answer,
            {
                "session_id": self.session, "ordinal": event.ordinal, "person_id": event.actor,
                "answer": self.answer, "note_id": self.note.id if self.note else None, "seconds": self.seconds,
                "at": event.at, "seq": event.seq,
            },
        )  # fmt: skip


@dataclass(frozen=True)
class CalibrationMoved(EventBody):
    """The answers of a session were revealed, or it was closed.

    Attributes
    ----------
    session : str
    state : str
        "revealed" or "closed".
    """

    kind: ClassVar[str] = "calibration.state"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.calibration),)

    session: str
    state: str

    def project(self, rows: Rows, event: Event) -> None:
        when = {"revealed_at": event.at} if self.state == REVEALED else {"closed_at": event.at}
        rows.update(t.calibration, t.calibration.c.id == self.session, state=self.state, **when)


@dataclass(frozen=True)
class CalibrationDecided(EventBody):
    """The team agreed on the answer to an item of a session, or changed its mind. The envelope names the item.

    Attributes
    ----------
    session : str
    answer : JSON object
    reason : SealedText, optional
        The rule that it follows.
    """

    kind: ClassVar[str] = "calibration.decided"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.calibration_decision),)

    session: str
    answer: JsonObject
    reason: SealedText | None

    def project(self, rows: Rows, event: Event) -> None:
        table = t.calibration_decision
        rows.delete(table, table.c.session_id == self.session, table.c.ordinal == event.ordinal)
        rows.insert(
            table,
            {
                "session_id": self.session, "ordinal": event.ordinal, "answer": self.answer,
                "reason_id": self.reason.id if self.reason else None, "person_id": event.actor, "at": event.at,
                "seq": event.seq,
            },
        )  # fmt: skip
