"""What a cycle starts from, read from the store in one consistent view."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, func, select

from labelwright import models, tasks
from labelwright.engine import features
from labelwright.errors import IntegrityError
from labelwright.loop.state import State
from labelwright.policy import Policy
from labelwright.stopping.base import StoppingRule
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.tables import ANSWERING
from labelwright.tasks import Task

GIVEN = "given"  # the "person" of labels that came with the data
COLUMNS = {"domain": "domain", "group": "group_key", "cost": "cost_class", "source": "source"}
OPEN_RESERVE, SEALED, POOL = "reserve", "sealed", "pool"


@dataclass(frozen=True)
class Layout:
    """What never changes of the items: split and groups by ordinal."""

    split: npt.NDArray[np.str_]
    dup_group: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64] | None

    @property
    def n_items(self) -> int:
        """How many there are."""
        return len(self.split)


@dataclass(frozen=True)
class Answers:
    """Answers that count, in the order they came, and what must not be handed out again.

    ``busy`` are ordinals that get no slot: leased now, with a label that came with the data, or sealed
    and not yet to be asked. ``drawn`` are those of the pool that were asked because a lot fell on them, or whose
    labels came with the data as a random sample. ``round`` are those of the pool asked since the running round began.
    """

    item_idx: npt.NDArray[np.int64]
    person: list[str]
    answer: list[dict[str, Any]]
    busy: npt.NDArray[np.int64]
    drawn: npt.NDArray[np.int64]
    round: npt.NDArray[np.int64]
    upto_seq: int


_layouts: OrderedDict[tuple[str, int], Layout] = OrderedDict()


def layout(store: ProjectStore, connection: Connection, n_items: int) -> Layout:
    """Splits and groups of the first ``n_items`` items; kept for the next cycle."""
    key = (store.project_id, n_items)
    if key not in _layouts:
        table = t.item
        rows = connection.execute(
            select(table.c.split, table.c.dup_group, table.c.group_key)
            .where(table.c.project_id == store.project_id, table.c.ordinal < n_items)
            .order_by(table.c.ordinal)
        ).all()
        if len(rows) != n_items:
            raise IntegrityError(f"snapshot: '{store.slug}' must hold {n_items} items, got {len(rows)}.")
        _layouts[key] = Layout(
            np.array([r.split for r in rows], dtype="<U7"),
            np.array([r.dup_group for r in rows], dtype=np.int64),
            _codes([r.group_key for r in rows]),
        )
        while len(_layouts) > 8:
            _layouts.popitem(last=False)
    return _layouts[key]


def answers(store: ProjectStore, connection: Connection, split: npt.NDArray[np.str_], upto_seq: int) -> Answers:
    """Who said what, by the flags that the projections keep."""
    table = t.annotation
    rows = connection.execute(
        select(
            table.c.ordinal,
            table.c.person_id,
            table.c.answer,
            table.c.first,
            table.c.standing,
            table.c.slot_kind,
            table.c.seq,
        )
        .where(
            table.c.project_id == store.project_id,
            table.c.kind.in_(ANSWERING),
            table.c.first | table.c.standing,
            table.c.seq <= upto_seq,
        )
        .order_by(table.c.seq)
    ).all()
    live = connection.scalars(
        select(t.lease.c.ordinal).where(
            t.lease.c.project_id == store.project_id, t.lease.c.state == "live", t.lease.c.expires_at > time.time()
        )
    )
    return _counted(store, connection, split, [tuple(r) for r in rows], list(live), upto_seq)


def answers_as_of(store: ProjectStore, connection: Connection, split: npt.NDArray[np.str_], upto_seq: int) -> Answers:
    """Who had said what after an event, folded from the events alone, without the flags; for replay."""
    table = t.annotation
    standing: dict[tuple[int, str], int] = {}
    first: dict[tuple[int, str], int] = {}
    said: dict[int, tuple[int, str, Any, str | None]] = {}
    ids: dict[str, int] = {}
    for row in connection.execute(
        select(table).where(table.c.project_id == store.project_id, table.c.seq <= upto_seq).order_by(table.c.seq)
    ):
        key = (row.ordinal, row.person_id)
        ids[row.id] = row.seq
        if row.kind == "undo" and first.get(key) == ids.get(row.replaces):
            first.pop(key, None)
        standing.pop(key, None)
        if row.kind in ANSWERING:
            said[row.seq] = (row.ordinal, row.person_id, row.answer, row.slot_kind)
            standing[key] = row.seq
        if row.kind == "answer":
            first.setdefault(key, row.seq)
    firsts, stands = set(first.values()), set(standing.values())
    rows = [(*said[seq][:3], seq in firsts, seq in stands, said[seq][3], seq) for seq in sorted(firsts | stands)]
    return _counted(store, connection, split, rows, [], upto_seq)


def _counted(
    store: ProjectStore, connection: Connection, split: npt.NDArray[np.str_],
    rows: list[tuple[Any, ...]], leased: list[int], upto_seq: int,
) -> Answers:  # fmt: skip
    """A person's first answer counts on reserve items, the standing one elsewhere.

    The sealed part of the reserve is asked last and read by no cycle: it certifies a target at the end.
    """
    rows = [row for row in rows if (row[4] if split[row[0]] == POOL else row[3])]
    counted = [(ordinal, who, answer) for ordinal, who, answer, *_ in rows]
    pool = [(ordinal, kind, seq) for ordinal, *_, kind, seq in rows if split[ordinal] == POOL]
    began = connection.scalar(
        select(func.max(t.round_.c.from_seq)).where(
            t.round_.c.project_id == store.project_id, t.round_.c.from_seq <= upto_seq
        )
    )
    sealed = {ordinal for ordinal, _, _ in counted if split[ordinal] == SEALED}
    counted = [row for row in counted if split[row[0]] != SEALED]
    by_people = {ordinal for ordinal, _, _ in counted}
    given = [row for row in _given(store, connection, split) if row[0] not in by_people]
    by_lot = _by_lot(store, connection, split)
    if set(np.flatnonzero(split == OPEN_RESERVE).tolist()) - by_people - {row[0] for row in given}:
        sealed |= set(np.flatnonzero(split == SEALED).tolist())
    busy = sorted({*leased, *sealed, *(row[0] for row in given)})
    used = given + counted
    return Answers(
        np.array([row[0] for row in used], dtype=np.int64),
        [row[1] for row in used],
        [row[2] for row in used],
        np.array(busy, dtype=np.int64),
        np.unique(np.array([row[0] for row in pool if row[1] == "random"] + by_lot, dtype=np.int64)),
        np.unique(np.array([row[0] for row in pool if row[2] > (began or 0)], dtype=np.int64)),
        upto_seq,
    )


def state(
    store: ProjectStore,
    project: Any,
    task: Task,
    where: Layout,
    found: Answers | None,
    *,
    seed: int,
    policy: Policy,
    busy: npt.NDArray[np.int64] | None = None,
    rules: tuple[StoppingRule, ...] = (),
    **more: Any,
) -> State:
    """The pure state of a cycle; ``more`` goes to `State`."""
    none = np.empty(0, dtype=np.int64)
    return State(
        task=task,
        X=features.load(store, where.n_items),
        pool=where.split == POOL,
        reserve=(where.split == OPEN_RESERVE) | (where.split == SEALED),
        item_idx=none if found is None else found.item_idx,
        person=() if found is None else found.person,
        answer=() if found is None else found.answer,
        in_flight=busy if busy is not None else (none if found is None else found.busy),
        group=where.group,
        dup_group=where.dup_group,
        policy=policy,
        model=project.config.get("model") or models.default(task, project.config["kind"]),
        seed=seed,
        rules=rules,
        metric=project.config.get("metric"),
        **more,
    )


def columns(store: ProjectStore, connection: Connection, names: set[str], n_items: int) -> dict[str, npt.NDArray[Any]]:
    """Values of the first ``n_items`` items in columns that constraints may speak of; blank where there is none."""
    found: dict[str, npt.NDArray[Any]] = {}
    for name in names & set(COLUMNS):
        column = t.item.c[COLUMNS[name]]
        values = connection.scalars(
            select(column)
            .where(t.item.c.project_id == store.project_id, t.item.c.ordinal < n_items)
            .order_by(t.item.c.ordinal)
        )
        found[name] = np.array(["" if value is None else value for value in values], dtype=np.str_)
    return found


def current_task(store: ProjectStore, connection: Connection, version: int) -> Task:
    """The primary question's task under a version of its schema."""
    row = connection.execute(
        select(t.question.c.task, t.schema_version.c.body)
        .join(
            t.schema_version,
            (t.schema_version.c.project_id == t.question.c.project_id)
            & (t.schema_version.c.question_id == t.question.c.id),
        )
        .where(
            t.question.c.project_id == store.project_id, t.question.c.is_primary, t.schema_version.c.version == version
        )
    ).one()
    return tasks.make(row.task, row.body)


