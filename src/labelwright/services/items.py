"""Items: what is shown of them, lists, and their life."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, exists, select

from labelwright import items as kinds
from labelwright.engine import features
from labelwright.errors import ForbiddenError, NotFoundError
from labelwright.services import figures, projects
from labelwright.services.roles import Actor
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore

MIMES = {".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif", ".bmp": "image/bmp", ".webp": "image/webp"}
MAX_SEARCHED = 20_000


def ordinal_of(item_id: str) -> int:
    """The ordinal behind an id such as ``i42``; ``NotFoundError`` if it is none."""
    digits = item_id.removeprefix("i")
    if not (item_id.startswith("i") and digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise NotFoundError(f"There is no item '{item_id}'.")
    return int(digits)


def item_id_of(ordinal: int) -> str:
    """The id of an ordinal.

    >>> item_id_of(42)
    'i42'
    """
    return f"i{ordinal}"


def views(
    store: ProjectStore, connection: Connection, project: Any, ordinals: list[int], *, blind: bool = False
) -> dict[int, dict[str, Any]]:
    """Items as annotators see them, by ordinal; blind before the answer, where a file's folder is its label."""
    blind = blind and project.config["columns"].get("label") == "folder"
    rows = connection.execute(
        select(t.item.c.ordinal, t.item.c.key, t.item.c.source, t.content.c.body)
        .join(t.content, (t.content.c.project_id == t.item.c.project_id) & (t.content.c.ordinal == t.item.c.ordinal))
        .where(t.item.c.project_id == store.project_id, t.item.c.ordinal.in_(ordinals))
    ).all()
    typical = features.typical(store) if project.config["kind"] == "table" else None
    return {
        r.ordinal: {
            "id": item_id_of(r.ordinal), "key": item_id_of(r.ordinal) if blind else r.key,
            "source": "" if blind else r.source,
            "content": {
                "kind": project.config["kind"], "text": r.body.get("text"), "row": r.body.get("row"),
                "typical": typical, "media": media_url(store.slug, r.ordinal) if "media" in r.body else None,
                "width": r.body.get("width"), "height": r.body.get("height"),
            },
        }
        for r in rows
    }  # fmt: skip


def media_url(slug: str, ordinal: int) -> str:
    """Where an item's image is served."""
    return f"/api/v1/projects/{slug}/items/{item_id_of(ordinal)}/media"


def preview(store: ProjectStore, project: Any, ordinal: int, body: dict[str, Any]) -> str:
    """A short line, or an image's URL."""
    if "media" in body:
        return media_url(store.slug, ordinal)
    return kinds.make(project.config["kind"]).preview(body)


def media(site: Site, actor: Actor, slug: str, item_id: str) -> tuple[Path, str]:
    """File and type of an item's image.

    Raises
    ------
    ForbiddenError
        If the caller may not read items and neither holds nor answered this one.
    """
    store, ordinal = site.project(slug), ordinal_of(item_id)
    with store.read() as connection:
        project = projects.ready(store, connection)
        body = connection.scalar(
            select(t.content.c.body).where(t.content.c.project_id == store.project_id, t.content.c.ordinal == ordinal)
        )
        if body is None or "media" not in body or ordinal >= project.n_items:
            raise NotFoundError(f"There is no image of an item '{item_id}'.")
        if not actor.may("item.read"):
            leased = connection.scalar(
                select(t.lease.c.id).where(
                    t.lease.c.project_id == store.project_id, t.lease.c.ordinal == ordinal,
                    t.lease.c.person_id == actor.person_id,
                ).limit(1)
            )  # fmt: skip
            if leased is None:
                raise ForbiddenError(f"The item '{item_id}' is not assigned to you.")
    path = store.media / body["media"]
    return path, MIMES.get(path.suffix, "application/octet-stream")


def listing(
    site: Site, slug: str, *, cursor: str | None, limit: int, show: str, label: str | None, search: str | None
) -> dict[str, Any]:
    """A page of items behind a figure."""
    store = site.project(slug)
    item, content = t.item, t.content
    with store.read() as connection:
        project = projects.ready(store, connection)
        task = projects.task_of(store, connection, project)
        kind = kinds.make(project.config["kind"])
        query = (
            select(item.c.ordinal, item.c.key, item.c.split, content.c.body)
            .join(content, (content.c.project_id == item.c.project_id) & (content.c.ordinal == item.c.ordinal))
            .where(item.c.project_id == store.project_id, item.c.ordinal < project.n_items)
            .order_by(item.c.ordinal)
        )
        if cursor is not None:
            query = query.where(item.c.ordinal > ordinal_of(cursor))
        if show == "reserve":
            query = query.where(item.c.split != "pool")
        elif show != "all":
            wanted = {"skipped": ("skip",), "flagged": ("flag",)}.get(show, figures.ANSWERING)
            standing = exists().where(
                and_(
                    t.annotation.c.project_id == item.c.project_id, t.annotation.c.ordinal == item.c.ordinal,
                    t.annotation.c.standing, t.annotation.c.kind.in_(wanted),
                )
            )  # fmt: skip
            query = query.where(~standing if show == "unlabeled" else standing)
        found: list[Any] = []
        needle, read = (search or "").casefold(), 0
        for row in connection.execute(query, execution_options={"yield_per": 500}):
            read += 1
            if not needle or needle in row.key.casefold() or needle in kind.search_text(row.body).casefold():
                found.append(row)
            if len(found) > limit or read >= MAX_SEARCHED:
                break
        answers = _standing(store, connection, [r.ordinal for r in found])
        summaries = []
        for row in found[:limit]:
            given = answers.get(row.ordinal, [])
            merged = task.describe(task.merge([a.answer for a in given]).answer) if given else None
            if label is not None and merged != label:
                continue
            summaries.append({
                "id": item_id_of(row.ordinal), "key": row.key, "split": "pool" if row.split == "pool" else "reserve",
                "label": merged, "answers": len(given), "preview": preview(store, project, row.ordinal, row.body),
            })  # fmt: skip
    more = len(found) > limit or (read >= MAX_SEARCHED and bool(found))
    return {"items": summaries, "next_cursor": item_id_of(found[:limit][-1].ordinal) if more else None}


