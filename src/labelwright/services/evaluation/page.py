"""The page of a question: all figures of the published model on the reserve, made once for each published cycle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from labelwright.engine.gold import known_answers
from labelwright.engine.layout import OPEN_RESERVE, layout
from labelwright.engine.project import Project, Question
from labelwright.errors import NotReadyError
from labelwright.loop.steps import ENOUGH
from labelwright.services.evaluation import metrics
from labelwright.services.evaluation.metrics import ClassLine, MetricChoice, MetricLine
from labelwright.services.evaluation.people import PeoplesErrors, errors
from labelwright.services.evaluation.readers import Readers, readers
from labelwright.services.evaluation.reliability import Reliability, reliability
from labelwright.services.evaluation.reserve import OnReserve, asked, labels_of, on_reserve
from labelwright.services.evaluation.second_looks import SecondLooks, second_looks
from labelwright.services.evaluation.windows import Windows, windows
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.steering.counting import counts
from labelwright.services.team.listing import QuestionName, names_of
from labelwright.services.team.said import read
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.tasks.metrics import Options

NO_MODEL: Final = "no-model"
NO_RESERVE: Final = "no-reserve"
READY: Final = "ready"


@dataclass(frozen=True)
class Evaluation:
    """What is known of the published model from the reserve.

    Attributes
    ----------
    state : str
        "no-model", "no-reserve" (no label of it yet) or "ready".
    n, n_groups : int
        Labels of the reserve, and the groups that they come in.
    needed : int
        Labels from which on it can be judged.
    n_reserve : int
        Items of the reserve that are not sealed.
    cycle, at, n_labels
        Of the model; None without one.
    second_looks : SecondLooks, optional
        None where answers are not one class.
    """

    question: str
    questions: list[QuestionName]
    task: str
    labels: dict[str, str]
    state: str
    n: int
    n_groups: int
    grouped: bool
    needed: int
    n_reserve: int
    cycle: int | None
    at: str | None
    n_labels: int
    metrics: list[MetricLine]
    choices: list[MetricChoice]
    classes: list[ClassLine]
    reliability: Reliability | None
    windows: Windows | None
    people: PeoplesErrors | None
    readers: list[Readers]
    second_looks: SecondLooks | None


@dataclass(frozen=True)
class _OfModel:
    """What follows from the published cycle alone."""

    metrics: list[MetricLine]
    choices: list[MetricChoice]
    classes: list[ClassLine]
    reliability: Reliability
    windows: Windows


def show(site: Site, actor: Actor, slug: str, *, question_id: str | None = None) -> Evaluation:
    """All figures of one question; names of people only for those who may read them."""
    store = site.project(slug)
    said, head = read(site, store)
    with store.read() as rows:
        project = access.ready(store, rows)
        question = asked(project, question_id)
        n_reserve = int((layout(store, rows, project.row.n_items).split == OPEN_RESERVE).sum())
        measured = on_reserve(site, store, project, question)
        if measured is None:
            return _empty(site, store, project, question, n_reserve)
        model: _OfModel = site.cache.get(_key("evaluation", store, measured), lambda: _of_model(store, measured))
        named = names_of(site) if actor.may("people.read") else None
        key = (*_key("evaluation-people", store, measured), head, named is None, hash(frozenset((named or {}).items())))
        known = known_answers(rows, question.id)
        people: tuple[PeoplesErrors, list[Readers], SecondLooks | None] = site.cache.get(
            key,
            lambda: (
                errors(measured, said, known), readers(rows, said, question, known, named),
                second_looks(rows, measured),
            ),
        )  # fmt: skip
    return Evaluation(
        question.id, _questions(project), question.task_name, measured.labels, READY, measured.n,
        measured.sample.n_groups, measured.sample.grouped, ENOUGH, n_reserve, measured.cycle, measured.at,
        measured.n_labels, model.metrics, model.choices, model.classes, model.reliability, model.windows, *people,
    )  # fmt: skip


def metric(
    site: Site, slug: str, name: str, options: Options, *, question_id: str | None = None, label: str | None = None
) -> MetricLine:
    """One further metric.

    Parameters
    ----------
    label : str, optional
        Id of the class that is looked for.

    Raises
    ------
    InputError
        If there is no such metric, or a parameter is missing or not possible.
    NotReadyError
        Without a model or a label of the reserve.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        question = asked(project, question_id)
    measured = on_reserve(site, store, project, question)
    if measured is None:
        raise NotReadyError("Nothing has been measured yet.", "Label items of the reserve first.")
    return metrics.one(measured, name, metrics.with_label(options, question, label))


def _of_model(store: ProjectStore, measured: OnReserve) -> _OfModel:
    with store.read() as rows:
        over_time = windows(rows, measured)
    return _OfModel(
        metrics.lines(measured), metrics.choices(measured), metrics.by_class(measured), reliability(measured), over_time
    )


def _key(what: str, store: ProjectStore, measured: OnReserve) -> tuple[str, str, int, str, int, str]:
    question = measured.question
    return (what, store.project_id, measured.cycle, question.id, question.schema_version, question.metric)


def _questions(project: Project) -> list[QuestionName]:
    return [QuestionName(one.id, one.text) for one in project.questions]


def _empty(site: Site, store: ProjectStore, project: Project, question: Question, n_reserve: int) -> Evaluation:
    table = t.model
    with store.read() as rows:
        has_model = rows.first(rows.select(table.c.cycle).where(table.c.question_id == question.id)) is not None
    return Evaluation(
        question.id, _questions(project), question.task_name, labels_of(question.schema),
        NO_RESERVE if has_model else NO_MODEL, counts(site, store).reserve_labeled, 0, False, ENOUGH, n_reserve, None,
        None, 0, [], [], [], None, None, None, [], None,
    )  # fmt: skip
