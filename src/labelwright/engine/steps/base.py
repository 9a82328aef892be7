"""What a step of a cycle is.

A step reads what was frozen and what earlier steps wrote, and writes its own part; the arithmetic is in
`labelwright.loop.steps`. It may be stopped anywhere and run again: `done` says whether its part is there.
The runner asks, times, notes errors, and sees to it that only the worker that holds the cycle writes.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from labelwright.engine.cycle import Cycle
from labelwright.engine.executors import Executor, Going, Local
from labelwright.errors import ConflictError
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore, Transaction
from labelwright.store.rows import Rows

log = logging.getLogger("labelwright.worker")


class TakenOverError(ConflictError):
    """Another worker holds the cycle now; this one must stop."""


class Hold:
    """A worker's hold on a cycle: a number that grows each time a cycle is taken over.

    Parameters
    ----------
    store : ProjectStore
    cycle_id : int
    fence : int
        What the cycle's row must hold for this worker to write.
    executor : Executor
        Where work by shards is done.
    may_go_on : callable
        Whether the worker may go on; asked while it waits for shards.
    """

    def __init__(
        self, store: ProjectStore, cycle_id: int, fence: int, executor: Executor | None = None,
        may_go_on: Going = lambda: True,
    ) -> None:  # fmt: skip
        self.store, self.cycle_id, self.fence = store, cycle_id, fence
        self.executor, self.may_go_on = Local() if executor is None else executor, may_go_on

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A durable transaction, refused if the cycle was taken over.

        Raises
        ------
        TakenOverError
        """
        with self.store.write() as transaction:
            self.check(transaction.rows)
            yield transaction

    @contextmanager
    def aside(self) -> Iterator[Rows]:
        """A transaction for rows that only the worker of this cycle writes; refused if the cycle was taken over.

        Nobody who labels waits for it, so what it writes must be read by nobody yet.

        Raises
        ------
        TakenOverError
        """
        with self.store.aside() as rows:
            self.check(rows, keep=True)
            yield rows

    def check(self, rows: Rows, *, keep: bool = False) -> None:
        """Refuse to go on if the cycle was taken over; with ``keep`` it is not until the transaction ends."""
        query = rows.select(t.cycle.c.fence).where(t.cycle.c.id == self.cycle_id)
        fence = rows.scalar(query.with_for_update() if keep else query)
        if fence != self.fence:
            raise TakenOverError(f"cycle {self.cycle_id} of '{self.store.slug}' was taken over by another worker.")

    @property
    def is_mine(self) -> bool:
        """Whether no other worker has taken the cycle over."""
        with self.store.read() as rows:
            fence = rows.scalar(rows.select(t.cycle.c.fence).where(t.cycle.c.id == self.cycle_id))
        return bool(fence == self.fence)

    def note(self, **values: object) -> None:
        """Note how far the cycle is; nothing if it was taken over."""
        with self.store.aside() as rows:
            rows.update(t.cycle, t.cycle.c.id == self.cycle_id, t.cycle.c.fence == self.fence, **values)

    def on_done(self, n_done: int, n_shards: int) -> None:
        """Tell the log how far work by shards is."""
        log.info("shards", extra={"project": self.store.slug, "cycle": self.cycle_id, "done": n_done, "of": n_shards})


class Step(ABC):
    """One step. A new one is one file of this package.

    Attributes
    ----------
    name : str
    after : str
        The step that it follows; empty for the first one.
    inputs : tuple of str
        What it reads: "inputs" for what was frozen, and names of earlier steps.
    """

    name: ClassVar[str]
    after: ClassVar[str]
    inputs: ClassVar[tuple[str, ...]] = ("inputs",)

    @abstractmethod
    def done(self, cycle: Cycle) -> bool:
        """Whether the step's part is there already, whole."""

    @abstractmethod
    def run(self, cycle: Cycle, hold: Hold) -> None:
        """Write the step's part."""
