"""What a person sees of their own annotations: the latest, the item behind one, and why it was shown."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from labelwright.errors import InputError, NotFoundError
from labelwright.services import items, projects
from labelwright.services.reasons import explain
from labelwright.services.roles import Actor
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore


def mine(site: Site, actor: Actor, slug: str, *, limit: int, cursor: str | None) -> dict[str, Any]:
    """The caller's latest annotations, newest first; what was undone is among them and marked."""
    project_store = site.project(slug)
    table = t.annotation
    with project_store.read() as connection:
        project = projects.ready(project_store, connection)
        task = projects.task_of(project_store, connection, project)
        query = (
            select(table, t.item.c.key, t.content.c.body)
            .join(t.item, (t.item.c.project_id == table.c.project_id) & (t.item.c.ordinal == table.c.ordinal))
            .join(t.content, (t.content.c.project_id == table.c.project_id) & (t.content.c.ordinal == table.c.ordinal))
            .where(
                table.c.project_id == project_store.project_id, table.c.person_id == actor.person_id,
                table.c.kind != "undo",
            )
            .order_by(table.c.seq.desc())
            .limit(limit + 1)
        )  # fmt: skip
        if cursor is not None:
            query = query.where(table.c.seq < _seq(cursor))
        rows = connection.execute(query).all()
    return {
        "items": [
            {
                "id": r.id, "item_id": items.item_id_of(r.ordinal), "key": r.key, "kind": r.kind, "answer": r.answer,
                "summary": items.describe_annotation(task, r), "at": r.at, "standing": r.standing,
                "preview": items.preview(project_store, project, r.ordinal, r.body),
            }
            for r in rows[:limit]
        ],
        "next_cursor": str(rows[limit - 1].seq) if len(rows) > limit else None,
    }  # fmt: skip


def item_of(site: Site, actor: Actor, slug: str, annotation_id: str) -> dict[str, Any]:
    """The item behind one of the caller's annotations."""
    project_store = site.project(slug)
    with project_store.read() as connection:
        project = projects.ready(project_store, connection)
        row = _own(project_store, connection, actor, annotation_id)
        return items.views(project_store, connection, project, [row.ordinal])[row.ordinal]


def why(site: Site, actor: Actor, slug: str, annotation_id: str) -> dict[str, Any]:
    """Why the item was shown, told to the one who answered it."""
    project_store = site.project(slug)
    with project_store.read() as connection:
        row = _own(project_store, connection, actor, annotation_id)
        ranking = connection.execute(
            select(t.ranking).where(
                t.ranking.c.project_id == project_store.project_id, t.ranking.c.id == row.ranking_id
            )
        ).one_or_none()
    return explain(project_store, row, ranking)


def _own(project_store: ProjectStore, connection: Connection, actor: Actor, annotation_id: str) -> Any:
    row = connection.execute(
        select(t.annotation).where(
            t.annotation.c.project_id == project_store.project_id, t.annotation.c.id == annotation_id,
            t.annotation.c.person_id == actor.person_id,
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFoundError(f"There is no annotation '{annotation_id}' of yours.")
    return row


def _seq(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdigit():
        raise InputError(f"annotations: cursor must be one that a page gave, got '{cursor}'.")
    return int(cursor)
