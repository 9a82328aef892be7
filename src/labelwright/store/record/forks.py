"""Events about forks: two ways of choosing are compared, each with a labeled set of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected, SealedText
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class ForkStarted(EventBody):
    """Two arms begin from the labels that there are.

    Attributes
    ----------
    id : str
    number : int
        From 1.
    question : str
    arms : tuple of JSON object
        Name and policy of each; opaque here.
    plan : JSON object
        Rounds, labels of each arm, the measure, and the difference that can be detected; opaque here.
    hypothesis : SealedText, optional
    from_seq : int
        Answers up to this event are the common base.
    """

    kind: ClassVar[str] = "fork.started"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.fork), Projected(t.project))

    id: str
    number: int
    question: str
    arms: tuple[JsonObject, ...]
    plan: JsonObject
    hypothesis: SealedText | None
    from_seq: int

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.fork,
            {
                "id": self.id, "number": self.number, "question_id": self.question, "arms": list(self.arms),
                "plan": {**self.plan, "hypothesis": self.hypothesis.id if self.hypothesis else None},
                "state": "running", "from_seq": self.from_seq, "started_by": event.actor, "started_at": event.at,
                "outcome": {}, "seq": event.seq,
            },
        )  # fmt: skip
        rows.update(t.project, wanted_seq=event.seq)  # the next ranking serves both arms


@dataclass(frozen=True)
class ForkEnded(EventBody):
    """The arms are asked no more.

    Attributes
    ----------
    id : str
    to_seq : int
    outcome : JSON object
        Labels of each arm, the difference with its interval, the verdict; opaque here.
    reason : SealedText, optional
        Of a person who ended it early.
    """

    kind: ClassVar[str] = "fork.ended"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.fork), Projected(t.project))

    id: str
    to_seq: int
    outcome: JsonObject
    reason: SealedText | None

    def project(self, rows: Rows, event: Event) -> None:
        rows.update(
            t.fork, t.fork.c.id == self.id, state="ended", to_seq=self.to_seq, outcome=dict(self.outcome),
            ended_at=event.at,
        )  # fmt: skip
        rows.update(t.project, wanted_seq=event.seq)
