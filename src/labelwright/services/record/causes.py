"""Why labels changed between two moments: the event that did it, by whom, and what they said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from labelwright.engine import answers
from labelwright.engine.contents import CHUNK
from labelwright.services.people.roles import SYSTEM
from labelwright.store import record
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.imports import ImportUndone, ItemsExcluded, ItemsIncluded
from labelwright.store.record.label_changes import LabelsChanged
from labelwright.store.record.standing import CORRECT, REPEAT, UNDOING
from labelwright.store.record.withdrawn import withdrawn_items
from labelwright.store.rows import Rows

ANSWERED, CORRECTED, WITHDRAWN, REVIEWED = "answer", "correction", "undo", "review"
EXCLUDED, INCLUDED, REPLACED, IMPORTED = "exclusion", "inclusion", "replacement", "import"
RESOLVED = "resolver"  # nobody said anything of the item: other answers changed how much each person's answers weigh
LABELS = "labels"  # the label was merged or split
CAUSES = (ANSWERED, CORRECTED, WITHDRAWN, REVIEWED, EXCLUDED, INCLUDED, REPLACED, IMPORTED, LABELS, RESOLVED)


@dataclass(frozen=True)
class Cause:
    """What changed a label.

    Attributes
    ----------
    cause : str
        "answer", "correction", "undo", "review", "exclusion", "inclusion", "replacement", "import", "labels"
        or "resolver".
    seq : int
        The event; 0 for "resolver", which no single event is.
    by : str
        Id of the person.
    reason : str, optional
        What they wrote to it.
    """

    cause: str
    seq: int
    by: str
    at: str | None
    reason: str | None


RESOLVER = Cause(RESOLVED, 0, SYSTEM.person_id, None, None)


@dataclass(frozen=True)
class _Found:
    cause: str
    seq: int
    by: str
    at: str
    reason_id: str | None


@dataclass(frozen=True)
class _Change:
    body: LabelsChanged
    found: _Found


def causes(
    store: ProjectStore, rows: Rows, question_id: str, ordinals: Sequence[int], span: tuple[int, int]
) -> dict[int, Cause]:  # fmt: skip
    """The cause of the change of each item's label: the last event within the span that concerns it.

    Parameters
    ----------
    span : tuple of int
        Events after the first number, up to the second.
    """
    last = _moved(store, rows, span) | _split(store, rows, question_id, span)
    otherwise = _renamed(store, rows, question_id, span)
    found: dict[int, _Found] = {}
    for start in range(0, len(ordinals), CHUNK):
        part = list(ordinals[start : start + CHUNK])
        for ordinal, one in (*_said(rows, question_id, part, span), *_of_items(rows, question_id, part, span)):
            if ordinal not in found or found[ordinal].seq < one.seq:
                found[ordinal] = one
    for ordinal in ordinals:
        if ordinal in last and (ordinal not in found or found[ordinal].seq < last[ordinal].seq):
            found[ordinal] = last[ordinal]
        if ordinal not in found and otherwise is not None:
            found[ordinal] = otherwise
    ids = [one.reason_id for one in found.values() if one.reason_id is not None]
    reasons: dict[str, str] = {}
    for start in range(0, len(ids), CHUNK):
        reasons |= store.unseal_all(rows, ids[start : start + CHUNK])
    return {
        ordinal: Cause(one.cause, one.seq, one.by, one.at, reasons.get(one.reason_id or "")) if one else RESOLVER
        for ordinal, one in ((ordinal, found.get(ordinal)) for ordinal in ordinals)
    }


def _said(rows: Rows, question_id: str, ordinals: list[int], span: tuple[int, int]) -> list[tuple[int, _Found]]:
    """Answers, corrections and undone answers of people, and what reviews decided."""
    table, decided, review = t.annotation, t.adjudication, t.review
    said = rows.all(
        rows.select(table.c.ordinal, table.c.kind, table.c.seq, table.c.person_id, table.c.at, table.c.reason_id).where(
            table.c.ordinal.in_(ordinals), table.c.seq > span[0], table.c.seq <= span[1], table.c.kind != REPEAT,
            table.c.question_id == question_id,
        )
    )  # fmt: skip
    reviews = rows.all(
        rows.select(decided.c.ordinal, decided.c.seq, decided.c.person_id, decided.c.at, review.c.reason_id).where(
            decided.c.ordinal.in_(ordinals), decided.c.seq > span[0], decided.c.seq <= span[1],
            decided.c.question_id == question_id, review.c.id == decided.c.review_id,
        )
    )  # fmt: skip
    of_kind = {CORRECT: CORRECTED, **dict.fromkeys(UNDOING, WITHDRAWN)}
    return [
        *((row.ordinal, _Found(of_kind.get(row.kind, ANSWERED), *row[2:])) for row in said),
        *((row.ordinal, _Found(REVIEWED, *row[1:])) for row in reviews),
    ]


def _of_items(rows: Rows, question_id: str, ordinals: list[int], span: tuple[int, int]) -> list[tuple[int, _Found]]:
    """Content that was replaced, and labels that came with items."""
    replaced, item, given, batch, event = t.replacement, t.item, t.given, t.import_batch, t.event
    new = rows.all(
        rows.select(replaced.c.ordinal, event.c.seq, event.c.actor, event.c.at).where(
            replaced.c.ordinal.in_(ordinals), replaced.c.seq > span[0], replaced.c.seq <= span[1],
            event.c.seq == replaced.c.seq,
        )
    )  # fmt: skip
    imported = rows.all(
        rows.select(item.c.ordinal, event.c.seq, event.c.actor, event.c.at).where(
            item.c.ordinal.in_(ordinals), given.c.ordinal == item.c.ordinal, given.c.question_id == question_id,
            batch.c.id == item.c.batch_id, batch.c.seq > span[0], batch.c.seq <= span[1], event.c.seq == batch.c.seq,
        )
    )  # fmt: skip
    return [
        *((row.ordinal, _Found(REPLACED, row.seq, row.actor, row.at, None)) for row in new),
        *((row.ordinal, _Found(IMPORTED, row.seq, row.actor, row.at, None)) for row in imported),
    ]


def _changed(store: ProjectStore, rows: Rows, question_id: str, span: tuple[int, int]) -> Iterator[_Change]:
    """Mergers and splits of the question's labels within the span."""
    for event in store.events(rows, after=span[0], kinds=(LabelsChanged.kind,)):
        body = record.read(event)
        if event.seq <= span[1] and isinstance(body, LabelsChanged) and body.question == question_id:
            yield _Change(body, _Found(LABELS, event.seq, event.actor, event.at, body.reason.id))


