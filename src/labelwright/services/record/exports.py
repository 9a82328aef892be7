"""Labels out: one row an item, as they are now or as they were; works where the loop is broken."""

from __future__ import annotations

import json
import logging
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from labelwright.engine import answers
from labelwright.engine import labels as labeling
from labelwright.engine.contents import bodies_there, current_versions
from labelwright.engine.cycle import Cycle
from labelwright.engine.labels import Label
from labelwright.engine.layout import POOL, Layout, layout
from labelwright.engine.project import Project, Question, question_as_of
from labelwright.errors import InputError, IntegrityError, LabelwrightError
from labelwright.exchange import write
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.projects.described import describe_answer
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.keys import Receipt
from labelwright.store.project import ProjectStore
from labelwright.store.record.exports import LabelsExported
from labelwright.store.rows import Rows

log = logging.getLogger("labelwright.exports")
PAGE = 1000
OF_QUESTION = ("label", "confidence", "n_answers", "annotators", "given_label")
BEFORE, AFTER = ("id", "key", "split"), ("source", "group", "content_hash")


@dataclass(frozen=True)
class Exported:
    """What an export wrote.

    Attributes
    ----------
    receipt : Receipt, optional
        The signed head of the chain as of the view that was written; None where the signing key is away.
    upto_seq : int
        The last event whose answers are in the file.
    as_text : tuple of str
        Columns of a Parquet file whose values have several types, so that they were written as text.
    without_content : tuple of str
        Items whose content is missing from the database; their labels are in the file all the same.
    """

    receipt: Receipt | None
    n_items: int
    upto_seq: int
    label_version: str | None
    as_text: tuple[str, ...]
    without_content: tuple[str, ...]

    @property
    def findings(self) -> tuple[str, ...]:
        """What is to be told beside the file."""
        found = []
        if self.as_text:
            found.append(f"Written as text, because their values have several types: {', '.join(self.as_text)}.")
        if self.without_content:
            n, first = len(self.without_content), ", ".join(self.without_content[:5])
            found.append(
                f"The content of {n} item{'s' * (n != 1)} is missing from the database: {first}. "
                "Run 'labelwright verify'."
            )
        if self.receipt is None:
            found.append("The signing key is away, so there is no receipt, and the export is not in the record.")
        return tuple(found)


@dataclass(frozen=True)
class Moment:
    """Which labels are wanted: of a version, or as of an event.

    Attributes
    ----------
    upto_seq : int
        The last event whose answers count.
    is_now : bool
        Whether that is the last event there is.
    label_version : str, optional
        The version to read.
    """

    upto_seq: int
    is_now: bool
    label_version: str | None = None


