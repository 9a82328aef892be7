"""The rows of an export: one an item, with its labels, what the model predicts, and how it was asked."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from typing import Final

from labelwright.engine import answers
from labelwright.engine import labels as labeling
from labelwright.engine.contents import bodies_there, current_versions
from labelwright.engine.cycle import Cycle
from labelwright.engine.labels import Label
from labelwright.engine.layout import Layout, layout, shown_split
from labelwright.engine.project import Project, Question, question_as_of
from labelwright.exchange.format import SAID
from labelwright.items.base import ERASED
from labelwright.plain import JsonObject
from labelwright.services.projects import shown
from labelwright.services.record.export_answers import ANSWERS, Answers, figures, said_of
from labelwright.services.record.export_columns import ASKED, PREDICTED, Asked, Predicted, plain
from labelwright.services.record.moments import Moment
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import AnyRow, Rows

PAGE: Final = 1000
OF_LABEL: Final = ("label", "confidence", "n_answers", "annotators", "given_label")
OF_QUESTION: Final = (*OF_LABEL, *PREDICTED, *ANSWERS)
BEFORE: Final = ("id", "key", "split")
AFTER: Final = ("source", "group", "content_hash", "state")
TERMS: Final = ("licence", "consent")
STANDING: Final = "standing"
MEDIA: Final = "media"
"""The key of a row under which the name of its image in the home stands, beside its columns."""


def _column(project: Project, question: Question, name: str) -> str:
    """One column a figure where there is one question, else one for each question."""
    return prefix_of(project, question) + name


def prefix_of(project: Project, question: Question) -> str:
    """What the names of a question's columns begin with."""
    return "" if len(project.questions) == 1 else f"{question.id}."


def terms(project: Project) -> list[str]:
    """Licence and consent, where the data name them."""
    return [name for name in TERMS if name in project.columns.named()]


def columns(project: Project) -> list[str]:
    """The columns of the file, in order."""
    of_questions = [_column(project, question, name) for question in project.questions for name in OF_QUESTION]
    return [*BEFORE, *of_questions, *ASKED, *AFTER, *terms(project), *content_columns(project)]


def content_columns(project: Project) -> list[str]:
    """The columns that hold the content of an item; an image is named by its key."""
    if project.kind == "table":
        return [f"row.{name}" for name in project.columns.features]
    return ["text"] if project.kind == "text" else []


def lines(
    store: ProjectStore, rows: Rows, project: Project, moment: Moment, missing: list[str], erased: Container[int] = ()
) -> Iterator[dict[str, object]]:
    """One row an item; items without content are noted; of an erased one only its place and its key are told.

    Parameters
    ----------
    project : Project
        As it was at the moment.
    """
    where = layout(store, rows, project.row.n_items)
    gone = set(
        (
            answers.excluded(rows, where.n_items)
            if moment.is_now
            else answers.excluded_as_of(store, rows, where.n_items, moment.upto_seq)
        ).tolist()
    )
    labels = {question.id: _labels(store, rows, question, moment, where) for question in project.questions}
    given = {
        question.id: {one.ordinal: one.answer for one in _all_given(rows, question.id)}
        for question in project.questions
    }
    asked = Asked(store, rows, moment.upto_seq)
    models = {question.id: Predicted(store, rows, project, question, moment) for question in project.questions}
    answered = {
        question.id: Answers(store, rows, question, where, _upto(rows, question, moment))
        for question in project.questions
    }
    item = t.item
    for first in range(0, where.n_items, PAGE):
        page = rows.all(
            rows.select(item)
            .where(item.c.ordinal >= first, item.c.ordinal < min(first + PAGE, where.n_items))
            .order_by(item.c.ordinal)
        )
        tombs = [row for row in page if row.ordinal in erased]
        yield from ({**_place(row), "state": ERASED} for row in tombs)
        page = [row for row in page if row.ordinal not in gone and row.ordinal not in erased]
        ordinals = [row.ordinal for row in page]
        versions = current_versions(rows, ordinals, None if moment.is_now else moment.upto_seq)
        contents = bodies_there(rows, ordinals, versions)
        missing += [shown.item_id_of(ordinal) for ordinal in ordinals if ordinal not in contents]
        how = asked.of(ordinals)
        predicted = {question: of.of(page, labels[question]) for question, of in models.items()}
        told = {question: of.of(ordinals) for question, of in answered.items()}
        for row in page:
            body = contents.get(row.ordinal, {})
            line: dict[str, object] = {
                **_place(row), "state": STANDING, "source": row.source, "group": row.group_key,
                "content_hash": row.content_hash, "text": body.get("text"),
                MEDIA: body.get("media"), **how.get(row.ordinal, {}),
                **{name: getattr(row, name) for name in terms(project)},
            }  # fmt: skip
            cells = body.get("row")
            line |= {f"row.{name}": value for name, value in cells.items()} if isinstance(cells, dict) else {}
            said = {}
            for question in project.questions:
                one, known = labels[question.id].get(row.ordinal), given[question.id].get(row.ordinal)
                line |= {
                    _column(project, question, name): value
                    for name, value in zip(OF_LABEL, _figures(question, one, known), strict=True)
                }
                line |= {
                    _column(project, question, name): value
                    for name, value in predicted[question.id].get(row.ordinal, {}).items()
                }
                people = told[question.id].get(row.ordinal, ())
                more = figures(question, one, people)
                line |= {_column(project, question, name): cell for name, cell in zip(ANSWERS, more, strict=True)}
                said[question.id] = said_of(question, one, people, predicted[question.id].get(row.ordinal, {}))
            yield {**line, SAID: said}


