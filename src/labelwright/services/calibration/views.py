"""What people see of sessions: a line in the list, and one with its items."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.plain import JsonObject
from labelwright.services.calibration.measuring import Agreement, Change, Figure
from labelwright.services.labeling.feedback import KnownView
from labelwright.services.projects.questions import QuestionView
from labelwright.services.projects.shown import ItemView
from labelwright.services.quality.comments import CommentView


@dataclass(frozen=True)
class ResultView:
    """How somebody fared in a training.

    Attributes
    ----------
    n_needed : int
        Right answers that pass.
    """

    n_right: int
    n_answered: int
    n_known: int
    n_needed: int
    finished: bool
    passed: bool


@dataclass(frozen=True)
class SessionLine:
    """One line of the list.

    Attributes
    ----------
    invited : bool
        Whether the caller takes part.
    n_answered : int
        The caller's answers.
    result : ResultView, optional
        The caller's, of a training.
    required : bool
        Whether the project's rules ask people to pass it before real work.
    """

    id: str
    number: int
    title: str
    purpose: str
    question: str
    state: str
    revealed: bool
    n_items: int
    invited: bool
    n_answered: int
    opened_at: str
    opened_by: str
    repeats: str | None
    pass_mark: float | None
    result: ResultView | None
    required: bool


@dataclass(frozen=True)
class ParticipantView:
    """Somebody who takes part, for whoever leads the project and for all once it is revealed.

    Attributes
    ----------
    right : Figure, optional
        In a training, the share of right answers with its interval, for whoever leads the project.
    """

    id: str
    name: str
    n_answered: int
    result: ResultView | None
    right: Figure | None


@dataclass(frozen=True)
class OwnAnswer:
    """What the caller said."""

    answer: JsonObject
    label: str
    note: str | None


@dataclass(frozen=True)
class SaidView:
    """What one person said; only of a revealed session."""

    person: str
    person_id: str
    answer: JsonObject
    label: str
    note: str | None
    seconds: float | None


@dataclass(frozen=True)
class DecisionView:
    """What the team agreed on."""

    answer: JsonObject
    label: str
    reason: str | None
    by: str
    at: str


@dataclass(frozen=True)
class SessionItem:
    """An item of a session.

    Attributes
    ----------
    place : str
        Its number in the session, from "1", by which requests name it.
    item : ItemView
        Under its place; key and source are hidden where they would tell the label.
    known : KnownView, optional
        The right answer of a training, after the caller's own answer.
    hidden : bool
        Whether what others said is withheld, as the caller holds the item and has not answered it yet.
    disputed : bool
        Whether people differ, once it is revealed.
    gold, example : bool
        Whether its answer is known, or pinned to the guidelines; for whoever leads the project.
    """

    place: str
    item: ItemView
    own: OwnAnswer | None
    known: KnownView | None
    hidden: bool
    disputed: bool
    answers: list[SaidView]
    decision: DecisionView | None
    comments: list[CommentView]
    gold: bool
    example: bool


@dataclass(frozen=True)
class Comparison:
    """The session that this one repeats, and how agreement changed."""

    session: str
    number: int
    title: str
    changes: list[Change]


@dataclass(frozen=True)
class SessionView:
    """One session.

    Attributes
    ----------
    people : list of ParticipantView
        For whoever leads the project; for all who may see it once it is revealed.
    agreement : Agreement, optional
        Once it is revealed.
    """

    line: SessionLine
    question: QuestionView
    items: list[SessionItem]
    people: list[ParticipantView]
    agreement: Agreement | None
    comparison: Comparison | None
    may_answer: bool
    may_manage: bool
    may_decide: bool
