"""Events about rounds: the lead's unit of work began and ended."""

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
class RoundStarted(EventBody):
    """A round began.

    Attributes
    ----------
    id : str
    number : int
        From 1.
    policy : JSON object
        Opaque here.
    hypothesis : SealedText, optional
    planned : int
        Labels.
    from_seq : int
        Answers after this event are of the round.
    """

    kind: ClassVar[str] = "round.started"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.round_),)

    id: str
    number: int
    policy: JsonObject
    hypothesis: SealedText | None
    planned: int
    from_seq: int

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.round_,
            {
                "id": self.id, "number": self.number, "hypothesis_id": self.hypothesis.id if self.hypothesis else None,
                "policy": self.policy, "planned": self.planned, "state": "running", "started_at": event.at,
                "from_seq": self.from_seq, "outcome": {}, "said": {},
            },
        )  # fmt: skip


@dataclass(frozen=True)
class RoundDescribed(EventBody):
    """What people say of a round, as they want it to stand from now on.

    Attributes
    ----------
    id : str
    hypothesis, change, measure, note : SealedText, optional
        What is expected, what was changed for it, what it is to be measured by, and what was seen.
    verdict : str, optional
        "held", "failed" or "open".
    """

    kind: ClassVar[str] = "round.described"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.round_),)

    id: str
    hypothesis: SealedText | None
    change: SealedText | None
    measure: SealedText | None
    verdict: str | None
    note: SealedText | None

    def project(self, rows: Rows, event: Event) -> None:
        def kept(text: SealedText | None) -> str | None:
            return text.id if text else None

        said = {"change": kept(self.change), "measure": kept(self.measure), "note": kept(self.note)}
        rows.update(
            t.round_, t.round_.c.id == self.id, hypothesis_id=kept(self.hypothesis),
            said={**said, "verdict": self.verdict},
        )  # fmt: skip


@dataclass(frozen=True)
class DesignReviewed(EventBody):
    """A person looked at how items are chosen: the criterion of doubt, the dial, the stop rules.

    Attributes
    ----------
    question : str
        The primary one.
    rounds : int
        Rounds that had ended by then.
    note : SealedText, optional
        What was decided.
    """

    kind: ClassVar[str] = "design.reviewed"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision),)

    question: str
    rounds: int
    note: SealedText | None

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=None)


@dataclass(frozen=True)
class RoundOutcome:
    """What a round asked and what came of it.

    Attributes
    ----------
    asked : mapping of str to int
        First answers by kind of slot.
    answers : int
    seconds : float
        Active seconds.
    cycle_before, cycle_after : int, optional
        The cycles whose models served at its beginning and end.
    """

    asked: dict[str, int]
    answers: int
    seconds: float
    cycle_before: int | None
    cycle_after: int | None


@dataclass(frozen=True)
class RoundEnded(EventBody):
    """A round ended.

    Attributes
    ----------
    id : str
    to_seq : int
        The last event of the round.
    outcome : RoundOutcome
    """

    kind: ClassVar[str] = "round.ended"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.round_),)

    id: str
    to_seq: int
    outcome: RoundOutcome

    def project(self, rows: Rows, event: Event) -> None:
        rows.update(
            t.round_, t.round_.c.id == self.id, state="ended", ended_at=event.at, to_seq=self.to_seq,
            outcome=self.data()["outcome"],
        )  # fmt: skip
