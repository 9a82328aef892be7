"""Events about forks: two ways to choose items, from one labeled set, tried side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, SealedText
from labelwright.store.record.entering import enter_decision
from labelwright.store.rows import Rows

ARMS: Final = ("arm_a", "arm_b")  # kinds of slots, in the order in which they are served


@dataclass(frozen=True)
class ForkArm:
    """One way to choose.

    Attributes
    ----------
    strategy : str
    model : str
        The kind of model that the arm trains, on the labels of the start and on its own.
    dial : int, optional
        How many most doubtful items the arm spreads each batch over; None for the strategy as it is.
    """

    strategy: str
    model: str
    dial: int | None


@dataclass(frozen=True)
class ForkStarted(EventBody):
    """Two arms begin, from the labels up to this event.

    Attributes
    ----------
    id : str
    number : int
        From 1.
    question : str
    hypothesis : SealedText, optional
    arms : tuple of ForkArm
        Two.
    per_arm : int
        Answers that each arm is given; items go to the arms in turn, so that both cost the same number of answers.
    detectable : float, optional
        The smallest difference of the metric that the reserve can show, as it was said beforehand.
    """

    kind: ClassVar[str] = "fork.started"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.fork), Projected(t.project))

    id: str
    number: int
    question: str
    hypothesis: SealedText | None
    arms: tuple[ForkArm, ForkArm]
    per_arm: int
    detectable: float | None

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.fork,
            {
                "id": self.id, "number": self.number, "question_id": self.question,
                "hypothesis_id": self.hypothesis.id if self.hypothesis else None, "arms": self.data()["arms"],
                "per_arm": self.per_arm, "detectable": self.detectable, "state": "running", "by": event.actor,
                "started_at": event.at, "ended_at": None, "outcome": None, "seq": event.seq, "last_seq": event.seq,
            },
        )  # fmt: skip
        rows.update(t.project, wanted_seq=event.seq)


@dataclass(frozen=True)
class ForkOutcome:
    """The models of both arms on the same reserve labels.

    Attributes
    ----------
    metric : str
    a, b : float
        Its value in each arm.
    difference, low, high : float
        B less A, with its interval where it has one.
    n : int
        Reserve labels.
    """

    metric: str
    a: float
    b: float
    difference: float
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True)
class ForkEnded(EventBody):
    """Both arms have their answers, or a person ended them before.

    Attributes
    ----------
    id : str
    question : str
    cycle : int, optional
        Whose models were compared; None where the arms ended before there were any.
    answers : tuple of int
        Labels of each arm, beside those that they share.
    seconds : tuple of float
        Active seconds of their answers.
    outcome : ForkOutcome, optional
        None where nothing could be compared.
    verdict : str
        "a", "b" (whose labels trained the better model), "open".
    """

    kind: ClassVar[str] = "fork.ended"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.fork), Projected(t.decision), Projected(t.project))

    id: str
    question: str
    cycle: int | None
    answers: tuple[int, int]
    seconds: tuple[float, float]
    outcome: ForkOutcome | None
    verdict: str

    def project(self, rows: Rows, event: Event) -> None:
        rows.update(
            t.fork, t.fork.c.id == self.id, state="ended", ended_at=event.at, outcome=self.data(), last_seq=event.seq,
        )  # fmt: skip
        rows.update(t.project, wanted_seq=event.seq)
        enter_decision(rows, event, self, question=self.question, cycle=self.cycle)


@dataclass(frozen=True)
class ForkMeasured(EventBody):
    """The models of both arms were trained and have predicted the reserve.

    Attributes
    ----------
    fork, question : str
    cycle : int
    answers : tuple of int
        Labels of each arm, beside those that they share.
    arrays : mapping of str to str
        What they predict of the reserve, with digests.
    """

    kind: ClassVar[str] = "fork.measured"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.decision),)

    fork: str
    question: str
    cycle: int
    answers: tuple[int, int]
    arrays: dict[str, str]

    def project(self, rows: Rows, event: Event) -> None:
        enter_decision(rows, event, self, question=self.question, cycle=self.cycle)
