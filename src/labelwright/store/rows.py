"""One project's rows: the only place where a statement is limited to a project.

PostgreSQL holds the rows of all projects in one schema, so a statement that forgets the project would
read or change another team's data. Nothing outside this package writes ``project_id``: statements are
made here, and every table they touch is limited to the project.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Executable,
    Row,
    ScalarResult,
    Select,
    String,
    Table,
    delete,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.sql import visitors
from sqlalchemy.sql.schema import Column

from labelwright.store.loading import load

What = Table | ColumnElement[Any]
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
STREAM = {"yield_per": 2000}
PAGE_ROWS = 5000


class Rows:
    """A connection within a transaction, limited to one project.

    Parameters
    ----------
    connection : Connection
        For what is not a table of the project, such as a full-text index.
    project_id : str
    """

    def __init__(self, connection: Connection, project_id: str) -> None:
        self.connection = connection
        self.project_id = project_id

    def select(self, *what: What, of: Table | None = None) -> AnySelect:
        """Select columns or tables of this project; several tables are joined by the caller's ``where``.

        Parameters
        ----------
        of : Table, optional
            Where the columns name no table, as in ``select(func.count(), of=item)``.
        """
        tables = dict.fromkeys(_tables_of(what) if of is None else [of, *_tables_of(what)])
        statement = select(*what) if of is None else select(*what).select_from(of)
        return statement.where(*(self.own(table) for table in tables))

    def scan(self, *what: What, of: Table) -> AnySelect:
        """The same of one table for a reading of nearly all of its rows, in no order.

        A file of SQLite holds one project, so its index by project finds nothing and costs a third of such a reading;
        the sign in front of the column keeps it out.
        """
        if self.connection.dialect.name != "sqlite":
            return self.select(*what, of=of)
        project = literal_column(f"+{of.name}.project_id", String)
        return select(*what).select_from(of).where(project == self.project_id)

    def own(self, table: Table) -> ColumnElement[bool]:
        """The condition that a table's row is of this project, for joins written by hand."""
        return table.c.project_id == self.project_id

    def execute(self, statement: Executable) -> CursorResult[Any]:
        """Run a statement that was made here."""
        return self.connection.execute(statement)

    def stream(self, statement: AnySelect) -> Iterable[AnyRow]:
        """Rows in pages, for what may not fit into memory."""
        return self.connection.execute(statement, execution_options=STREAM)

    def all(self, statement: AnySelect) -> Sequence[AnyRow]:
        """All rows."""
        return self.connection.execute(statement).all()

    def columns(self, statement: AnySelect) -> Iterator[list[tuple[Any, ...]]]:
        """All rows column by column in pages, for a million of them: values as the driver gives them, no object a row.

        A truth value may come as 0 or 1, and JSON as text. There is one page at least; without rows its columns are
        empty. Pages are small enough for their memory to be used again, which takes a third off the time.
        """
        result, was_on = self.connection.execute(statement), gc.isenabled()
        gc.disable()  # tuples of numbers and texts make no cycles, and looking for some takes as long as reading them
        try:
            page = result.cursor.fetchmany(PAGE_ROWS)
            yield list(zip(*page, strict=True)) or [()] * len(result.keys())
            while page := result.cursor.fetchmany(PAGE_ROWS):
                yield list(zip(*page, strict=True))
        finally:
            result.close()
            if was_on:
                gc.enable()

    def one(self, statement: AnySelect) -> AnyRow:
        """The only row; an error if there is another number of them."""
        return self.connection.execute(statement).one()

    def first(self, statement: AnySelect) -> AnyRow | None:
        """The first row, if there is one."""
        return self.connection.execute(statement.limit(1)).first()

    def scalar(self, statement: AnySelect) -> Any:
        """The first column of the first row, None if there is none."""
        return self.connection.scalar(statement)

    def scalars(self, statement: AnySelect) -> ScalarResult[Any]:
        """The first column of all rows."""
        return self.connection.scalars(statement)

    def insert(self, table: Table, *rows: Mapping[str, object]) -> None:
        """Insert rows; none is fine."""
        if rows:
            self.connection.execute(insert(table), [{**row, "project_id": self.project_id} for row in rows])

    def load(self, table: Table, rows: Iterable[Mapping[str, object]]) -> int:
        """Insert many rows that all name the same columns, as `labelwright.store.loading.load`; return how many."""
        return load(self.connection, table, ({**row, "project_id": self.project_id} for row in rows))

    def update(self, table: Table, *where: ColumnElement[bool], **values: object) -> int:
        """Change rows; return how many."""
        return self.connection.execute(update(table).where(self.own(table), *where).values(**values)).rowcount

    def delete(self, table: Table, *where: ColumnElement[bool]) -> int:
        """Delete rows; return how many."""
        return self.connection.execute(delete(table).where(self.own(table), *where)).rowcount


def _tables_of(what: Sequence[What]) -> Iterable[Table]:
    for element in what:
        if isinstance(element, Table):
            yield element
            continue
        for part in visitors.iterate(element):
            if isinstance(part, Column) and isinstance(part.table, Table):
                yield part.table
