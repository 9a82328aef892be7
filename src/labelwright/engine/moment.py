"""What the policy must know of a moment beside the labels: what is lent, was drawn at random, waits for more people."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from sqlalchemy import func

from labelwright.engine.answers import Answer, Ints
from labelwright.engine.done import least_people, people_done
from labelwright.engine.gold import known_answers
from labelwright.engine.layout import OPEN_RESERVE, POOL, SEALED, Layout
from labelwright.engine.pinned import pinned
from labelwright.engine.project import Project
from labelwright.loop.state import Unfinished
from labelwright.policy.kinds.gold import Gold
from labelwright.policy.kinds.random import Random
from labelwright.policy.kinds.reserve import Reserve
from labelwright.policy.rules import enough_answers
from labelwright.store import tables as t
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows


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
        Items of the pool that quotas count: asked since the running round began, and not for the random share.
    unfinished : Unfinished
    """

    busy: Ints
    random: Ints
    round: Ints
    unfinished: Unfinished


def moment(
    rows: Rows, project: Project, layout: Layout, primary: list[Answer], from_data: list[Answer], without: Ints,
    unsealed: Ints,
) -> Moment:  # fmt: skip
    """What is leased, was sampled at random, belongs to the round, and waits for more people, now.

    Parameters
    ----------
    unsealed : int64 array
        Items that the lead asks about for a certificate, sealed or sampled from the rest of a search: they come first.
    """
    now = time.time()
    leased = set(
        rows.scalars(rows.select(t.lease.c.ordinal).where(t.lease.c.state == "live", t.lease.c.expires_at > now))
    )
    began = rows.scalar(rows.select(func.max(t.round_.c.from_seq)).where(t.round_.c.state == "running")) or 0
    by_people = {answer.ordinal for answer in primary}
    by_data = [answer for answer in from_data if answer.ordinal not in by_people]
    of_pool = [answer for answer in primary if layout.split[answer.ordinal] == POOL]
    random = {a.ordinal for a in [*of_pool, *by_data] if a.slot_kind == Random.name and layout.split[a.ordinal] == POOL}
    all_random = project.policy.make_strategy().random_share == 1
    counted = [a for a in of_pool if a.seq > began and (all_random or a.slot_kind != Random.name)]
    open_reserve = set(np.flatnonzero(layout.split == OPEN_RESERVE).tolist())
    sealed = {a.ordinal for a in primary if layout.split[a.ordinal] == SEALED}
    if open_reserve - by_people - {a.ordinal for a in by_data} - set(without.tolist()):
        sealed = set(np.flatnonzero(layout.split == SEALED).tolist()) - (set(unsealed.tolist()) - by_people)
    known = {ordinal for ordinal, _ in known_answers(rows)} | pinned(rows)
    busy = {*leased, *sealed, *known, *(a.ordinal for a in by_data), *without.tolist()}
    return Moment(
        np.array(sorted(o for o in busy if o < layout.n_items), dtype=np.int64),
        np.array(sorted(random), dtype=np.int64),
        np.array(sorted({answer.ordinal for answer in counted}), dtype=np.int64),
        _first(layout, unsealed, busy | by_people, _unfinished(rows, project, layout, busy)),
    )


def _first(layout: Layout, unsealed: Ints, without: set[int], unfinished: Unfinished) -> Unfinished:
    """Items that certify, where nobody has answered them yet, before those that wait for more people."""
    new = np.array([item for item in unsealed.tolist() if item not in without], dtype=np.int64)
    kind = np.where(layout.split[new] == POOL, Random.name, Reserve.name)
    return Unfinished(
        np.concatenate([new, unfinished.item_idx]),
        np.concatenate([kind, unfinished.kind]).astype("<U8"),
        np.concatenate([np.full(len(new), np.nan), unfinished.propensity]),
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
