"""Which answers count for a question, and what is not to be asked now: read from the store in one view.

On items of the pool a person's standing answer counts, on the reserve the first one, unless the person had
seen what others or the model say (decisions/0004). The sealed part of the reserve is asked last and read by
no cycle: it certifies a target at the end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sqlalchemy import func

from labelwright.annotators import DECIDED
from labelwright.engine.layout import OPEN_RESERVE, POOL, SEALED, Layout
from labelwright.engine.reading import Reading, changed_labels
from labelwright.plain import JsonObject
from labelwright.policy.kinds.random import Random
from labelwright.store import record
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.imports import ImportUndone, ItemsExcluded, ItemsIncluded
from labelwright.store.record.rebuild import folded_flags
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows
from labelwright.tasks import Task

COUNTS_IN = {"training": (POOL,), "random": (POOL, OPEN_RESERVE)}  # parts in which labels of the data count
GIVEN = "given"  # the "person" of labels that came with the data
NOBODY = (GIVEN, DECIDED)
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Answer:
    """One answer that counts.

    Attributes
    ----------
    seq : int
        Its event; 0 for a label that came with the data.
    answer : JSON object
        What it says under the schema in force at the moment asked about.
    """

    seq: int
    ordinal: int
    person_id: str
    answer: JsonObject
    slot_kind: str | None
    propensity: float | None


def counted(
    rows: Rows, layout: Layout, question_id: str, upto_seq: int | None = None, *, ordinals: list[int] | None = None
) -> list[Answer]:
    """People's answers to a question that count, in the order they came, then what reviews decided.

    On items of the pool these are the standing ones. On items of the reserve they are the first ones, of people whose
    answer was not withdrawn altogether and who had seen nobody else's.

    Parameters
    ----------
    upto_seq : int, optional
        As of that event, folded from the annotations alone; as the tables say now if left out.
    ordinals : list of int, optional
        Some items only.
    """
    table = t.annotation
    query = (
        rows.select(
            table.c.seq, table.c.ordinal, table.c.person_id, table.c.answer, table.c.slot_kind, table.c.propensity,
            table.c.first, table.c.standing, table.c.exposed,
        )
        .where(table.c.question_id == question_id, table.c.kind.in_(ANSWERING))
        .order_by(table.c.seq)
    )  # fmt: skip
    if ordinals is not None:
        query = query.where(table.c.ordinal.in_(ordinals))
    first: set[int] | None = None
    stands: set[int] | None = None
    if upto_seq is None:
        query = query.where(table.c.first | table.c.standing)
    else:
        query = query.where(table.c.seq <= upto_seq)
        first, stands = folded_flags(rows, upto_seq, ordinals=ordinals)
    counting: list[Answer] = []
    changed = changed_labels(rows, question_id, upto_seq)
    standing_on: set[tuple[int, str]] = set()
    for row in rows.stream(query):
        if row.ordinal >= layout.n_items:
            continue
        is_first = row.first if first is None else row.seq in first
        is_standing = row.standing if stands is None else row.seq in stands
        if is_standing:
            standing_on.add((row.ordinal, row.person_id))
        answer = changed.current(row.answer)
        if answer is None:
            continue
        if is_standing if layout.split[row.ordinal] == POOL else is_first and not row.exposed:
            counting.append(Answer(row.seq, row.ordinal, row.person_id, answer, row.slot_kind, row.propensity))
    people = [answer for answer in counting if (answer.ordinal, answer.person_id) in standing_on]
    return people + decided(rows, layout, question_id, upto_seq, ordinals=ordinals)


def decided(
    rows: Rows, layout: Layout, question_id: str, upto_seq: int | None = None, *, ordinals: list[int] | None = None
) -> list[Answer]:
    """What reviews decided about the labels of items with the content that they have, the last decision of each."""
    table, replacement = t.adjudication, t.replacement
    query = rows.select(table.c.seq, table.c.ordinal, table.c.answer).where(table.c.question_id == question_id)
    since = rows.select(replacement.c.ordinal, func.max(replacement.c.seq)).group_by(replacement.c.ordinal)
    if ordinals is not None:
        query = query.where(table.c.ordinal.in_(ordinals))
    if upto_seq is not None:
        query, since = query.where(table.c.seq <= upto_seq), since.where(replacement.c.seq <= upto_seq)
    changed = changed_labels(rows, question_id, upto_seq)
    decisions = {row.ordinal: row for row in rows.all(query.order_by(table.c.seq))}
    last = {
        ordinal: Answer(row.seq, ordinal, DECIDED, answer, None, None)
        for ordinal, row in decisions.items()
        if (answer := changed.current(row.answer)) is not None
    }
    replaced = {int(ordinal): int(seq) for ordinal, seq in rows.all(since)} if last else {}
    return [one for one in last.values() if one.ordinal < layout.n_items and one.seq > replaced.get(one.ordinal, 0)]


def of_seqs(rows: Rows, seqs: Ints) -> list[Answer]:
    """The answers of events that were frozen, in their order, as they were given; see `read_under`."""
    table, by_seq = t.annotation, {}
    wanted = [int(seq) for seq in seqs]
    for start in range(0, len(wanted), 500):
        for row in rows.all(
            rows.select(
                table.c.seq, table.c.ordinal, table.c.person_id, table.c.answer, table.c.slot_kind, table.c.propensity
            ).where(table.c.seq.in_(wanted[start : start + 500]))
        ):
            by_seq[row.seq] = Answer(*row)
        decision = t.adjudication
        for row in rows.all(
            rows.select(decision.c.seq, decision.c.ordinal, decision.c.answer).where(
                decision.c.seq.in_(wanted[start : start + 500])
            )
        ):
            by_seq[row.seq] = Answer(row.seq, row.ordinal, DECIDED, row.answer, None, None)
    return [by_seq[seq] for seq in wanted]


def read_under(task: Task, found: list[Answer]) -> list[Answer]:
    """Stored answers as they are read under a schema; those that say nothing under it are left out."""
    read = ((one, task.current(one.answer)) for one in found)
    return [one if said is one.answer else replace(one, answer=said) for one, said in read if said is not None]


def given(
    rows: Rows, layout: Layout, question_id: str, upto_seq: int | None = None, *, ordinals: list[int] | None = None
) -> list[Answer]:  # fmt: skip
    """Labels that came with the data: all train, only random ones measure, gold ones do neither.

    Parameters
    ----------
    upto_seq : int, optional
        Read as of that event: what was split later still says something then.
    ordinals : list of int, optional
        Some items only.
    """
    table, changed = t.given, changed_labels(rows, question_id, upto_seq)
    query = (
        rows.select(table.c.ordinal, table.c.answer, table.c.labels_are)
        .where(table.c.question_id == question_id, table.c.labels_are.in_(list(COUNTS_IN)))
        .where(table.c.ordinal < layout.n_items)
        .order_by(table.c.ordinal)
    )
    if ordinals is not None:
        query = query.where(table.c.ordinal.in_(ordinals))
    return [
        Answer(0, row.ordinal, GIVEN, answer, Random.name if row.labels_are == Random.name else None, None)
        for row in rows.stream(query)
        if layout.split[row.ordinal] in COUNTS_IN[row.labels_are]
        and (answer := changed.current(row.answer)) is not None
    ]


def labeled_by_data(rows: Rows, n_items: int, question_ids: tuple[str, ...]) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Items that came with a label for each of these questions, sorted, and which of them are in the pool.

    Nobody is asked about them.
    """
    table, reading = t.given, Reading(rows)
    labels = rows.select(table.c.ordinal, table.c.labels_are, table.c.question_id, table.c.answer).where(
        table.c.question_id.in_(question_ids), table.c.labels_are.in_(list(COUNTS_IN)), table.c.ordinal < n_items
    )
    its_item = (t.item.c.ordinal == table.c.ordinal) & rows.own(t.item)
    query = labels.add_columns(t.item.c.split).outerjoin(t.item, its_item)  # outer, so that labels are read first
    n_answered, in_pool = np.zeros(n_items, dtype=np.int16), np.zeros(n_items, dtype=bool)
    for row in rows.stream(query):
        counts = row.split in COUNTS_IN[row.labels_are]
        n_answered[row.ordinal] += counts and reading(row.question_id, row.answer) is not None
        in_pool[row.ordinal] = row.split == POOL
    item_idx = np.flatnonzero(n_answered == max(1, len(question_ids)))
    return item_idx, in_pool[item_idx]


