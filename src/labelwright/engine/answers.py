"""Which answers count for a question, and what is not to be asked now: read from the store in one view.

On items of the pool a person's standing answer counts, on the reserve the first one, unless the person had
seen what others or the model say (decisions/0004). The sealed part of the reserve is asked last and read by
no cycle: it certifies a target at the end.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import func

from labelwright.annotators import DECIDED
from labelwright.engine.done import least_people, people_done
from labelwright.engine.gold import known_answers
from labelwright.engine.layout import OPEN_RESERVE, POOL, SEALED, Layout
from labelwright.engine.pinned import pinned
from labelwright.engine.project import Project
from labelwright.loop.state import Unfinished
from labelwright.plain import JsonObject
from labelwright.policy.kinds.gold import Gold
from labelwright.policy.kinds.random import Random
from labelwright.policy.rules import enough_answers
from labelwright.store import record
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.imports import ImportUndone, ItemsExcluded, ItemsIncluded
from labelwright.store.record.rebuild import folded_flags
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows

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
    """

    seq: int
    ordinal: int
    person_id: str
    answer: JsonObject
    slot_kind: str | None
    propensity: float | None


@dataclass(frozen=True)
class Moment:
    """What the policy must know of a moment, beside the labels.

    Attributes
    ----------
    busy : int64 array
        Items that get no slot: leased now, labeled by the data, with a known answer, pinned as examples, sealed and
        not yet to be asked, excluded.
    random : int64 array
        Labeled items of the pool that were sampled at random.
    round : int64 array
        Items of the pool that were asked since the running round began.
    unfinished : Unfinished
    """

    busy: Ints
    random: Ints
    round: Ints
    unfinished: Unfinished


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
        first, stands = folded_flags(rows, upto_seq)
    counting: list[Answer] = []
    standing_on: set[tuple[int, str]] = set()
    for row in rows.stream(query):
        if row.ordinal >= layout.n_items:
            continue
        is_first = row.first if first is None else row.seq in first
        is_standing = row.standing if stands is None else row.seq in stands
        if is_standing:
            standing_on.add((row.ordinal, row.person_id))
        if is_standing if layout.split[row.ordinal] == POOL else is_first and not row.exposed:
            counting.append(Answer(row.seq, row.ordinal, row.person_id, row.answer, row.slot_kind, row.propensity))
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
    last = {
        row.ordinal: Answer(row.seq, row.ordinal, DECIDED, row.answer, None, None)
        for row in rows.all(query.order_by(table.c.seq))
    }
    replaced = {int(ordinal): int(seq) for ordinal, seq in rows.all(since)} if last else {}
    return [one for one in last.values() if one.ordinal < layout.n_items and one.seq > replaced.get(one.ordinal, 0)]


def of_seqs(rows: Rows, seqs: Ints) -> list[Answer]:
    """The answers of events that were frozen, in their order."""
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


def given(rows: Rows, layout: Layout, question_id: str, *, ordinals: list[int] | None = None) -> list[Answer]:
    """Labels that came with the data: all train, only random ones measure, gold ones do neither."""
    table = t.given
    query = (
        rows.select(table.c.ordinal, table.c.answer, table.c.labels_are)
        .where(table.c.question_id == question_id, table.c.labels_are.in_(list(COUNTS_IN)))
        .where(table.c.ordinal < layout.n_items)
        .order_by(table.c.ordinal)
    )
    if ordinals is not None:
        query = query.where(table.c.ordinal.in_(ordinals))
    return [
        Answer(0, row.ordinal, GIVEN, row.answer, Random.name if row.labels_are == Random.name else None, None)
        for row in rows.stream(query)
        if layout.split[row.ordinal] in COUNTS_IN[row.labels_are]
    ]


def labeled_by_data(rows: Rows, layout: Layout, question_ids: tuple[str, ...]) -> Ints:
    """Items whose labels of the data answer all these questions, sorted; nobody is asked about them."""
    table = t.given
    query = rows.select(table.c.ordinal, table.c.labels_are).where(
        table.c.question_id.in_(question_ids), table.c.labels_are.in_(list(COUNTS_IN)),
        table.c.ordinal < layout.n_items,
    )  # fmt: skip
    n_answered = np.zeros(layout.n_items, dtype=np.int64)
    for row in rows.stream(query):
        n_answered[row.ordinal] += layout.split[row.ordinal] in COUNTS_IN[row.labels_are]
    return np.flatnonzero(n_answered == len(question_ids)) if question_ids else n_answered[:0]


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


def moment(
    rows: Rows, project: Project, layout: Layout, primary: list[Answer], from_data: list[Answer], without: Ints
) -> Moment:
    """What is leased, was sampled at random, belongs to the round, and waits for more people, now."""
    now = time.time()
    leased = set(
        rows.scalars(rows.select(t.lease.c.ordinal).where(t.lease.c.state == "live", t.lease.c.expires_at > now))
    )
    began = rows.scalar(rows.select(func.max(t.round_.c.from_seq)).where(t.round_.c.state == "running")) or 0
    by_people = {answer.ordinal for answer in primary}
    by_data = [answer for answer in from_data if answer.ordinal not in by_people]
    of_pool = [answer for answer in primary if layout.split[answer.ordinal] == POOL]
    random = {a.ordinal for a in [*of_pool, *by_data] if a.slot_kind == Random.name and layout.split[a.ordinal] == POOL}
    open_reserve = set(np.flatnonzero(layout.split == OPEN_RESERVE).tolist())
    sealed = {a.ordinal for a in primary if layout.split[a.ordinal] == SEALED}
    if open_reserve - by_people - {a.ordinal for a in by_data} - set(without.tolist()):
        sealed = set(np.flatnonzero(layout.split == SEALED).tolist())
    known = {ordinal for ordinal, _ in known_answers(rows)} | pinned(rows)
    busy = {*leased, *sealed, *known, *(a.ordinal for a in by_data), *without.tolist()}
    return Moment(
        np.array(sorted(o for o in busy if o < layout.n_items), dtype=np.int64),
        np.array(sorted(random), dtype=np.int64),
        np.array(sorted({a.ordinal for a in of_pool if a.seq > began}), dtype=np.int64),
        _unfinished(rows, project, layout, busy),
    )


def _unfinished(rows: Rows, project: Project, layout: Layout, busy: set[int]) -> Unfinished:
    """In the order of their first answers; the slot of the first answer says what the item was asked for."""
    table = t.annotation
    kinds: dict[int, tuple[str, float]] = {}
    if project.policy.is_shared or len(project.required) > 1 or len(project.questions) > 1:
        for row in rows.stream(
            rows.select(table.c.ordinal, table.c.slot_kind, table.c.propensity)
            .where(table.c.standing, table.c.kind.in_(ANSWERING), table.c.ordinal < layout.n_items)
            .order_by(table.c.seq)
        ):
            if row.ordinal not in busy and row.slot_kind not in (None, Gold.name):
                propensity = float("nan") if row.propensity is None else row.propensity
                kinds.setdefault(row.ordinal, (row.slot_kind, propensity))
    people = people_done(rows, project.required, list(kinds)).complete
    rules, least = project.policy.answer_rules(), least_people(rows, project.policy, list(kinds))
    open_ = [
        o
        for o, (kind, _) in kinds.items()
        if not enough_answers(kind, len(people.get(o, ())), rules, least=least.get(o, 0))
    ]
    return Unfinished(
        np.array(open_, dtype=np.int64),
        np.array([kinds[o][0] for o in open_], dtype="<U8"),
        np.array([kinds[o][1] for o in open_], dtype=np.float64),
    )
