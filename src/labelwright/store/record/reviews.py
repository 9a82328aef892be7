"""Events about reviews: a second look at an item's label, what it decides, and what people write about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, SealedText
from labelwright.store.rows import Rows

OPEN: Final = "open"
PROPOSED: Final = "proposed"  # a change of a label that waits for a second person
DECIDED: Final = "decided"
LABEL: Final = "label"  # the outcome that gives the item an answer; others leave its label as the people made it


@dataclass(frozen=True)
class ReviewOpened(EventBody):
    """Somebody, or the machine, asked for a second look. The envelope names the item.

    Attributes
    ----------
    id, question : str
    cause : str
        Code of a sentence, such as "conflict", "duplicate", "model", "self", "change", "appeal" or "manual".
    figures : JSON object
        Of the cause.
    annotations : tuple of str
        The annotations that it is about.
    about : str, optional
        The review that is appealed.
    answer : JSON object, optional
        The answer that is asked for, where a person wants another one.
    reason : SealedText, optional
    """

    kind: ClassVar[str] = "review.opened"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.review),)

    id: str
    question: str
    cause: str
    figures: JsonObject
    annotations: tuple[str, ...]
    about: str | None
    answer: JsonObject | None
    reason: SealedText | None

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.review,
            {
                "id": self.id, "ordinal": event.ordinal, "question_id": self.question, "cause": self.cause,
                "figures": self.figures, "annotations": list(self.annotations), "about": self.about,
                "state": PROPOSED if self.answer is not None else OPEN,
                "outcome": LABEL if self.answer is not None else None, "answer": self.answer,
                "reason_id": self.reason.id if self.reason else None, "opened_by": event.actor, "opened_at": event.at,
                "proposed_by": event.actor if self.answer is not None else None, "seq": event.seq,
                "last_seq": event.seq,
            },
        )  # fmt: skip


@dataclass(frozen=True)
class ReviewProposed(EventBody):
    """A reviewer wants a label changed where a second person has to approve. The envelope names the item.

    Attributes
    ----------
    review, outcome : str
    answer : JSON object, optional
        With the outcome "label".
    reason : SealedText
    """

    kind: ClassVar[str] = "review.proposed"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.review),)

    review: str
    outcome: str
    answer: JsonObject | None
    reason: SealedText

    def project(self, rows: Rows, event: Event) -> None:
        rows.update(
            t.review, t.review.c.id == self.review, state=PROPOSED, outcome=self.outcome, answer=self.answer,
            reason_id=self.reason.id, proposed_by=event.actor, last_seq=event.seq,
        )  # fmt: skip


@dataclass(frozen=True)
class ReviewDecided(EventBody):
    """A review ended. The envelope names the item.

    Attributes
    ----------
    review, question : str
    outcome : str
        "label" (the item gets this answer), "keep" (nothing changes), "send-back" (its annotators answer again) or
        "refused" (a proposed change was not approved).
    answer : JSON object, optional
        With the outcome "label".
    reason : SealedText, optional
        Shown to the people whose answers it is about.
    """

    kind: ClassVar[str] = "review.decided"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.review), Projected(t.adjudication))

    review: str
    question: str
    outcome: str
    answer: JsonObject | None
    reason: SealedText | None

    def project(self, rows: Rows, event: Event) -> None:
        rows.update(
            t.review, t.review.c.id == self.review, state=DECIDED, outcome=self.outcome, answer=self.answer,
            reason_id=self.reason.id if self.reason else t.review.c.reason_id, decided_by=event.actor,
            decided_at=event.at, last_seq=event.seq,
        )  # fmt: skip
        if self.outcome == LABEL:
            rows.insert(
                t.adjudication,
                {
                    "seq": event.seq, "ordinal": event.ordinal, "question_id": self.question, "answer": self.answer,
                    "review_id": self.review, "person_id": event.actor, "at": event.at,
                },
            )  # fmt: skip
            rows.update(t.question, t.question.c.id == self.question, wanted_seq=event.seq)
            rows.update(t.project, wanted_seq=event.seq)


@dataclass(frozen=True)
class Commented(EventBody):
    """Somebody wrote about a review or a calibration session. The envelope names the item, if it is about one.

    Attributes
    ----------
    id : str
    subject : str
        Id of the review or session.
    text : SealedText
    """

    kind: ClassVar[str] = "comment"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.comment),)

    id: str
    subject: str
    text: SealedText

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.comment,
            {
                "id": self.id, "subject": self.subject, "ordinal": event.ordinal, "person_id": event.actor,
                "text_id": self.text.id, "at": event.at, "seq": event.seq,
            },
        )  # fmt: skip
