"""Copy the rows of a site or of a project to another database, and hash their chain anew where it arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import Connection, MetaData, select

from labelwright.errors import IntegrityError
from labelwright.store import chain as chains
from labelwright.store.chain import GENESIS, Chain
from labelwright.store.loading import load

LEFT: Final = frozenset({"worker", "search_progress"})  # of processes, and of an index that is made anew
READ_ROWS: Final = 2000
Progress = Callable[[str, int, int | None], None]


class Copied:
    """What has been copied so far.

    Attributes
    ----------
    heads : dict of str to str
        The hash of the last event by chain: the site's, and each project's by its name.
    n_rows, n_events : int
    """

    def __init__(self) -> None:
        self.heads: dict[str, str] = {}
        self.n_rows = self.n_events = 0

    def take(
        self, name: str, chain: Chain, meta: MetaData, project_id: str | None, reader: Connection, writer: Connection,
        progress: Progress,
    ) -> None:  # fmt: skip
        """Copy the rows of a project, or of the site where ``project_id`` is None, and check their chain.

        Raises
        ------
        IntegrityError
            If the chain is not whole where it arrived, or does not end where its head says.
        """
        self.n_rows += _copy(reader, writer, meta, project_id, name, progress)
        self._check(name, chain, reader, writer)

    def _check(self, name: str, chain: Chain, reader: Connection, writer: Connection) -> None:
        last = GENESIS
        for event in chains.read(writer, chain):
            if event.prev_hash != last or chains.link(last, event.body) != event.hash:
                raise IntegrityError(f"copy: event {event.seq} of '{name}' does not follow the one before it.",
                                     "Run 'labelwright verify' to see what was altered.")  # fmt: skip
            last = event.hash
            self.n_events += 1
        head = reader.scalar(select(chain.head.c.hash).where(chain.head.c.project_id == chain.project_id))
        if head != last:
            raise IntegrityError(f"copy: the chain of '{name}' does not end where its head says.",
                                 "Run 'labelwright verify' to see what was altered.")  # fmt: skip
        self.heads[name] = last


def _copy(
    reader: Connection, writer: Connection, meta: MetaData, project_id: str | None, name: str, progress: Progress
) -> int:  # fmt: skip
    n_rows = 0
    for table in meta.sorted_tables:
        if table.name in LEFT:
            continue
        query = select(table) if project_id is None else select(table).where(table.c.project_id == project_id)
        found = reader.execute(query.order_by(*table.primary_key.columns), execution_options={"yield_per": READ_ROWS})

        def told(rows: Any = found, before: int = n_rows) -> Iterator[dict[str, object]]:
            for n_read, row in enumerate(rows.mappings(), 1):
                if n_read % READ_ROWS == 0:
                    progress(name, before + n_read, None)
                yield dict(row)

        n_rows += load(writer, table, told())
    return n_rows
