"""Bodies of the routes about calibration sessions and trainings."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from labelwright.server.model import Body, View
from labelwright.server.projects.item_schemas import Item
from labelwright.server.projects.question_schemas import Question
from labelwright.server.quality.schemas import Comment

Purpose = Literal["calibration", "training"]
SessionState = Literal["open", "revealed", "closed"]
Place = Field(min_length=1, max_length=8, description="The item's number in the session, from 1.")


class NewCalibration(Body):
    """A session to open."""

    title: str = Field(min_length=1, max_length=200)
    items: list[str] = Field(min_length=1, max_length=200, description="Ids.")
    purpose: Purpose = "calibration"
    question: str | None = Field(default=None, max_length=40)
    people: list[str] = Field(default=[], max_length=500, description="Ids; empty: everybody who labels.")
    pass_mark: float | None = Field(default=None, gt=0, le=1, description="Share of right answers, of a training.")


class CalibrationOpened(View):
    """The session that was opened."""

    session: str


class CalibrationTitle(Body):
    """How the session on fresh items is called."""

    title: str = Field(min_length=1, max_length=200)


class CalibrationAgain(View):
    """A session on fresh items; fewer are found where a stratum ran out."""

    session: str
    n_wanted: int
    n_found: int


class TrainingResult(View):
    """How somebody fared in a training."""

    n_right: int
    n_answered: int
    n_known: int
    n_needed: int = Field(description="Right answers that pass.")
    finished: bool
    passed: bool


class CalibrationLine(View):
    """One line of the list."""

    id: str
    number: int
    title: str
    purpose: Purpose
    question: str
    state: SessionState
    revealed: bool
    n_items: int
    invited: bool = Field(description="Whether the caller takes part.")
    n_answered: int = Field(description="The caller's answers.")
    opened_at: str
    opened_by: str
    repeats: str | None
    pass_mark: float | None
    result: TrainingResult | None
    required: bool = Field(description="Whether it has to be passed before real work.")


class CalibrationList(View):
    """Those that wait for the caller first, then the newest."""

    items: list[CalibrationLine]


class Figure(View):
    """A figure with its 95 % interval; null where it is not known."""

    value: float | None
    low: float | None
    high: float | None
    n: int = Field(description="Items behind it.")


class CalibrationPerson(View):
    """Somebody who takes part."""

    id: str
    name: str
    n_answered: int
    result: TrainingResult | None
    right: Figure | None = Field(description="Share of right answers in a training.")


class OwnAnswer(View):
    """What the caller said."""

    answer: dict[str, Any]
    label: str
    note: str | None


class KnownAnswer(View):
    """The right answer in a training, after the caller's own."""

    answer: dict[str, Any]
    label: str
    right: bool
    rule: str | None


class SaidAnswer(View):
    """What one person said."""

    person: str
    person_id: str
    answer: dict[str, Any]
    label: str
    note: str | None
    seconds: float | None


class AgreedAnswer(View):
    """What the team agreed on."""

    answer: dict[str, Any]
    label: str
    reason: str | None
    by: str
    at: str


class CalibrationItem(View):
    """An item of a session."""

    place: str
    item: Item
    own: OwnAnswer | None
    known: KnownAnswer | None
    hidden: bool = Field(description="The caller holds the item, so what others said waits for an own answer.")
    disputed: bool
    answers: list[SaidAnswer]
    decision: AgreedAnswer | None
    comments: list[Comment]
    gold: bool
    example: bool


class PairAgreement(View):
    """How often people split between two answers."""

    first: str
    second: str
    n_confused: int
    share: Figure


class SessionAgreement(View):
    """How far people agree: raw share of pairs of people, Krippendorff's alpha, Gwet's AC1."""

    measures: dict[str, Figure]
    pairs: list[PairAgreement]


class AgreementChange(View):
    """A measure in the earlier session, in this one, and the difference."""

    measure: str
    before: Figure
    after: Figure
    difference: Figure


class SessionComparison(View):
    """The session that this one repeats."""

    session: str
    number: int
    title: str
    changes: list[AgreementChange]


class CalibrationSession(View):
    """One session as the caller may see it."""

    line: CalibrationLine
    question: Question
    items: list[CalibrationItem]
    people: list[CalibrationPerson]
    agreement: SessionAgreement | None
    comparison: SessionComparison | None
    may_answer: bool
    may_manage: bool
    may_decide: bool


class CalibrationAnswer(Body):
    """An answer to one item."""

    place: str = Place
    answer: dict[str, Any]
    note: str | None = Field(default=None, max_length=2000)
    seconds: float | None = Field(default=None, ge=0, le=86_400, description="Active seconds.")


class CalibrationDecision(Body):
    """What the team agreed on."""

    answer: dict[str, Any]
    reason: str | None = Field(default=None, max_length=2000)
    example: bool = Field(default=False, description="Pin it to the guidelines, as a new version.")
    gold: bool = Field(default=False, description="Check people with this item from now on.")


class CalibrationItemText(Body):
    """Something that a person writes about an item."""

    place: str = Place
    text: str = Field(min_length=1, max_length=4000)


class ProposedItem(View):
    """An item to pick."""

    item: str
    preview: str
    answers: dict[str, int]
    label: str | None
    rule: str | None
    confidence: float | None


class ProposedGroup(View):
    """Items that are proposed for one reason."""

    kind: Literal["disputed", "borderline", "random", "rule", "known"]
    pair: list[str] | None = Field(description="The two answers that people, or the model, cannot decide between.")
    items: list[ProposedItem]


class InvitablePerson(View):
    """Somebody who may take part."""

    id: str
    name: str


class CalibrationProposals(View):
    """What a session may be made of."""

    groups: list[ProposedGroup]
    people: list[InvitablePerson]
