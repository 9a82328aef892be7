"""Bodies about merging and splitting labels."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from labelwright.budgets import MAX_LABELS
from labelwright.server.model import Body, View
from labelwright.server.projects.question_schemas import Question
from labelwright.server.team.schemas import TeamFigure as Figure


class Merger(Body):
    """Two labels as one."""

    label: str = Field(max_length=40, description="The id of the label that goes.")
    into: str = Field(max_length=40, description="The id of the label that stays.")


class Split(Body):
    """One label as several."""

    label: str = Field(max_length=40, description="The id of the label that goes.")
    into: list[str] = Field(min_length=2, max_length=MAX_LABELS, description="Names of the new labels.")


class NewMerger(Merger):
    """Two labels as one, for good."""

    reason: str = Field(min_length=1, max_length=2000)
    settings_version: int | None = Field(default=None, description="409 `conflict` if the settings have changed since.")


class NewSplit(Split):
    """One label as several, for good."""

    reason: str = Field(min_length=1, max_length=2000)
    settings_version: int | None = Field(default=None, description="409 `conflict` if the settings have changed since.")


class WhyDecided(Body):
    """Why a proposal is approved or refused."""

    reason: str = Field(min_length=1, max_length=2000)


class LabelCount(View):
    """Items with a label before and after; null where there is no such label."""

    name: str
    before: int | None
    after: int | None


class SharedItems(View):
    """How people agree on items that two or more of them answered."""

    n_disputed: int = Field(description="Items whose people say different things.")
    raw: Figure = Field(description="The share of pairs of answers that agree.")
    krippendorff: Figure = Field(description="Agreement beyond chance.")


class MergedAccuracy(View):
    """The same predictions of the open reserve, before and after."""

    metric: str
    n: int
    before: Figure
    after: Figure


class AskedAgain(View):
    """What a split asks people to do again."""

    n_pool: int
    n_reserve: int
    n_answers: int
    hours: float | None = Field(description="At the pace of the last fourteen days; null without answers in them.")
    cost: float | None


class LabelPreview(View):
    """What a merger or a split would do; nothing is changed."""

    what: Literal["merge", "split"]
    label: str
    into: list[str]
    n_answers: int = Field(description="Standing answers of people that name the label.")
    n_items: int
    n_people: int
    n_of_data: int = Field(description="Labels that came with the data.")
    n_decided: int = Field(description="Decisions of reviews.")
    n_gold: int = Field(description="Items with a known answer.")
    n_reserve: int
    classes: list[LabelCount]
    before: SharedItems
    after: SharedItems
    accuracy: MergedAccuracy | None
    again: AskedAgain | None
    proposes: bool = Field(description="Whether another person has to approve it.")
    settings_version: int


class Migrated(View):
    """What came of a merger or a split."""

    change: str
    state: Literal["approved", "proposed", "refused"] = Field(description="`approved` where it is in force.")
    question: Question


class ChangeOfLabels(View):
    """A merger or a split that was made, proposed or refused."""

    id: str
    what: Literal["merge", "split"]
    label: str
    into: list[str]
    state: Literal["approved", "proposed", "refused"]
    by: str
    at: str
    reason: str | None
    decided_by: str | None
    decided_at: str | None
    decided_reason: str | None
    may_approve: bool = Field(description="Whether the caller may; nobody approves their own.")
