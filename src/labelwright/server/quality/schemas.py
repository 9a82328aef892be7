"""Bodies of the routes about checks and reviews."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.projects.item_schemas import Item
from labelwright.server.projects.question_schemas import Guidelines

ReviewState = Literal["open", "proposed", "decided"]
Outcome = Literal["label", "keep", "send-back", "refused"]
Share = Field(ge=0, le=0.5)


class QualityRules(Body):
    """How answers are checked and reviewed."""

    review: Literal["none", "sample", "all"] = "none"
    review_share: float = Field(default=0.1, ge=0, le=1)
    conflicts: bool = True
    strict: bool = Field(default=False, description="Every change of a label needs a second person and a reason.")
    feedback: bool = Field(default=False, description="The right answer is shown after items whose answer is known.")
    ask_back: bool = Field(default=False, description='"Are you sure?" where a confident model differs.')
    show_source: bool = Field(default=False, description="After the answer, the nearest item of another domain.")
    pace_warning: bool = True
    experts_relabel: bool = Field(default=False, description="Only experts are asked for second looks.")
    route_below: float | None = Field(
        default=None, ge=0, le=1, description="Whoever is surely below it in a slice gets no more of its items."
    )
    training: str | None = Field(default=None, max_length=40, description="The session to pass before real work.")
    remind_rounds: int = Field(
        default=5, ge=0, le=1000, description="Rounds after which the lead is asked to look at how items are chosen."
    )


class Checking(Body):
    """How many people answer an item, how they are checked, and what is reviewed."""

    overlap: int = Field(ge=1, le=100)
    overlap_by_kind: dict[str, int] = Field(default={}, max_length=10)
    overlap_by_slice: dict[str, dict[str, int]] = Field(default={}, max_length=3)
    gold_share: float = Share
    repeat_share: float = Share
    rules: QualityRules
    resolvers: dict[str, str] = Field(default={}, max_length=50)
    expert_share: float = Field(default=0, ge=0, le=1, description="Of the chosen items, for experts first.")
    costs: Literal["equal", "column", "measured"] = Field(default="equal", description="Of an item, in selection.")


class CheckingView(View):
    """The rules now, with what a form needs."""

    checking: Checking
    resolvers_there_are: dict[str, list[str]]
    n_gold: int
    settings_version: int


class ChangedChecking(Checking):
    """New rules."""

    settings_version: int | None = None


class Profile(Body):
    """What a lead says of a person."""

    rate: float | None = Field(default=None, ge=0, le=1e6, description="Cost of an hour.")
    expert: bool = False
    only: dict[str, list[str]] = Field(default={}, description="By domain, source or group, the values they may get.")
    most_per_day: int | None = Field(default=None, ge=1, le=100_000)
    skills: dict[str, float] = Field(default={}, description="By label id, how good they are said to be, in [0, 1].")
    paused: bool = False
    excused: bool = Field(default=False, description="Works without having passed the training.")


class NewGold(Body):
    """A known answer."""

    answer: dict[str, Any]
    question: str | None = Field(default=None, max_length=40)
    rule: str | None = Field(default=None, max_length=2000, description="Why it is right.")


class Gold(View):
    """An item whose answer is known."""

    item: Item
    question: str
    answer: dict[str, Any]
    label: str
    rule: str | None
    source: str
    n_answers: int
    n_wrong: int


class GoldList(View):
    """All items with a known answer."""

    items: list[Gold]


class ReviewLine(View):
    """One line of the queue of reviews."""

    id: str
    item: str
    question: str
    preview: str
    cause: str
    why: str
    state: ReviewState
    outcome: str | None
    opened_at: str
    opened_by: str
    decided_by: str | None


class ReviewPage(View):
    """A page of reviews, and how many there are."""

    items: list[ReviewLine]
    next_cursor: str | None
    states: dict[str, int]
    causes: dict[str, int] = Field(description="Of those that are not decided.")


class ReviewedAnswer(View):
    """What one person said."""

    annotation: str
    person: str
    person_id: str
    kind: str
    answer: dict[str, Any] | None
    label: str | None
    note: str | None
    seconds: float | None
    at: str
    guideline_version: int
    standing: bool
    concerned: bool


class Comment(View):
    """One comment."""

    id: str
    person: str
    text: str
    at: str
    ordinal: int | None = None


class Review(View):
    """One review with all that is needed to decide."""

    line: ReviewLine
    item: Item
    answers: list[ReviewedAnswer]
    label: str | None
    label_confidence: float | None
    proposed: dict[str, Any] | None
    proposed_label: str | None
    proposed_by: str | None
    reason: str | None
    comments: list[Comment]
    guidelines: Guidelines
    about: str | None
    strict: bool
    may_decide: bool
    may_not: str | None


class Decision(Body):
    """What ends a review."""

    outcome: Outcome
    answer: dict[str, Any] | None = None
    reason: str | None = Field(default=None, max_length=2000)
    gold: bool = Field(default=False, description="Check people with this item from now on.")


class AskedReview(Body):
    """A second look, or another label, which another person has to approve."""

    question: str | None = Field(default=None, max_length=40)
    reason: str | None = Field(default=None, max_length=2000)
    answer: dict[str, Any] | None = None


class Opened(View):
    """The review that is open now."""

    review: str


class Found(View):
    """How many reviews a search opened, by cause."""

    opened: dict[str, int]


class Text(Body):
    """Something that a person writes."""

    text: str = Field(min_length=1, max_length=4000)


class OutcomeOfMine(View):
    """A decision about an answer of the caller's."""

    review: str
    annotation: str
    question: str
    preview: str
    answer: dict[str, Any] | None
    own: str
    outcome: str
    decided: str | None
    agrees: bool
    reason: str | None
    at: str
    waits: bool
    may_appeal: bool


class Outcomes(View):
    """Decisions about the caller's answers."""

    items: list[OutcomeOfMine]