def show(site: Site, slug: str, item_id: str) -> dict[str, Any]:
    """One item with its whole life."""
    store, ordinal = site.project(slug), ordinal_of(item_id)
    names = site.names()
    with store.read() as connection:
        project = projects.ready(store, connection)
        task = projects.task_of(store, connection, project)
        row = connection.execute(
            select(t.item).where(t.item.c.project_id == store.project_id, t.item.c.ordinal == ordinal)
        ).one_or_none()
        if row is None or ordinal >= project.n_items:
            raise NotFoundError(f"There is no item '{item_id}'.")
        view = views(store, connection, project, [ordinal])[ordinal]
        mates = list(
            connection.scalars(
                select(t.item.c.ordinal)
                .where(
                    t.item.c.project_id == store.project_id, t.item.c.dup_group == row.dup_group,
                    t.item.c.ordinal != ordinal,
                )
                .limit(50)
            )
        )  # fmt: skip
        given = _standing(store, connection, [ordinal]).get(ordinal, [])
        merged = task.merge([a.answer for a in given]) if given else None
        history = _history(store, connection, task, row, names)
    return {
        "item": view, "split": "pool" if row.split == "pool" else "reserve", "group": row.group_key,
        "duplicates": [item_id_of(i) for i in mates], "batch": row.batch_id, "hash": row.content_hash,
        "label": task.describe(merged.answer) if merged else None,
        "label_confidence": merged.confidence if merged else None, "history": history,
        "confidences": _confidences(store, project, task, ordinal),
    }  # fmt: skip


def _standing(store: ProjectStore, connection: Connection, ordinals: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    table = t.annotation
    rows = connection.execute(
        select(table.c.ordinal, table.c.answer, table.c.person_id)
        .where(
            table.c.project_id == store.project_id, table.c.ordinal.in_(ordinals), table.c.standing,
            table.c.kind.in_(figures.ANSWERING),
        )
        .order_by(table.c.seq)
    )  # fmt: skip
    for row in rows:
        found.setdefault(row.ordinal, []).append(row)
    return found


def _history(
    store: ProjectStore, connection: Connection, task: Any, row: Any, names: dict[str, tuple[str, bool]]
) -> list[dict[str, Any]]:
    batch = connection.execute(
        select(t.import_batch).where(
            t.import_batch.c.project_id == store.project_id, t.import_batch.c.id == row.batch_id
        )
    ).one()
    entries: list[dict[str, Any]] = [
        {"at": batch.at, "seq": batch.seq, "kind": "imported", "summary": f"Imported from {row.source}"}
    ]
    given = connection.execute(
        select(t.given).where(t.given.c.project_id == store.project_id, t.given.c.ordinal == row.ordinal)
    ).one_or_none()
    if given is not None:
        entries[0]["summary"] += f" with the label {task.describe(given.answer)} ({given.labels_are})"
    table = t.annotation
    for a in connection.execute(
        select(table)
        .where(table.c.project_id == store.project_id, table.c.ordinal == row.ordinal)
        .order_by(table.c.seq)
    ):
        entries.append({
            "at": a.at, "seq": a.seq, "kind": a.kind, "by": names.get(a.person_id, (a.person_id, False))[0],
            "summary": describe_annotation(task, a), "detail": {
                "seconds": a.seconds, "shown_as": a.slot_kind, "ranking": a.ranking_id, "position": a.position,
                "standing": a.standing, "late": a.late, "grid": a.grid,
                "reason": store.unseal(connection, a.reason_id),
            },
        })  # fmt: skip
    return entries


def describe_annotation(task: Any, annotation: Any) -> str:
    """What an annotation says, in words."""
    if annotation.kind in figures.ANSWERING:
        said = str(task.describe(annotation.answer))
        return said if annotation.kind == "answer" else f"Corrected to {said}"
    return {"skip": "Skipped", "flag": "Flagged", "undo": "Undone"}[annotation.kind]


def _confidences(store: ProjectStore, project: Any, task: Any, ordinal: int) -> list[dict[str, Any]]:
    """What the stored models thought of the item, oldest first."""
    from labelwright.tasks.predictions import Predictions

    found = []
    with store.read() as connection:
        models = connection.execute(
            select(t.model.c.cycle, t.model.c.n_labels)
            .where(t.model.c.project_id == store.project_id)
            .order_by(t.model.c.cycle)
        ).all()
    for model in models[-20:]:
        path = f"cycles/{model.cycle:06d}/predictions/values.npy"
        if not (store.arrays.folder / path).exists():
            continue
        stored = store.arrays.read(path)
        if ordinal >= len(stored):
            continue
        one = Predictions.from_arrays(task.form, {"values": stored[ordinal : ordinal + 1]})
        if task.form != "value" and one.values.shape[1] != task.n_outputs:
            continue  # the schema had fewer labels then
        answer = task.decode(task.answer(one))[0]
        found.append({
            "cycle": model.cycle, "n_labels": model.n_labels, "answer": task.describe(answer),
            "confidence": float(one.values.max()),
        })  # fmt: skip
    return found
