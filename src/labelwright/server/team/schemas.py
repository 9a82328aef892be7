"""Bodies of the routes about how people fare."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from labelwright.server.model import View
from labelwright.server.quality.schemas import Profile

Basis = Literal["random", "all"]


class TeamFigure(View):
    """A value with its 95 % interval, or why there is none."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    enough: bool = Field(description="False below 30: too few to judge.")
    why: str | None


class PersonPace(View):
    """How much, how fast and at what cost."""

    n_answers: int
    n_items: int
    n_skipped: int
    n_flagged: int
    n_late: int
    hours: float
    seconds: TeamFigure
    per_hour: float | None
    cost: float | None
    cost_per_label: float | None
    cost_per_correct: TeamFigure | None


class PersonSkill(View):
    """How good answers are; first ones, given blind."""

    gold: TeamFigure = Field(description="Accuracy on known answers.")
    agreement: TeamFigure = Field(description="With others, of items that were assigned at random.")
    itself: TeamFigure = Field(description="With own earlier answers.")


class PersonLine(View):
    """One person of the team."""

    person_id: str
    name: str
    simulated: bool
    expert: bool
    paused: bool
    rate: float | None
    pace: PersonPace
    skill: PersonSkill


class QuestionName(View):
    """A question to choose."""

    id: str
    text: str


class Reviewer(View):
    """How a reviewer fares."""

    person_id: str
    name: str
    n_decided: int
    n_appealed: int
    overturned: TeamFigure = Field(description="Share of the appeals decided since that gave another label.")
    seconds: TeamFigure = Field(description="Median between two decisions.")
    hours_waited: TeamFigure = Field(description="Median from opening to decision.")


class Team(View):
    """Everybody, sorted by name."""

    question: str
    questions: list[QuestionName]
    people: list[PersonLine]
    reviewers: list[Reviewer]


class MeasureOfAgreement(View):
    """Agreement by one measure."""

    measure: str
    figure: TeamFigure


class ClassAgreement(View):
    """Agreement about one class."""

    name: str
    n_answers: int
    figure: TeamFigure


class PairAgreement(View):
    """How often two classes are confused."""

    first: str
    second: str
    n_confused: int
    figure: TeamFigure


class VersionAgreement(View):
    """Agreement under one version of the guidelines."""

    version: int
    measures: list[MeasureOfAgreement]


class SliceAgreement(View):
    """Agreement about the items of one slice."""

    column: str = Field(description="Domain, source or group.")
    value: str
    n_items: int
    measures: list[MeasureOfAgreement]


class QuestionAgreement(View):
    """Agreement about one question."""

    question: str
    text: str
    n_items: int
    measures: list[MeasureOfAgreement]
    classes: list[ClassAgreement]
    pairs: list[PairAgreement]
    versions: list[VersionAgreement]
    slices: list[SliceAgreement]


class Agreement(View):
    """Agreement about all questions."""

    basis: Basis
    questions: list[QuestionAgreement]


class Look(View):
    """What a sequential test says of a person: a reason to look, never a verdict."""

    person_id: str
    test: Literal["gold", "peers", "speed", "model"]
    alarm: bool
    text: str
    evidence: float
    threshold: float
    n_answers: int
    n_used: int
    at: str | None
    items: list[str]


class Finding(View):
    """A share of a class that is beyond chance."""

    person_id: str
    label: str
    slice: str
    at: str
    text: str
    rate: TeamFigure
    expected: float
    effect: float = Field(description="Cohen's h.")
    p_value: float = Field(description="Corrected for all looks.")
    items: list[str]


class Audit(View):
    """What was found among how many looks."""

    n_answers: int
    n_looks: int
    findings: list[Finding]
    why: str | None


class Attention(View):
    """What deserves a look."""

    question: str
    looks: list[Look]
    audit: Audit


class ClassSkill(View):
    """How well a person knows a class: as declared, and as measured."""

    label: str
    name: str
    declared: float | None
    gold: TeamFigure
    others: TeamFigure


class ConfusionCell(View):
    """What was given where something was expected."""

    expected: str
    given: str
    n: float
    items: list[str]


class WorkSpan(View):
    """Some days of work."""

    since: str
    until: str
    n_items: int
    seconds: TeamFigure
    agreement: TeamFigure
    gold: TeamFigure


class Tiring(View):
    """How agreement with others goes along with time and haste."""

    per_hundred: TeamFigure = Field(description="Change with each hundred answers of a session.")
    quick: TeamFigure
    middling: TeamFigure
    slow: TeamFigure
    difference: TeamFigure = Field(description="Of slow answers above quick ones.")


class TeamPerson(View):
    """One person in detail."""

    line: PersonLine
    question: str
    questions: list[QuestionName]
    profile: Profile
    values: dict[str, list[str]] = Field(description="Domains, sources and groups there are.")
    classes: list[ClassSkill]
    by_gold: list[ConfusionCell]
    by_others: list[ConfusionCell]
    looks: list[Look]
    findings: list[Finding]
    days: list[WorkSpan]
    tiring: Tiring
    away: list[str] = Field(description="Slices whose items go to others.")


class OwnWork(View):
    """The caller's own figures, of finished days."""

    until: str
    n_items: int
    n_skipped: int
    n_flagged: int
    hours: float
    seconds: TeamFigure
    agreement: TeamFigure
    gold: TeamFigure | None = Field(description="Null where the lead does not let people know.")
    over_time: list[WorkSpan]
