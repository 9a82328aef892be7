"""A project as it was at an event: the items that there were, and its questions under the schemas then in force."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func

from labelwright.engine.project import DEFAULT_RESOLVER, Project, Question
from labelwright.store import record
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.project import QuestionDefined
from labelwright.store.record.quality import QualityChanged
from labelwright.store.rows import Rows


def project_as_of(store: ProjectStore, rows: Rows, project: Project, upto_seq: int) -> Project:
    """The project with the items, questions, labels' names and resolvers that it had at an event.

    Whatever was imported, asked, renamed or set later is not in it, so that what is read of a past moment stays the
    same. Policy and goal are those of now.

    Parameters
    ----------
    upto_seq : int
        The last event that counts.
    """
    table = t.import_batch
    imported = rows.all(
        rows.select(table.c.first_ordinal, table.c.n_items).where(table.c.visible, table.c.seq <= upto_seq)
    )
    n_items = max((row.first_ordinal + row.n_items for row in imported), default=0)
    resolvers, texts = _settings(store, rows, upto_seq)
    versions = _schema_versions(rows, upto_seq)
    questions = tuple(
        _as_of(rows, question, versions[question.id], resolvers.get(question.id), texts.get(question.id))
        for question in project.questions
        if question.id in versions
    )
    return replace(project, row=replace(project.row, n_items=n_items), questions=questions)


def _as_of(rows: Rows, question: Question, version: int, resolver: str | None, text: str | None) -> Question:
    table = t.schema_version
    body = rows.scalar(rows.select(table.c.body).where(table.c.question_id == question.id, table.c.version == version))
    return replace(
        question, schema=body, schema_version=version, resolver=resolver or DEFAULT_RESOLVER,
        text=question.text if text is None else text,
    )  # fmt: skip


def _schema_versions(rows: Rows, upto_seq: int) -> dict[str, int]:
    table = t.schema_version
    query = rows.select(table.c.question_id, func.max(table.c.version)).where(table.c.seq <= upto_seq)
    return {str(question): int(version) for question, version in rows.all(query.group_by(table.c.question_id))}


def _settings(store: ProjectStore, rows: Rows, upto_seq: int) -> tuple[dict[str, str], dict[str, str]]:
    """Resolvers and texts by question, folded from the events that set them."""
    resolvers: dict[str, str] = {}
    texts: dict[str, str] = {}
    for event in store.events(rows, kinds=(QuestionDefined.kind, QualityChanged.kind)):
        if event.seq > upto_seq:
            break
        match record.read(event):
            case QuestionDefined(question=question, name=name, settings=settings):
                texts[question] = name
                if isinstance(resolver := settings.get("resolver"), str):
                    resolvers.setdefault(question, resolver)
            case QualityChanged(resolvers=changed):
                resolvers |= changed
    return resolvers, texts
