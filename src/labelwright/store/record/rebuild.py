"""All projections of a project, made anew from its events: for ``verify`` and for migrations.

Annotations, which are most of the events, are inserted in bulk and folded once at the end; that gives the
same rows as one event after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from sqlalchemy import func

from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.annotations import AnnotationGiven
from labelwright.store.record.base import EventBody
from labelwright.store.record.standing import standing
from labelwright.store.record.withdrawn import withdrawn
from labelwright.store.rows import Rows

CHUNK = 5000


class Rebuild:
    """Takes events in order, then writes what they mean; the tables must be empty.

    Parameters
    ----------
    rows : Rows
        Where to write.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._annotations: list[dict[str, object]] = []
        self._wanted: dict[str, int] = {}
        self._flagged = False  # whether an event set flags when not all annotations were there

    def take(self, event: Event, body: EventBody) -> None:
        """The next event."""
        if not isinstance(body, AnnotationGiven):
            self._flagged = self._flagged or any(one.table is t.annotation for one in body.projected)
            body.project(self._rows, event)
            return
        self._annotations.append(body.row(event))
        if body.teaches and body.question is not None:
            self._wanted[body.question] = event.seq
        if len(self._annotations) >= CHUNK:
            self._flush()

    def finish(self) -> None:
        """Fold what was taken."""
        self._flush()
        rows = self._rows
        for question, seq in self._wanted.items():
            table = t.question
            rows.update(table, table.c.id == question, table.c.wanted_seq < seq, wanted_seq=seq)
        if self._wanted:
            seq = max(self._wanted.values())
            rows.update(t.project, t.project.c.wanted_seq < seq, wanted_seq=seq)
        first, stands = folded_flags(rows)
        if self._flagged:
            rows.update(t.annotation, t.annotation.c.first | t.annotation.c.standing, first=False, standing=False)
        for name, seqs in (("first", first), ("standing", stands)):
            ordered = sorted(seqs)
            for start in range(0, len(ordered), 500):
                rows.update(t.annotation, t.annotation.c.seq.in_(ordered[start : start + 500]), **{name: True})

    def _flush(self) -> None:
        self._rows.insert(t.annotation, *self._annotations)
        self._annotations = []


def folded_flags(
    rows: Rows, upto_seq: int | None = None, *, ordinals: Sequence[int] | None = None
) -> tuple[set[int], set[int]]:
    """The sequence numbers of first and of standing annotations, as of an event or now; of all items or of some."""
    table, replacement = t.annotation, t.replacement
    annotations = rows.select(
        table.c.ordinal, table.c.person_id, table.c.seq, table.c.id, table.c.kind, table.c.question_id,
        table.c.replaces,
    ).order_by(table.c.ordinal, table.c.person_id, table.c.seq)  # fmt: skip
    since = rows.select(replacement.c.ordinal, func.max(replacement.c.seq)).group_by(replacement.c.ordinal)
    if ordinals is not None:
        annotations = annotations.where(table.c.ordinal.in_(ordinals))
        since = since.where(replacement.c.ordinal.in_(ordinals))
    if upto_seq is not None:
        annotations = annotations.where(table.c.seq <= upto_seq)
        since = since.where(replacement.c.seq <= upto_seq)
    replaced = {int(ordinal): int(seq) for ordinal, seq in rows.all(since)}
    without = withdrawn(rows, upto_seq, ordinals=ordinals)
    first: set[int] = set()
    stands: set[int] = set()
    for (ordinal, _), of_person in groupby(rows.stream(annotations), key=lambda one: (one.ordinal, one.person_id)):
        folded = standing(of_person, since=replaced.get(ordinal, 0), without=without)
        first |= folded.first
        stands |= folded.standing
    return first, stands


def rebuild(rows: Rows, events: Iterable[tuple[Event, EventBody]]) -> None:
    """Write all projections of a project into empty tables."""
    made = Rebuild(rows)
    for event, body in events:
        made.take(event, body)
    made.finish()
