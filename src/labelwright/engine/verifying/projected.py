"""Projections: all events are replayed into an empty database by the functions that wrote the tables, then compared."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, create_engine, select

from labelwright.engine.importing import stage
from labelwright.engine.publish import HEAD_SLOTS, SLOT_PARTS, slot_values
from labelwright.engine.verifying.report import Report
from labelwright.errors import LabelwrightError
from labelwright.items import make as make_kind
from labelwright.items.base import Content
from labelwright.store import events, tables
from labelwright.store import projections as p
from labelwright.store.project import ProjectStore


def check_projections(store: ProjectStore, connection: Connection, report: Report) -> None:
    """Compare every projected table with what the events say."""
    memory = create_engine("sqlite://")
    tables.META.create_all(memory)
    with memory.connect() as fresh:
        for event in events.read(connection, store.chain):
            try:
                p.project(fresh, store.project_id, event)
            except (LabelwrightError, KeyError, ValueError) as error:
                report.complain(f"event {event.seq} cannot be replayed: {error}")
                return
        for table, columns in p.PROJECTED.items():
            _compare(store, connection, fresh, table, columns, report)
    report.say(f"projections: {len(p.PROJECTED)} tables recomputed")


def check_imports(store: ProjectStore, connection: Connection, report: Report) -> None:
    """Make every import's manifest anew, and every content's hash."""
    kind = make_kind(store.row(connection).config["kind"])
    batch = tables.import_batch
    n = 0
    for row in connection.execute(
        select(batch).where(batch.c.project_id == store.project_id, batch.c.visible).order_by(batch.c.first_ordinal)
    ).all():
        rows = stage.manifest_rows(connection, store.project_id, row.first_ordinal, row.n_items)
        if stage.manifest(rows) != row.manifest:
            report.complain(f"import {row.id}: its items differ from its manifest.")
        n += row.n_items
    query = (
        select(tables.item.c.ordinal, tables.item.c.content_hash, tables.content.c.body)
        .join(
            tables.content,
            (tables.content.c.project_id == tables.item.c.project_id)
            & (tables.content.c.ordinal == tables.item.c.ordinal),
        )
        .where(tables.item.c.project_id == store.project_id)
        .order_by(tables.item.c.ordinal)
    )
    for row in connection.execute(query, execution_options={"yield_per": 1000}):
        media = None
        if "media" in row.body:
            path = store.media / row.body["media"]
            if not path.exists():
                report.complain(f"item i{row.ordinal}: its file {row.body['media']} is missing.")
                continue
            media = path.read_bytes()
        if kind.content_hash(Content(row.body, media)) != row.content_hash:
            report.complain(f"item i{row.ordinal}: its content was altered.")
    report.say(f"items: {n} against their manifests and hashes")


def check_arrays(store: ProjectStore, connection: Connection, report: Report) -> None:
    """Hold every array file against its digest; predictions that were thinned are counted, not a fault."""
    thinned: set[str] = set()
    named: dict[str, str] = {}
    seq = 0
    for event in events.read(connection, store.chain):
        data, seq = event.data, event.seq
        thinned.update(data.get("thinned", ()))
        named.update(data.get("arrays") or {})
    listed = {
        row.path: row.digest
        for row in connection.execute(
            select(tables.array_file).where(tables.array_file.c.project_id == store.project_id)
        )
    }
    for path, digest in sorted(named.items()):
        if listed.get(path) != digest:
            report.complain(f"array {path}: the list of files differs from the record.")
        if path not in thinned and store.arrays.digest(path) != digest and not _thinned_since(store, seq, path):
            report.complain(f"array {path}: the file is missing or was altered.")
    report.say(f"arrays: {len(named)} files" + (f", {len(thinned)} thinned" if thinned else ""))


def _thinned_since(store: ProjectStore, seq: int, path: str) -> bool:
    """Whether a worker that went on made room for a new ranking after the view that is being checked."""
    with store.read() as later:
        return any(path in event.data.get("thinned", ()) for event in events.read(later, store.chain, after=seq))


def check_head_of_ranking(store: ProjectStore, connection: Connection, report: Report) -> None:
    """The slots that are served are the ones that were published."""
    project = store.row(connection)
    if project.ranking_id is None:
        return
    path = f"cycles/{project.cycle:06d}/slots"
    parts = {name: store.arrays.read(f"{path}/{name}.npy") for name in SLOT_PARTS}
    order = parts["item_idx"]
    slot = tables.slot
    rows = connection.execute(
        select(slot)
        .where(slot.c.project_id == store.project_id, slot.c.ranking_id == project.ranking_id)
        .order_by(slot.c.position)
    ).all()
    if missing := sorted(set(range(min(HEAD_SLOTS, len(order)))) - {row.position for row in rows}):
        report.complain(f"slot {missing[0]} of {project.ranking_id} is missing from what is served.")
    for row in rows:
        if row.position >= len(order) or slot_values(parts, row.position) != {
            "ordinal": row.ordinal, "kind": row.kind, "score": row.score, "propensity": row.propensity
        }:  # fmt: skip
            report.complain(f"slot {row.position} of {project.ranking_id} differs from the published array.")
    report.say(f"ranking {project.ranking_id}: served as published")


def _compare(
    store: ProjectStore, connection: Connection, fresh: Connection, table: Table, columns: tuple[str, ...] | None,
    report: Report,
) -> None:  # fmt: skip
    wanted = [table.c[name] for name in columns] if columns else list(table.c)
    keys = list(table.primary_key)

    def rows(source: Connection) -> dict[Any, Any]:
        query = select(*keys, *wanted).where(table.c.project_id == store.project_id)
        if table is tables.import_batch:
            query = query.where(table.c.visible)
        return {tuple(r[: len(keys)]): tuple(r[len(keys) :]) for r in source.execute(query)}

    stored, said = rows(connection), rows(fresh)
    for key in sorted(stored.keys() | said.keys(), key=str):
        if key not in said:
            report.complain(f"table {table.name}: row {key[1:]} is in no event.")
        elif key not in stored:
            report.complain(f"table {table.name}: row {key[1:]} is missing.")
        elif stored[key] != said[key]:
            names = [c.name for c, a, b in zip(wanted, stored[key], said[key], strict=True) if a != b]
            report.complain(f"table {table.name}: row {key[1:]} differs from its events in {', '.join(names)}.")
