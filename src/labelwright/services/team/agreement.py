"""How far the people of a project agree: by measure, class, pair, slice, question and version of the guidelines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.annotators.agreement import MEASURES, Distance, agreement
from labelwright.annotators.by_class import agreement_by_class, agreement_by_pair
from labelwright.engine.project import Question
from labelwright.errors import InputError
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.team.figure import FigureView
from labelwright.services.team.said import BY_CHANCE, Ints, Said, Strings, read
from labelwright.services.team.skill import name_of, value_of
from labelwright.services.team.slices import REST, slices_of
from labelwright.words import NO_REASON, Reason, text

RANDOM, ALL = "random", "all"
MAX_CLASSES: Final = 60
MAX_PAIRS: Final = 20


@dataclass(frozen=True)
class MeasureView:
    """Agreement by one measure."""

    measure: str
    figure: FigureView


@dataclass(frozen=True)
class ClassLine:
    """Agreement about a class: if one person gave it, the chance that another does."""

    name: str
    n_answers: int
    figure: FigureView


@dataclass(frozen=True)
class PairLine:
    """How often two classes are confused, as a share of the answers that name these two alone."""

    first: str
    second: str
    n_confused: int
    figure: FigureView


@dataclass(frozen=True)
class VersionLine:
    """Agreement of the answers that were given under one version of the guidelines."""

    version: int
    measures: list[MeasureView]


@dataclass(frozen=True)
class SliceLine:
    """Agreement about the items of one slice.

    Attributes
    ----------
    column, value : str
        Such as "domain" and "legal".
    n_items : int
        Items that two people or more answered.
    """

    column: str
    value: str
    n_items: int
    measures: list[MeasureView]


@dataclass(frozen=True)
class QuestionAgreement:
    """Agreement about one question.

    Attributes
    ----------
    n_items : int
        Items that two people or more answered.
    measures : list of MeasureView
        Each of `labelwright.agreement`.
    classes : list of ClassLine
        In the order of their names; empty where answers are not one class.
    pairs : list of PairLine
        The most confused first, twenty at most.
    versions : list of VersionLine
        The newest first.
    slices : list of SliceLine
        By column and value; empty where the data have no domain, source or group with a few values.
    """

    question: str
    text: str
    n_items: int
    measures: list[MeasureView]
    classes: list[ClassLine]
    pairs: list[PairLine]
    versions: list[VersionLine]
    slices: list[SliceLine]


@dataclass(frozen=True)
class AgreementView:
    """Agreement about all questions.

    Attributes
    ----------
    basis : str
        "random", items that nobody chose, or "all".
    """

    basis: str
    questions: list[QuestionAgreement]


def show(site: Site, actor: Actor, slug: str, *, basis: str = RANDOM) -> AgreementView:
    """How far people agree; first answers, given blind."""
    store = site.project(slug)
    said, head = read(site, store)
    with store.read() as rows:
        project = access.ready(store, rows)
        slices = slices_of(rows, said.ordinal)
    key = ("team-agreement", store.project_id, head, project.row.settings_version, basis)
    view: AgreementView = site.cache.get(
        key, lambda: AgreementView(basis, [_question(said, question, basis, slices) for question in project.questions])
    )
    return view


def _question(said: Said, question: Question, basis: str, slices: Mapping[str, Strings]) -> QuestionAgreement:
    rows = said.measuring(question, BY_CHANCE if basis == RANDOM else None)
    values = np.array([value_of(question, said.answers[k] or {}) for k in rows.tolist()], dtype=np.str_)
    distance = None if question.task.one_class else _distance(said, question, rows)
    versions = np.unique(said.guideline_version[rows])[::-1].tolist()
    of_versions = [
        VersionLine(version, _measures(said, rows[kept], values[kept], distance))
        for version in versions
        if (kept := said.guideline_version[rows] == version).any()
    ]
    _, n_of = np.unique(said.ordinal[rows], return_counts=True)
    by_class = question.task.one_class and len(rows) > 0 and len(np.unique(values)) <= MAX_CLASSES
    return QuestionAgreement(
        question.id, question.text, int((n_of > 1).sum()), _measures(said, rows, values, distance),
        _classes(said, question, rows, values) if by_class else [],
        _pairs(said, question, rows, values) if by_class else [], of_versions,
        _slices(said, rows, values, distance, slices),
    )  # fmt: skip


def _slices(
    said: Said, rows: Ints, values: np.ndarray, distance: Distance | None, slices: Mapping[str, Strings]
) -> list[SliceLine]:
    lines = []
    for column, of in slices.items():
        own = of[rows]
        for value in np.unique(own[own != REST]).tolist():
            kept = own == value
            _, n_of = np.unique(said.ordinal[rows[kept]], return_counts=True)
            measures = _measures(said, rows[kept], values[kept], distance)
            lines.append(SliceLine(column, value, int((n_of > 1).sum()), measures))
    return lines


def _measures(said: Said, rows: Ints, values: np.ndarray, distance: Distance | None) -> list[MeasureView]:
    items, of, n_of = np.unique(said.ordinal[rows], return_inverse=True, return_counts=True)
    shared = n_of[of] > 1 if len(items) else np.zeros(0, dtype=bool)
    rows, values = rows[shared], values[shared]
    return [MeasureView(measure, _measure(said, rows, values, measure, distance)) for measure in MEASURES]


def _measure(said: Said, rows: Ints, values: np.ndarray, measure: str, distance: Distance | None) -> FigureView:
    reason = _undefined(said, rows, values, measure)
    if reason.code and reason.code != "one-class-given":
        return FigureView.none(reason)
    try:
        found = agreement(
            said.ordinal[rows], said.person[rows], values, measure=measure,
            distance=distance if measure == "krippendorff" else None,
        )  # fmt: skip
    except InputError as error:  # such as too many distinct numbers
        return FigureView.none(text(error.message))
    return FigureView.of(found, reason if not np.isfinite(found.value) else NO_REASON)


def _undefined(said: Said, rows: Ints, values: np.ndarray, measure: str) -> Reason:
    """Why a measure has no value, if so."""
    if not len(rows):
        return Reason("no-shared-items")
    n_people = len(np.unique(said.person[rows]))
    if measure == "cohen" and n_people != 2:
        return Reason("not-two-people", {"n": n_people})
    n_of = np.unique(said.ordinal[rows], return_counts=True)[1]
    if measure == "fleiss" and n_of.min() != n_of.max():
        return Reason("uneven-answers", {"least": int(n_of.min()), "most": int(n_of.max())})
    return Reason("one-class-given") if len(np.unique(values)) == 1 else NO_REASON


def _distance(said: Said, question: Question, rows: Ints) -> Distance:
    answers: dict[str, JsonObject] = {}
    for k in rows.tolist():
        answer = said.answers[k] or {}
        answers.setdefault(value_of(question, answer), answer)
    return lambda a, b: question.task.distance(dict(answers[str(a)]), dict(answers[str(b)]))


def _classes(said: Said, question: Question, rows: Ints, values: np.ndarray) -> list[ClassLine]:
    found = agreement_by_class(said.ordinal[rows], said.person[rows], values)
    return [ClassLine(name_of(question, o.name), o.n_answers, FigureView.of(o.estimate, o.reason)) for o in found]


def _pairs(said: Said, question: Question, rows: Ints, values: np.ndarray) -> list[PairLine]:
    found = agreement_by_pair(said.ordinal[rows], said.person[rows], values)
    return [
        PairLine(
            name_of(question, o.first), name_of(question, o.second), o.n_confused, FigureView.of(o.estimate, o.reason)
        )
        for o in found
        if o.n_confused
    ][:MAX_PAIRS]