def export(site: Site, actor: Actor, slug: str, path: Path, *, at: str | None = None) -> Exported:
    """Write the labels to a file; the ending decides: csv, jsonl, parquet.

    Parameters
    ----------
    at : str, optional
        A label version (``lv-12``), which is read as it was resolved; an event number, or a time (ISO), for the
        labels as of then; now if left out.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        moment = _moment(store, rows, at)
        missing: list[str] = []
        written = write(path, _columns(project), _lines(store, rows, project, moment, missing))
        try:
            receipt = store.receipt(rows)
        except IntegrityError:  # labels get out also where nothing can be signed
            receipt = None
    body = LabelsExported(path.suffix.lstrip("."), written.n_rows, moment.upto_seq, moment.label_version)
    try:
        with store.write() as transaction:
            transaction.record(body, actor=actor.person_id)
    except (LabelwrightError, DatabaseError, OSError) as error:  # a full disk must not keep labels in
        log.error("the export is not in the record", extra={"project": slug, "error": type(error).__name__})
    return Exported(
        receipt, written.n_rows, moment.upto_seq, moment.label_version, written.as_text, tuple(missing)
    )  # fmt: skip


def to_temporary(site: Site, actor: Actor, slug: str, *, format: str, at: str | None) -> tuple[Path, Exported]:
    """Export to a temporary file in the home that the caller deletes."""
    folder = site.settings.home / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    with tempfile.NamedTemporaryFile(suffix=f".{format}", delete=False, dir=folder) as file:
        path = Path(file.name)
    try:
        exported = export(site, actor, slug, path, at=at)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, exported


def as_json(receipt: Receipt) -> str:
    """A receipt to keep elsewhere."""
    return json.dumps(receipt, indent=2)


def _column(project: Project, question: Question, name: str) -> str:
    """One column a figure where there is one question, else one for each question."""
    return name if len(project.questions) == 1 else f"{question.id}.{name}"


def _columns(project: Project) -> list[str]:
    of_questions = [_column(project, question, name) for question in project.questions for name in OF_QUESTION]
    content = [f"row.{name}" for name in project.columns.features] if project.kind == "table" else []
    return [*BEFORE, *of_questions, *AFTER, *(["text"] if project.kind == "text" else content)]


def _lines(
    store: ProjectStore, rows: Rows, project: Project, moment: Moment, missing: list[str]
) -> Iterator[dict[str, object]]:
    """One row an item; items without content are noted."""
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
    item = t.item
    for first in range(0, where.n_items, PAGE):
        page = rows.all(
            rows.select(item)
            .where(item.c.ordinal >= first, item.c.ordinal < min(first + PAGE, where.n_items))
            .order_by(item.c.ordinal)
        )
        page = [row for row in page if row.ordinal not in gone]
        ordinals = [row.ordinal for row in page]
        versions = current_versions(rows, ordinals, None if moment.is_now else moment.upto_seq)
        contents = bodies_there(rows, ordinals, versions)
        missing += [shown.item_id_of(ordinal) for ordinal in ordinals if ordinal not in contents]
        for row in page:
            body = contents.get(row.ordinal, {})
            line: dict[str, object] = {
                "id": shown.item_id_of(row.ordinal), "key": row.key,
                "split": POOL if row.split == POOL else "reserve", "source": row.source, "group": row.group_key,
                "content_hash": row.content_hash, "text": body.get("text"),
            }  # fmt: skip
            cells = body.get("row")
            line |= {f"row.{name}": value for name, value in cells.items()} if isinstance(cells, dict) else {}
            for question in project.questions:
                one, known = labels[question.id].get(row.ordinal), given[question.id].get(row.ordinal)
                line |= {
                    _column(project, question, name): value
                    for name, value in zip(OF_QUESTION, _figures(question, one, known), strict=True)
                }
            yield line


def _figures(question: Question, label: Label | None, given: JsonObject | None) -> tuple[object, ...]:
    given_label = None if given is None else _plain(question, given)
    if label is None:
        return (None, None, 0, "", given_label)
    people = "|".join(sorted(label.people))
    return (_plain(question, label.answer), round(label.confidence, 6), len(label.people), people, given_label)


def _labels(store: ProjectStore, rows: Rows, question: Question, moment: Moment, where: Layout) -> dict[int, Label]:
    if moment.label_version is None:
        upto = None if moment.is_now else moment.upto_seq
        return labeling.labels(rows, where, question, upto_seq=upto)
    version = labeling.version(rows, moment.label_version, question.id)
    if version is None:
        return {}
    asked = question_as_of(rows, question, version.schema_version)
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
    used = answers.used(people, answers.given(rows, cycle.layout, question.id), cycle.layout, without)
    return labeling.resolved(asked, used, version.params, version.upto_seq)


@dataclass(frozen=True)
class _Given:
    ordinal: int
    answer: JsonObject


def _all_given(rows: Rows, question_id: str) -> list[_Given]:
    table = t.given
    query = rows.select(table.c.ordinal, table.c.answer).where(table.c.question_id == question_id)
    return [_Given(*row) for row in rows.stream(query)]


def _plain(question: Question, answer: JsonObject) -> object:
    if "value" in answer:
        return answer["value"]
    if "labels" in answer:
        return "|".join(describe_answer(question, {"labels": [label]}) for label in answer["labels"])  # type: ignore[union-attr]
    return describe_answer(question, answer)


def _moment(store: ProjectStore, rows: Rows, at: str | None) -> Moment:
    """Read ``at``; a moment that has not come yet is now."""
    head = store.head_seq(rows)
    if at is None:
        return Moment(head, True)
    if at.isascii() and at.isdigit() and len(at) < 18:
        return Moment(min(int(at), head), int(at) >= head)
    if at.startswith("lv-"):
        table = t.label_version
        seq = rows.scalar(rows.select(table.c.upto_seq).where(table.c.id == at))
        if seq is None:
            raise InputError(f"export: --at names no label version, got '{at}'.", "They are lv-1, lv-2, one a model.")
        return Moment(int(seq), False, at)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}([T ][\d:.]+Z?)?", at, re.ASCII) is None:
        raise InputError(f"export: --at must be a label version, an event number or an ISO time, got '{at}'.")
    bound = at.replace(" ", "T").rstrip("Z")
    event = t.event
    seq = rows.scalar(rows.select(event.c.seq).where(event.c.at <= bound + "~").order_by(event.c.seq.desc()).limit(1))
    return Moment(int(seq or 0), int(seq or 0) >= head)
