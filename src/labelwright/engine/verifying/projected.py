"""Projections: made anew from the events by the functions that wrote the tables, then compared."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Table, create_engine
from sqlalchemy.exc import SQLAlchemyError

from labelwright.engine.verifying.report import Report
from labelwright.store import record, tables
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody
from labelwright.store.record.rebuild import Rebuild
from labelwright.store.rows import Rows


def check_projections(rows: Rows, events: Iterable[tuple[Event, EventBody]], report: Report) -> None:
    """Compare every table that follows from events with what they say; reads all events on the way."""
    memory = create_engine("sqlite://", hide_parameters=True)
    tables.META.create_all(memory)
    with memory.connect() as connection:
        fresh = Rows(connection, rows.project_id)
        rebuild = Rebuild(fresh)
        broken = False
        for event, body in events:
            try:
                if not broken:
                    rebuild.take(event, body)
            except Exception as error:  # an event may hold anything that its type allows
                report.complain(f"event {event.seq} cannot be replayed: {type(error).__name__}.")
                broken = True
        if broken:
            return
        rebuild.finish()
        for projected in record.projected_tables():
            try:
                _compare(rows, fresh, projected.table, projected.columns, report)
            except (SQLAlchemyError, ValueError, TypeError, LookupError) as error:
                report.complain(f"table {projected.table.name}: a row cannot be read: {type(error).__name__}.")
    report.say(f"projections: {len(record.projected_tables())} tables recomputed")


def _compare(rows: Rows, fresh: Rows, table: Table, columns: tuple[str, ...] | None, report: Report) -> None:
    wanted = [table.c[name] for name in columns] if columns else list(table.c)
    keys = [key for key in table.primary_key if key.name != "project_id"]
    query = rows.select(*keys, *wanted)
    if table is tables.import_batch:
        query = query.where(table.c.visible)
    stored, rebuilt = (
        {tuple(row[: len(keys)]): tuple(row[len(keys) :]) for row in source.stream(query)} for source in (rows, fresh)
    )
    if stored == rebuilt:
        return
    for key in sorted(stored.keys() | rebuilt.keys(), key=str):
        if key not in rebuilt:
            report.complain(f"table {table.name}: row {key} is in no event.")
        elif key not in stored:
            report.complain(f"table {table.name}: row {key} is missing.")
        elif stored[key] != rebuilt[key]:
            names = [c.name for c, a, b in zip(wanted, stored[key], rebuilt[key], strict=True) if a != b]
            report.complain(f"table {table.name}: row {key} differs from its events in {', '.join(names)}.")