def _upto(rows: Rows, question: Question, moment: Moment) -> int | None:
    """The last event whose answers count, None for now."""
    if moment.label_version is not None:
        version = labeling.version(rows, moment.label_version, question.id)
        return moment.upto_seq if version is None else version.upto_seq
    return None if moment.is_now else moment.upto_seq


def _place(row: AnyRow) -> dict[str, object]:
    return {"id": shown.item_id_of(row.ordinal), "key": row.key, "split": shown_split(row.split)}


def _figures(question: Question, label: Label | None, given: JsonObject | None) -> tuple[object, ...]:
    given_label = None if given is None else plain(question, given)
    if label is None:
        return (None, None, 0, "", given_label)
    people = "|".join(sorted(label.people))
    return (plain(question, label.answer), round(label.confidence, 6), len(label.people), people, given_label)


def _labels(store: ProjectStore, rows: Rows, question: Question, moment: Moment, where: Layout) -> dict[int, Label]:
    if moment.label_version is None:
        upto = None if moment.is_now else moment.upto_seq
        return labeling.labels(store, rows, where, question, upto_seq=upto)
    version = labeling.version(rows, moment.label_version, question.id)
    if version is None:
        return {}
    asked = replace(question_as_of(rows, question, version.schema_version), resolver=version.resolver)
    people = answers.counted(rows, where, question.id, version.upto_seq)
    names: dict[int, list[str]] = {}
    for one in people:
        names.setdefault(one.ordinal, []).append(one.person_id)
    cycle = Cycle(store, version.cycle)
    frozen = next((one for one in cycle.inputs.questions if one.id == question.id), None)
    if frozen is not None and cycle.has_labels(frozen):
        stored = cycle.labels(frozen)
        return {
            int(ordinal): Label(answer, float(confidence), tuple(names.get(int(ordinal), ())), False)
            for ordinal, answer, confidence in zip(stored.item_idx, stored.answers, stored.confidence, strict=True)
        }
    without = answers.excluded_as_of(store, rows, cycle.inputs.n_items, version.upto_seq)
    used = answers.used(people, answers.given(rows, cycle.layout, question.id, version.upto_seq), cycle.layout, without)
    resolved = labeling.resolved(store, asked, used, version)
    return {ordinal: replace(label, posterior={}) for ordinal, label in resolved.items()}  # the file keeps none


@dataclass(frozen=True)
class _Given:
    ordinal: int
    answer: JsonObject


def _all_given(rows: Rows, question_id: str) -> list[_Given]:
    table = t.given
    query = rows.select(table.c.ordinal, table.c.answer).where(table.c.question_id == question_id)
    return [_Given(*row) for row in rows.stream(query)]
