"""Searches: what a blind sample and a sample of the rest say of them, and what their rankings have reached."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.engine.cycle import Cycle
from labelwright.engine.inputs import CycleInputs
from labelwright.engine.layout import POOL, Layout
from labelwright.engine.search_goal import Ints, Search, samples
from labelwright.loop.looks import relevant, search_row
from labelwright.policy.kinds.random import Random
from labelwright.store import tables as t
from labelwright.store.record.decisions import LookTaken
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows

Bools = npt.NDArray[np.bool_]


def reached_before(rows: Rows, cycle_id: int) -> Ints:
    """Items outside of the pool that the rankings before a cycle have reached."""
    table = t.decision
    query = rows.select(table.c.data).where(table.c.kind == LookTaken.kind, table.c.cycle < cycle_id)
    data = rows.scalar(query.order_by(table.c.seq.desc()).limit(1))
    return np.array([] if data is None else LookTaken.read(data, LookTaken.body_version).reached, dtype=np.int64)


def reached(cycle: Cycle, search: Search) -> Ints:
    """Items outside of the pool that rankings have come to by the time of a cycle; no model learned from them.

    A ranking has reached an item if all items of the pool with a higher score under its model have been reviewed:
    labeled, set aside by a person, or a duplicate of one that was. This needs no record of the order in which people
    worked, and holds whatever share of the slots was random or in doubt.
    """
    with cycle.store.read() as rows:
        before = reached_before(rows, cycle.id)
        ids = rows.scalars(rows.select(t.ranking.c.cycle).where(t.ranking.c.cycle < cycle.id)).all()
        aside = _set_aside(rows, cycle.inputs)
    question = cycle.inputs.primary
    last = Cycle(cycle.store, max(ids)) if ids else None
    asked = None if last is None else next((o for o in last.inputs.questions if o.id == question.id), None)
    predictions = None if last is None or asked is None else last.predictions(asked)
    if last is None or predictions is None:
        return before
    where = cycle.layout
    score = question.make_task().proba(predictions)[:, search.position]  # of the items that there were
    seen = _reviewed(cycle, where, aside)[: len(score)]
    in_pool = (where.split == POOL)[: len(score)]
    open_ = score[in_pool & ~seen]
    limit = float(open_.max()) if len(open_) else -np.inf
    now = np.flatnonzero(where.reserve[: len(score)] & (score > limit))
    return np.union1d(before, now)


def search_look(cycle: Cycle, search: Search, found: Ints) -> dict[str, float]:
    """The columns of a search at a cycle's moment; ``found`` are the items that were reached."""
    question = cycle.inputs.primary
    labels, task, where = cycle.labels(question), question.make_task(), cycle.layout
    hit = relevant(task, labels.y, search.position)
    in_pool = where.split[labels.item_idx] == POOL
    with cycle.store.read() as rows:
        order = _order(rows, cycle.inputs, labels.item_idx[in_pool])
        drawn = samples(rows, cycle.inputs.upto_seq)
        aside = _set_aside(rows, cycle.inputs)
    pool_hit = dict(zip(labels.item_idx[in_pool].tolist(), hit[in_pool].tolist(), strict=True))
    in_use = np.ones(where.n_items, dtype=bool)
    in_use[cycle.frozen.excluded] = False
    n_pool = int((in_use & (where.split == POOL)).sum())
    row = search_row(np.array([pool_hit[item] for item in order], dtype=bool), n_pool)
    blind = labels.item_idx[~in_pool & hit]
    look = {name: float(value) for name, value in row.items()}
    left = where.reserve & ~_reviewed(cycle, where, aside)
    look |= {
        "blind_positives": float(len(blind)), "blind_reached": float(np.isin(blind, found).sum()),
        "blind_left": float(left.sum()),
    }  # fmt: skip
    last = drawn[-1].items if drawn else np.empty(0, dtype=np.int64)
    known = np.isin(last, labels.item_idx)
    complete = len(last) > 0 and bool(known.all())
    look |= {
        "elusion_looks": float(len(drawn)), "elusion_n": float(len(last)) if complete else 0.0,
        "elusion_found": float(sum(pool_hit.get(item, False) for item in last.tolist())) if complete else 0.0,
    }  # fmt: skip
    if complete:  # the items of the sample were not reviewed when it was drawn
        look["n_found"] -= look["elusion_found"]
        look["n_unseen"] += len(last)
        look["n_seen"] -= len(last)
    return look


def _reviewed(cycle: Cycle, where: Layout, aside: Ints) -> Bools:
    """Which items people have seen: labeled, set aside or excluded, and duplicates of these."""
    seen = np.zeros(where.n_items, dtype=bool)
    for some in (cycle.labels(cycle.inputs.primary).item_idx, aside, cycle.frozen.excluded):
        seen[some] = True
    return seen | np.isin(where.dup_group, where.dup_group[seen])


def _set_aside(rows: Rows, inputs: CycleInputs) -> Ints:
    table = t.annotation
    query = rows.select(table.c.ordinal).where(
        table.c.seq <= inputs.upto_seq, table.c.kind.not_in(ANSWERING), table.c.ordinal < inputs.n_items
    )
    return np.unique(np.array(rows.scalars(query).all(), dtype=np.int64))


def _order(rows: Rows, inputs: CycleInputs, items: Ints) -> list[int]:
    """Items in the order of their first answers, those that nobody was asked about first; random ones left out last."""
    table, first = t.annotation, dict[int, Any]()
    query = (
        rows.select(table.c.ordinal, table.c.seq)
        .where(table.c.kind.in_(ANSWERING), table.c.first, table.c.slot_kind != Random.name)
        .where(table.c.seq <= inputs.upto_seq)
        .order_by(table.c.seq)
    )
    for row in rows.stream(query):
        first.setdefault(row.ordinal, row.seq)
    return sorted(items.tolist(), key=lambda item: first.get(item, 0))
