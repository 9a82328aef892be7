"""Labels out: one row an item, as they are now or as they were; works where the loop is broken."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError

from labelwright.errors import InputError, LabelwrightError
from labelwright.exchange import write
from labelwright.services import figures, projects
from labelwright.services.roles import Actor
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.tasks import Task

COLUMNS = (
    "id", "key", "split", "label", "confidence", "n_answers", "annotators", "given_label", "source", "group",
    "content_hash", "text",
)  # fmt: skip


def export(site: Site, actor: Actor, slug: str, path: Path, *, at: str | None = None) -> dict[str, Any]:
    """Write the labels to a file; the ending decides: csv, jsonl, parquet.

    Parameters
    ----------
    at : str, optional
        A label version (``lv-12``), an event number, or a time (ISO): the labels as of then.

    Returns
    -------
    receipt : dict
        The signed head of the chain at the moment of the export.
    """
    store = site.project(slug)
    with store.read() as connection:
        project = projects.ready(store, connection)
        task = projects.task_of(store, connection, project)
        upto = _upto(store, connection, at)
        n = write(path, _columns(project), _rows(store, connection, project, task, upto))
    receipt: dict[str, Any] = dict(store.receipt())
    try:
        with store.write() as transaction:
            transaction.record(
                "export", {"format": path.suffix.lstrip("."), "n_items": n, "upto_seq": upto}, actor=actor.person_id
            )
    except (LabelwrightError, DatabaseError, OSError):  # a full disk must not keep labels in
        pass
    return receipt | {"n_items": n}


def to_temporary(site: Site, actor: Actor, slug: str, *, format: str, at: str | None) -> Path:
    """Export to a temporary file that the caller deletes."""
    with tempfile.NamedTemporaryFile(suffix=f".{format}", delete=False) as file:
        path = Path(file.name)
    export(site, actor, slug, path, at=at)
    return path


def _columns(project: Any) -> list[str]:
    if project.config["kind"] == "table":
        return [c for c in COLUMNS if c != "text"] + [f"row.{c}" for c in project.config["columns"]["features"]]
    return [c for c in COLUMNS if c != "text" or project.config["kind"] == "text"]


def _rows(
    store: ProjectStore, connection: Connection, project: Any, task: Task, upto: int | None
) -> Iterator[dict[str, Any]]:
    answers = _answers(store, connection, upto)
    given = {
        r.ordinal: r.answer
        for r in connection.execute(
            select(t.given.c.ordinal, t.given.c.answer).where(t.given.c.project_id == store.project_id)
        )
    }
    query = (
        select(t.item, t.content.c.body)
        .join(t.content, (t.content.c.project_id == t.item.c.project_id) & (t.content.c.ordinal == t.item.c.ordinal))
        .where(t.item.c.project_id == store.project_id, t.item.c.ordinal < project.n_items)
        .order_by(t.item.c.ordinal)
    )
    for row in connection.execute(query, execution_options={"yield_per": 1000}):
        said = answers.get(row.ordinal, [])
        merged = task.merge([answer for _, answer in said]) if said else None
        yield {
            "id": f"i{row.ordinal}", "key": row.key, "split": "pool" if row.split == "pool" else "reserve",
            "label": _plain(task, merged.answer) if merged else None,
            "confidence": round(merged.confidence, 6) if merged else None, "n_answers": len(said),
            "annotators": "|".join(sorted(who for who, _ in said)),
            "given_label": _plain(task, given[row.ordinal]) if row.ordinal in given else None,
            "source": row.source, "group": row.group_key, "content_hash": row.content_hash,
            "text": row.body.get("text"), **{f"row.{k}": v for k, v in row.body.get("row", {}).items()},
        }  # fmt: skip


def _plain(task: Task, answer: dict[str, Any]) -> Any:
    if "value" in answer:
        return answer["value"]
    if "labels" in answer:
        return "|".join(task.describe({"labels": [label]}) for label in answer["labels"])
    return task.describe(answer)


def _answers(store: ProjectStore, connection: Connection, upto: int | None) -> dict[int, list[tuple[str, Any]]]:
    """What stands, or what stood after event ``upto``: each person's last word on each item."""
    table = t.annotation
    query = select(table).where(table.c.project_id == store.project_id).order_by(table.c.seq)
    if upto is not None:
        query = query.where(table.c.seq <= upto)
    last: dict[tuple[int, str], Any] = {}
    for row in connection.execute(query):
        key = (row.ordinal, row.person_id)
        last.pop(key, None)
        if row.kind in figures.ANSWERING:
            last[key] = row.answer
    found: dict[int, list[tuple[str, Any]]] = {}
    for (ordinal, who), answer in last.items():
        found.setdefault(ordinal, []).append((who, answer))
    return found


def _upto(store: ProjectStore, connection: Connection, at: str | None) -> int | None:
    if at is None:
        return None
    if at.isdigit():
        return int(at)
    if at.startswith("lv-"):
        seq = connection.scalar(
            select(t.label_version.c.upto_seq).where(
                t.label_version.c.project_id == store.project_id, t.label_version.c.id == at
            )
        )
        if seq is None:
            raise InputError(f"export: --at names no label version, got '{at}'.", "They are lv-1, lv-2, one a model.")
        return int(seq)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}([T ][\d:.]+Z?)?", at) is None:
        raise InputError(f"export: --at must be a label version, an event number or an ISO time, got '{at}'.")
    bound = at.replace(" ", "T").rstrip("Z")
    table = t.event
    seq = connection.scalar(
        select(table.c.seq)
        .where(table.c.project_id == store.project_id, table.c.at <= bound + "~")
        .order_by(table.c.seq.desc())
        .limit(1)
    )
    return int(seq or 0)


def as_json(receipt: dict[str, Any]) -> str:
    """A receipt to keep elsewhere."""
    return json.dumps(receipt, indent=2)