def _given(store: ProjectStore, connection: Connection, split: npt.NDArray[np.str_]) -> list[tuple[int, str, Any]]:
    """Labels that came with the data: all train, only random ones measure, gold ones do neither."""
    rows = connection.execute(
        select(t.given.c.ordinal, t.given.c.answer, t.given.c.labels_are)
        .where(t.given.c.project_id == store.project_id, t.given.c.labels_are != "gold")
        .where(t.given.c.ordinal < len(split))
        .order_by(t.given.c.ordinal)
    )
    allowed = {"training": (POOL,), "random": (POOL, OPEN_RESERVE)}
    return [(r.ordinal, GIVEN, r.answer) for r in rows if split[r.ordinal] in allowed[r.labels_are]]


def _by_lot(store: ProjectStore, connection: Connection, split: npt.NDArray[np.str_]) -> list[int]:
    """Items of the pool whose labels came with the data as a random sample."""
    rows = connection.scalars(
        select(t.given.c.ordinal).where(
            t.given.c.project_id == store.project_id, t.given.c.labels_are == "random", t.given.c.ordinal < len(split)
        )
    )
    return [ordinal for ordinal in rows if split[ordinal] == POOL]


def _codes(groups: list[str | None]) -> npt.NDArray[np.int64] | None:
    if all(g is None for g in groups):
        return None
    codes: dict[str, int] = {}
    return np.array([codes.setdefault(g if g is not None else f"\0{i}", len(codes)) for i, g in enumerate(groups)])
