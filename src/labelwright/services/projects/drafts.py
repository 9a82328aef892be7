"""What a new project shall be, and the events that it begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

from labelwright import annotators, encoders, items, models
from labelwright.check import check_one_of
from labelwright.encoders.given import Given
from labelwright.engine.goals import NO_GOAL, Goal
from labelwright.engine.quality import QualityRules
from labelwright.engine.search_goal import position_of
from labelwright.errors import InputError
from labelwright.exchange import Columns
from labelwright.models.automatic import check_model
from labelwright.plain import Json
from labelwright.policy import Policy
from labelwright.services.people.roles import Actor
from labelwright.services.projects.source import SourceDraft
from labelwright.store.clock import today
from labelwright.store.project import ProjectStore
from labelwright.store.record.project import FIRST_QUESTION, GuidelineWritten, ProjectCreated, QuestionDefined
from labelwright.strategies import check_fits
from labelwright.strategies.most_likely_positive import MostLikelyPositive
from labelwright.tasks import Task
from labelwright.tasks.positive import about

SEARCH_BLIND: Final = 0.5  # of all slots, until the blind sample is labeled
SEARCH_RANDOM: Final = 0.05  # of the slots for training
SEARCH_DOUBT: Final = 0.1  # of the chosen ones
DEFAULT_TEXT: Final = {"classification": "Which label fits?", "multilabel": "Which labels fit?"}


@dataclass(frozen=True)
class QuestionDraft:
    """One question of a new project.

    Parameters
    ----------
    id : str
    task : str
    text : str
        What is asked; a default by the task where it is empty.
    labels : tuple of str
    open_labels : bool
        Whether annotators may add labels.
    column : str, optional
        Where the data hold labels.
    scale : mapping
        Of numbers: min, max, step, unit.
    label_ids : tuple of str
        Ids of the labels, one each, where they are not l_1, l_2 and so on.
    resolver : str, optional
        How several answers become one label.
    """

    id: str = FIRST_QUESTION
    task: str = "classification"
    text: str = ""
    labels: tuple[str, ...] = ()
    open_labels: bool = False
    column: str | None = None
    required: bool = True
    primary: bool = True
    guidelines: str = ""
    positive: str | None = None
    model: str | None = None
    metric: str | None = None
    scale: Mapping[str, Json] = field(default_factory=dict)
    label_ids: tuple[str, ...] = ()
    resolver: str | None = None


@dataclass(frozen=True)
class ProjectDraft:
    """What a new project shall be; the defaults are those of the command line.

    Parameters
    ----------
    questions : tuple of QuestionDraft
        One is the primary one; it comes first.
    labels_are : str
        What labels that come with the data are good for.
    goal : Goal, optional
        Of the primary question.
    quality : QualityRules, optional
        How answers are checked and reviewed; the defaults where it is None.
    start_from : SourceDraft, optional
        Labels of another project or file that the model learns from until those of this one are enough.
    """

    slug: str
    source: Path
    questions: tuple[QuestionDraft, ...] = (QuestionDraft(),)
    columns: Columns = field(default_factory=Columns)
    labels_are: str = "training"
    title: str = ""
    goal: Goal | None = None
    encoder: str | None = None
    policy: Policy = field(default_factory=Policy)
    quality: QualityRules | None = None
    demo: bool = False
    seed: int = 0
    start_from: SourceDraft | None = None

    @property
    def primary(self) -> QuestionDraft:
        """The question that selection follows."""
        return self.questions[0]


def ordered(questions: tuple[QuestionDraft, ...]) -> tuple[QuestionDraft, ...]:
    """The primary question first, then the others in their order.

    Raises
    ------
    InputError
        If there is none, two are primary, or two have one id.
    """
    if not questions:
        raise InputError("create: a project must have at least one question, got none.")
    primary = [question for question in questions if question.primary]
    if len(primary) > 1:
        raise InputError(f"create: one question must be primary, got {len(primary)}.", "Mark only one of them.")
    first = replace(primary[0] if primary else questions[0], primary=True, required=True)
    others = [question for question in questions if question.id != first.id]
    if len(others) != len(questions) - 1 or len({question.id for question in others}) < len(others):
        raise InputError("create: ids of questions must be distinct.", "Give each its own id.")
    return (first, *others)


def record_project(
    store: ProjectStore, actor: Actor, draft: ProjectDraft, columns: Columns, kind: items.ItemKind,
    tasks: Mapping[str, Task],
) -> None:  # fmt: skip
    """The first events: project, questions, guidelines."""
    primary = tasks[draft.primary.id]
    check_fits(str(draft.policy.make_strategy().name), primary, has_source=draft.start_from is not None)
    embedded = bool(columns.embedding)
    default = Given.name if embedded else encoders.default(kind.name)
    features = encoders.checked(draft.encoder or default, kind.name, embedded=embedded)
    config: dict[str, Json] = {
        "title": draft.title or draft.slug, "kind": kind.name, "columns": _plain(asdict(columns)),
        "labels_are": draft.labels_are, "policy": draft.policy.to_config(), "seed": draft.seed,
        "encoder": ",".join(features), "demo": draft.demo, **NO_GOAL,
    }  # fmt: skip
    if draft.quality is not None:
        config["quality"] = draft.quality.to_config()
    metrics = {question.id: _metric(question, tasks[question.id]) for question in draft.questions}
    if draft.goal:
        goal = draft.goal.about(draft.primary.positive).checked(primary, today=today())
        if goal.is_search:
            config["policy"] = _searching(draft, primary).to_config()
        else:
            metrics[draft.primary.id] = goal.metric
        config |= goal.to_config(primary)
    defined = [
        _question(question, position, tasks[question.id], kind.name, metrics[question.id])
        for position, question in enumerate(draft.questions)
    ]
    with store.write() as transaction:
        transaction.record(ProjectCreated(draft.slug, config), actor=actor.person_id)
        for body, question in zip(defined, draft.questions, strict=True):
            transaction.record(body, actor=actor.person_id)
            guideline = GuidelineWritten(question.id, 1, transaction.seal(question.guidelines), ())
            transaction.record(guideline, actor=actor.person_id)


def _searching(draft: ProjectDraft, task: Task) -> Policy:
    """The policy of a search: the likeliest first, some in doubt, some at random, and the blind sample beside them.

    Raises
    ------
    InputError
        If the label that is searched for is not named, or the kind of label has none.
    """
    answer = task.parse(draft.primary.positive) if draft.primary.positive else None
    if answer is None or task.target.pick(codes=False, marks=False, numbers=True):
        raise InputError(
            "create: a goal of recall needs the label that is searched for, got none.",
            "Name it with --positive LABEL.",
        )
    policy = draft.policy
    if policy.strategy != Policy().strategy:  # a reserve share that was given is meant
        own = policy.reserve_share != Policy().reserve_share
        return policy if own else replace(policy, reserve_share=SEARCH_BLIND)
    params: dict[str, Json] = {"positive": position_of(task, answer), "doubt_share": SEARCH_DOUBT}
    return replace(
        policy, strategy=MostLikelyPositive.name, params=params, reserve_share=SEARCH_BLIND,
        random_share=SEARCH_RANDOM, guard=False,
    )  # fmt: skip


def _metric(draft: QuestionDraft, task: Task) -> str:
    metric = draft.metric or task.default_metric
    return about(metric, draft.positive) if draft.positive else metric


def _question(draft: QuestionDraft, position: int, task: Task, kind: str, metric: str) -> QuestionDefined:
    model = draft.model or models.default(task, kind)
    check_model("create", model, task)
    task.higher_is_better(metric)
    settings: dict[str, Json] = {"model": model, "metric": metric}
    if draft.positive:
        settings["positive"] = task.parse(draft.positive)
    if draft.resolver:
        able = [name for name in annotators.names() if annotators.make(name).serves(task)]
        check_one_of("create", f"resolver of {draft.id}", draft.resolver, able)
        settings["resolver"] = draft.resolver
    return QuestionDefined(
        question=draft.id, name=draft.text or DEFAULT_TEXT.get(draft.task, "What is the value?"), task=task.name,
        primary=draft.primary, version=1, body=task.schema, position=position, required=draft.required,
        settings=settings,
    )  # fmt: skip


def _plain(columns: dict[str, object]) -> Json:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in columns.items()}  # type: ignore[misc]