def excluded(rows: Rows, n_items: int) -> Ints:
    """Ordinals of items that are excluded now, sorted."""
    table = t.exclusion
    query = rows.select(table.c.ordinal).where(table.c.ordinal < n_items).order_by(table.c.ordinal)
    return np.array(list(rows.scalars(query)), dtype=np.int64)


def excluded_as_of(store: ProjectStore, rows: Rows, n_items: int, upto_seq: int) -> Ints:
    """Ordinals of items that were excluded at an event, folded from the events alone, sorted."""
    ordinals: set[int] = set()
    for event in store.events(rows, kinds=(ItemsExcluded.kind, ItemsIncluded.kind, ImportUndone.kind)):
        if event.seq > upto_seq:
            break
        match record.read(event):
            case ItemsExcluded(items=items):
                ordinals |= set(items)
            case ItemsIncluded(items=items):
                ordinals -= set(items)
            case ImportUndone(batch=batch):
                ordinals |= set(batch_items(rows, batch))
    return np.array(sorted(ordinal for ordinal in ordinals if ordinal < n_items), dtype=np.int64)


def batch_items(rows: Rows, batch: str) -> range:
    """The items of an import."""
    table = t.import_batch
    row = rows.one(rows.select(table.c.first_ordinal, table.c.n_items).where(table.c.id == batch))
    return range(row.first_ordinal, row.first_ordinal + row.n_items)


def used(people: list[Answer], from_data: list[Answer], layout: Layout, without: Ints) -> list[Answer]:
    """What a cycle reads: labels of the data where no person answered, then people's; nothing sealed or excluded."""
    gone = set(without.tolist())
    by_people = {answer.ordinal for answer in people}
    kept = [answer for answer in from_data if answer.ordinal not in by_people] + people
    return [a for a in kept if layout.split[a.ordinal] != SEALED and a.ordinal not in gone]
