"""Bodies of the queue, lease and annotation routes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.projects.item_schemas import Item

AnnotationKind = Literal["answer", "skip", "flag", "undo", "correct"]


class QueueRequest(Body):
    """Ask for work."""

    n: int = Field(default=5, ge=1, le=50)
    similar: bool = Field(default=False, description="Grid mode: items like the first one, never reserve or gold.")


class GivenAnswer(View):
    """The caller's standing answer to one question of an item."""

    id: str = Field(description="The annotation's id.")
    answer: dict[str, Any]


class Lease(View):
    """An item lent to the caller until a time."""

    id: str
    item: Item
    question: str = Field(description="The primary question's id.")
    questions: list[str] = Field(description="Ids of all questions, the primary one first.")
    answered: dict[str, GivenAnswer] = Field(
        default={}, description="What the caller has answered on this item already, by question."
    )
    expires_at: str


class Waiting(View):
    """Where the items are that the caller does not get."""

    lent_out: int = Field(description="Items lent to others now.")
    until: str | None = Field(description="When the first of them comes back.")
    wait_for_others: int = Field(description="Items that the caller answered and that wait for another person.")
    set_aside: int = Field(description="Items that the caller skipped or flagged.")


class Queue(View):
    """The caller's live leases, the oldest first."""

    leases: list[Lease]
    ranking: str | None
    left: int = Field(description="Slots that the caller could still get.")
    empty_because: (
        Literal[
            "done", "all-leased", "next-ranking", "not-yours", "paused", "archived", "importing", "starting",
            "training", "you-paused", "day-done", "awaiting-approval",
        ]
        | None
    ) = None  # fmt: skip
    empty: Waiting | None = Field(default=None, description="The figures of the reason why there is no work.")


class Renewed(View):
    """A lease's new end."""

    id: str
    expires_at: str


class NewAnnotation(Body):
    """One person's answer. The same `answer_id` may be sent again: it is stored once."""

    answer_id: str = Field(pattern=r"^[0-9a-fA-F-]{36}$")
    lease_id: str | None = Field(default=None, max_length=64)
    item_id: str = Field(max_length=64, description="As it came with the lease: an opaque token.")
    question: str | None = Field(
        default=None, max_length=40, description="May be left out where there is one question; none for skip and flag."
    )
    kind: AnnotationKind
    answer: dict[str, Any] | None = Field(
        default=None, description='`{"label": id}`, `{"labels": [id, …]}` or `{"value": number}`.'
    )
    reason: str | None = Field(default=None, max_length=2000)
    replaces: str | None = Field(default=None, max_length=64, description="For undo, correct: the annotation meant.")
    seconds: float | None = Field(default=None, ge=0, le=86_400, description="Active seconds, idle time cut.")
    after: Literal["prompt"] | None = Field(default=None, description='A correction after "are you sure?".')


class NewAnnotations(Body):
    """Many annotations in one transaction, all or none: the questions of an item, or the items of a grid."""

    annotations: list[NewAnnotation] = Field(min_length=1, max_length=200)


class Stored(View):
    """The receipt: the annotation's event is durable."""

    id: str
    seq: int
    hash: str


class Known(View):
    """The right answer to an item whose answer is known."""

    answer: dict[str, Any]
    label: str
    right: bool
    rule: str | None


class SourcePair(View):
    """The labeled item of another domain that is nearest to the one that was answered."""

    item: Item
    label: str


class Feedback(View):
    """What the caller is told about an answer, where the lead wants so."""

    known: Known | None
    ask_back: bool = Field(description='Ask "are you sure?".')
    pair: SourcePair | None = Field(description="Null on items that measure.")


class StoredMany(View):
    """Receipts in the order sent."""

    stored: list[Stored]


class Annotation(View):
    """An annotation of the caller's."""

    id: str
    item_id: str = Field(description="Opaque; the same for all of the caller's annotations of an item.")
    question: str | None = Field(default=None, description="Null: skip and flag concern the item.")
    key: str
    kind: AnnotationKind
    answer: dict[str, Any] | None
    summary: str
    at: str
    standing: bool
    preview: str
    reason: str | None = Field(
        default=None, description="The caller's words with it: a note, or why it was skipped or flagged."
    )


class AnnotationList(View):
    """The caller's latest annotations, newest first."""

    items: list[Annotation]
    next_cursor: str | None = None


class WhyPart(View):
    """One part of a score, in words and as a number."""

    name: str
    value: float
    text: str


class Why(View):
    """Why an item was shown; given only after the answer."""

    kind: str = Field(description="chosen, random, reserve, gold, repeat, relabel")
    text: str
    strategy: str | None
    position: int | None
    n_labels: int | None
    parts: list[WhyPart]
