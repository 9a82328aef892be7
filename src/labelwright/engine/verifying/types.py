"""Types of what is stored. SQLite keeps any type in any column, and a text in place of a number compares otherwise."""

from __future__ import annotations

from typing import Final

from sqlalchemy import JSON, Boolean, Column, ColumnElement, Float, Integer, LargeBinary, String, func, or_, select

from labelwright.engine.verifying.chain import Collected
from labelwright.engine.verifying.report import Report
from labelwright.store import tables
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

STORED_AS: Final = (
    (Integer, ("integer",)), (Float, ("real", "integer")), (LargeBinary, ("blob",)), (String, ("text",)),
    (JSON, ("text",)), (Boolean, ("integer",)),
)  # fmt: skip


def check_types(store: ProjectStore, rows: Rows, collected: Collected, report: Report) -> None:
    """Check that every cell has its column's type and every row is of this project, as on PostgreSQL by itself."""
    if not store.database.is_sqlite:
        return
    for table in tables.META.sorted_tables:
        if rows.connection.scalar(select(func.count()).select_from(table).where(~rows.own(table))):
            report.complain(f"table {table.name}: a row is of another project.")
        wrong = {column.name: _is_wrong(column) for column in table.c}
        if not rows.scalar(rows.select(func.count(), of=table).where(or_(*wrong.values()))):
            continue
        for name, condition in wrong.items():
            if rows.scalar(rows.select(func.count(), of=table).where(condition)):
                report.complain(f"table {table.name}: the column {name} of a row holds another type than it must.")
    report.say(f"types: {len(tables.META.tables)} tables")


def _is_wrong(column: Column[object]) -> ColumnElement[bool]:
    stored_as = next(names for kind, names in STORED_AS if isinstance(column.type, kind))
    wrong = func.typeof(column).not_in((*stored_as, "null"))
    return wrong | column.not_in((0, 1)) if isinstance(column.type, Boolean) else wrong