def _split(store: ProjectStore, rows: Rows, question_id: str, span: tuple[int, int]) -> dict[int, _Found]:
    """Items with answers that a split within the span withdrew, each with the last such event."""
    found: dict[int, _Found] = {}
    for change in _changed(store, rows, question_id, span):
        if change.body.withdrawn:
            found |= dict.fromkeys(
                withdrawn_items(rows, since=change.found.seq, upto_seq=change.found.seq), change.found
            )
    return found


def _renamed(store: ProjectStore, rows: Rows, question_id: str, span: tuple[int, int]) -> _Found | None:
    """The last merger or split within the span: the cause where nobody said anything of an item."""
    return next((change.found for change in reversed(list(_changed(store, rows, question_id, span)))), None)


def _moved(store: ProjectStore, rows: Rows, span: tuple[int, int]) -> dict[int, _Found]:
    """Items that were taken out or back within the span, by ordinal, each with the last such event."""
    found: dict[int, _Found] = {}
    kinds = (ItemsExcluded.kind, ItemsIncluded.kind, ImportUndone.kind)
    for event in store.events(rows, after=span[0], kinds=kinds):
        if event.seq > span[1]:
            break
        match record.read(event):
            case ItemsExcluded(items=items, reason=reason):
                one = _Found(EXCLUDED, event.seq, event.actor, event.at, reason.id if reason else None)
            case ImportUndone(batch=batch, reason=reason):
                items = tuple(answers.batch_items(rows, batch))
                one = _Found(EXCLUDED, event.seq, event.actor, event.at, reason.id if reason else None)
            case ItemsIncluded(items=items):
                one = _Found(INCLUDED, event.seq, event.actor, event.at, None)
            case _:
                continue
        found |= dict.fromkeys(items, one)
    return found
