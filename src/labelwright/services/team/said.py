"""All that people said in a project, as arrays: read once for each state of the record."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.project import Question
from labelwright.engine.reading import Reading
from labelwright.plain import JsonObject
from labelwright.policy.kinds.random import Random
from labelwright.policy.kinds.reserve import Reserve
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import ANSWER, ANSWERING
from labelwright.store.rows import Rows

BY_CHANCE: Final = (Random.name, Reserve.name)  # kinds of slot whose items no strategy chose
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Strings = npt.NDArray[np.str_]


@dataclass(frozen=True)
class Said:
    """The annotations of a project, one row each, in the order they came.

    Attributes
    ----------
    seq, ordinal, guideline_version : int64 arrays of shape (n,)
    people : list of str
        Ids of those who said something, sorted.
    person : int64 array of shape (n,)
        Positions in ``people``.
    question, kind, slot : str arrays of shape (n,)
        "" where there is none.
    seconds : float64 array of shape (n,)
        Active seconds; NaN where they are not known.
    at : str array of shape (n,)
    first, standing, late, exposed, grid : bool arrays of shape (n,)
    answers : sequence of n JSON objects, or None
        As they are read now; None too where a label was split since.
    """

    seq: Ints
    ordinal: Ints
    guideline_version: Ints
    people: list[str]
    person: Ints
    question: Strings
    kind: Strings
    slot: Strings
    seconds: Floats
    at: Strings
    first: Bools
    standing: Bools
    late: Bools
    exposed: Bools
    grid: Bools
    answers: Sequence[JsonObject | None]

    @cached_property
    def answering(self) -> Bools:
        """Which rows answer a question."""
        return np.isin(self.kind, ANSWERING)

    @cached_property
    def day(self) -> Strings:
        """The day of each row in UTC, as YYYY-MM-DD."""
        return self.at.astype("U10")

    @cached_property
    def epoch(self) -> Floats:
        """When each row came, in seconds."""
        return self.at.astype("U26").astype("datetime64[us]").astype(np.int64) / 1e6

    def own(self, person_id: str) -> Bools:
        """The rows of one person."""
        if person_id not in self.people:
            return np.zeros(len(self.seq), dtype=bool)
        return np.asarray(self.person == self.people.index(person_id))

    def measuring(self, question: Question, slots: Sequence[str] | None = BY_CHANCE) -> Ints:
        """Rows that tell how people agree: first answers to a question, given blind.

        Parameters
        ----------
        slots : sequence of str, optional
            Kinds of slot; by default those whose items were drawn at random, whoever answers. None for all.
        """
        kept = self.first & (self.kind == ANSWER) & (self.question == question.id) & ~self.exposed
        if slots is not None:
            kept &= np.isin(self.slot, slots)
        found = np.flatnonzero(kept)
        return found[[self.answers[k] is not None for k in found.tolist()]] if len(found) else found

    def names_of(self, rows: Ints) -> list[str]:
        """Ids of the people of some rows."""
        return [self.people[k] for k in self.person[rows].tolist()]


class _Newest:
    """The latest reading of a project: one a project, because it is large."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._head: int | None = None
        self._said: Said | None = None

    def at(self, head: int, make: Callable[[], Said]) -> Said:
        with self._lock:
            if self._said is None or self._head != head:
                self._said, self._head = make(), head
            return self._said


def read(site: Site, store: ProjectStore) -> tuple[Said, int]:
    """What people said, and the event up to which it was read."""
    with store.read() as rows:
        head = store.head_seq(rows)
        newest: _Newest = site.cache.get(("said", store.project_id), _Newest)
        return newest.at(head, lambda: _read(rows)), head


def _read(rows: Rows) -> Said:
    c = t.annotation.c
    columns = (
        c.seq, c.ordinal, c.guideline_version, c.person_id, c.question_id, c.kind, c.slot_kind, c.seconds, c.at,
        c.first, c.standing, c.late, c.exposed, c.grid, c.answer,
    )  # fmt: skip
    parts = list(zip(*map(tuple, rows.stream(rows.select(*columns).order_by(c.seq))), strict=True))
    if not parts:
        parts = [()] * len(columns)
    seq, ordinal, guideline, people, question, kind, slot, seconds, at, first, standing, late, exposed, grid, answer = (
        parts
    )
    names, person = np.unique(np.array(people, dtype=np.str_), return_inverse=True)

    reading = Reading(rows)

    def texts(values: Sequence[str | None]) -> Strings:
        return np.array([value or "" for value in values], dtype=np.str_)

    def flags(values: Sequence[bool]) -> Bools:
        return np.array(values, dtype=bool)

    return Said(
        np.array(seq, dtype=np.int64), np.array(ordinal, dtype=np.int64), np.array(guideline, dtype=np.int64),
        names.tolist(), person.astype(np.int64), texts(question), texts(kind), texts(slot),
        np.array([np.nan if value is None else value for value in seconds], dtype=np.float64), texts(at),
        flags(first), flags(standing), flags(late), flags(exposed), flags(grid),
        [None if said is None else reading(asked, said) for asked, said in zip(question, answer, strict=True)],
    )  # fmt: skip
