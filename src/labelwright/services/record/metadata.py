"""The Croissant metadata of an export, filled from the record: what is asked, how often, and with which models."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Final

from sqlalchemy import func

import labelwright
from labelwright.engine.past import project_as_of
from labelwright.engine.project import Project, Question
from labelwright.exchange.croissant import croissant
from labelwright.plain import JsonObject
from labelwright.services.projects import access, questions
from labelwright.services.record.export_answers import ANSWERS
from labelwright.services.record.export_rows import columns
from labelwright.services.record.exports import Exported
from labelwright.services.record.moments import moment_of
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.clock import today
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows
from labelwright.words import counted

TABLES: Final = ("csv", "tsv", "jsonl", "parquet", "huggingface")
"""Formats whose columns are described one by one."""


def describe(
    site: Site, slug: str, path: Path, exported: Exported, *, at: str | None = None, name: str | None = None
) -> JsonObject:
    """The metadata of a file that was just exported.

    What the record does not know, such as who the annotators are and how the data are maintained, is left out.

    Parameters
    ----------
    at : str, optional
        The moment that was exported.
    name : str, optional
        What the file will be called, where it has another name now.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        moment = moment_of(store, rows, at)
        if not moment.is_now:
            project = project_as_of(store, rows, project, moment.upto_seq)
        rai = _rai(store, rows, project, exported)
    asked = " ".join(question.text for question in project.questions)
    of_table = columns(project) if exported.format in TABLES else []
    if exported.format == "jsonl":  # objects inside a line, which the vocabulary has no plain field for
        of_table = [column for column in of_table if column.rsplit(".", 1)[-1] not in ANSWERS]
    return croissant(
        path, name=name or path.name, title=project.title or slug, columns=of_table, on=today().isoformat(),
        description=f"Labels of {counted(exported.n_items, project.kind + ' item')}. Asked was: {asked}",
        version=f"0.0.{exported.upto_seq}", rai=rai,
    )  # fmt: skip


def _rai(store: ProjectStore, rows: Rows, project: Project, exported: Exported) -> JsonObject:
    table = t.annotation
    query = rows.select(
        func.count(), func.count(table.c.ordinal.distinct()), func.count(table.c.person_id.distinct()),
        func.min(table.c.at), func.max(table.c.at),
    ).where(table.c.kind.in_(ANSWERING), table.c.seq <= exported.upto_seq)  # fmt: skip
    n_answers, n_answered, n_people, first, last = rows.all(query)[0]
    told: JsonObject = {
        "dataCollection": (
            f"{counted(project.row.n_items, 'item')} came from one or more imported files. People were asked about "
            f"{counted(n_answered, 'item')}; the strategy '{project.policy.strategy}' chose the items of the pool, and "
            "those of the reserve were sampled at random. The columns asked_as and propensity say how an item was "
            "chosen and with which chance."
        ),
        "dataAnnotationPlatform": [f"Labelwright {labelwright.__version__}"],
        "dataAnnotationProtocol": [_protocol(store, rows, question) for question in project.questions],
        "dataAnnotationAnalysis": [
            f"Several answers to one item become a label by '{question.resolver}' (question {question.id}); confidence "
            "and posterior say how far they agree."
            for question in project.questions
        ],
        "machineAnnotationTools": [
            f"Labelwright {labelwright.__version__}: model '{question.model}' (question {question.id}); it orders the "
            "items and fills the column prediction."
            for question in project.questions
        ],
    }  # fmt: skip
    if n_answers:
        told["annotationsPerItem"] = (
            f"{n_answers / n_answered:.2f} on average over {counted(n_answered, 'item')}, corrections included; "
            f"people who answered: {n_people}, answers wanted of each item: {project.policy.overlap}"
        )
        told["dataCollectionTimeframe"] = [str(first), str(last)]
    return told


def _protocol(store: ProjectStore, rows: Rows, question: Question) -> str:
    schema = question.schema.get("labels")
    names = [str(one["name"]) for one in schema if isinstance(one, dict)] if isinstance(schema, list) else []
    parts = [f"{question.text} ({question.task_name}{': ' + ', '.join(names) if names else ''})"]
    if markdown := questions.guidelines(store, rows, question).markdown:
        parts.append(f"Guidelines: {markdown}")
    return "\n\n".join(parts)


def with_metadata(site: Site, slug: str, path: Path, exported: Exported, *, at: str | None, name: str) -> Path:
    """Put a file and its metadata into an archive, which takes the place of the file; return where the archive is."""
    archive = path.with_name(f"{path.name}.zip")
    try:
        about = describe(site, slug, path, exported, at=at, name=name)
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
            out.write(path, name)
            out.writestr(f"{name}.croissant.json", json.dumps(about, indent=2, ensure_ascii=False))
    except BaseException:
        archive.unlink(missing_ok=True)
        raise
    finally:
        path.unlink(missing_ok=True)
    return archive
