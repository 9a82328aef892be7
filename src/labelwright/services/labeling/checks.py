"""Items with a known answer, and repeats, mixed into what a person gets."""

from __future__ import annotations

import time
from collections.abc import Sequence

from sqlalchemy import func

from labelwright.engine import gold
from labelwright.engine.layout import POOL
from labelwright.engine.pinned import pinned
from labelwright.engine.project import Project
from labelwright.plain import JsonObject
from labelwright.policy import checks
from labelwright.policy.checks import Known
from labelwright.policy.kinds.gold import Gold
from labelwright.policy.kinds.repeat import Repeat
from labelwright.services.labeling import leases
from labelwright.services.labeling.leases import Slot
from labelwright.services.labeling.open_slots import OpenSlots
from labelwright.services.people.roles import Actor
from labelwright.store import tables as t
from labelwright.store.record.standing import ANSWERING, REPEAT
from labelwright.store.rows import Rows

HARD = 0.3  # share of wrong answers from which a known answer counts as hard
DAY_SECONDS = 86_400
ENOUGH = 5  # answers from which that share is looked at


def mixed_in(rows: Rows, project: Project, actor: Actor, queue: OpenSlots, n: int) -> list[Slot]:
    """The next ``n`` items of a person: open slots in the published order, checks between them where they are due."""
    kinds = _kinds_due(rows, project, actor, n)
    due = _checks(rows, project, actor, kinds) if any(kinds) else [None] * n
    work = queue.open(max(sum(check is None for check in due), 1))
    if not work:  # nobody is kept busy by checks alone
        return []
    mixed: list[Slot] = []
    for check in due:
        if check is not None:
            mixed.append(check)
        elif work:
            mixed.append(work.pop(0))
    return mixed


def _kinds_due(rows: Rows, project: Project, actor: Actor, n: int) -> list[str | None]:
    policy, lease = project.policy, t.lease
    if not policy.gold_share and not policy.repeat_share:
        return [None] * n
    n_taken = int(rows.scalar(rows.select(func.count(), of=lease).where(lease.c.person_id == actor.person_id)) or 0)
    shares = {"gold_share": policy.gold_share, "repeat_share": policy.repeat_share}
    return [checks.kind_due(actor.person_id, n_taken + k, **shares, seed=project.seed) for k in range(n)]


def _checks(rows: Rows, project: Project, actor: Actor, kinds: Sequence[str | None]) -> list[Slot | None]:
    found: list[Slot | None] = []
    known = _known(rows, project) if Gold.name in kinds else []
    touched = _touched(rows, actor, [one.item for one in known])
    answered = _answered(rows, actor, project) if Repeat.name in kinds else []
    repeated = _repeated(rows, actor) if answered else set()
    for kind in kinds:
        item = None
        if kind == Gold.name:
            item = checks.gold_for(actor.person_id, known, touched, seed=project.seed)
        elif kind == Repeat.name:
            item = checks.repeat_for(actor.person_id, answered, repeated, seed=project.seed)
        if item is None or kind is None:
            found.append(None)
            continue
        touched.add(item)
        repeated.add(item)
        earlier = leases.of_items(rows, actor, [item]).earlier.get(item) if kind == Gold.name else None
        found.append(Slot(None, item, kind, None, earlier=earlier))
    return found


def _known(rows: Rows, project: Project) -> list[Known]:
    """By class and difficulty of the primary question."""
    question = project.primary.id
    known = gold.known_answers(rows, question)
    rates, shown = gold.error_rates(rows, question, known), pinned(rows)
    return [
        Known(ordinal, f"{_class(one.answer)}/{_difficulty(*rates.get(ordinal, (0, 0)))}")
        for (ordinal, _), one in sorted(known.items())
        if ordinal not in shown
    ]


def _class(answer: JsonObject) -> str:
    label = answer.get("label")
    return str(label) if label is not None else str(answer)


def _difficulty(n_wrong: int, n: int) -> str:
    return "hard" if n >= ENOUGH and n_wrong / n >= HARD else "plain"


def _touched(rows: Rows, actor: Actor, ordinals: list[int]) -> set[int]:
    """Those of some items that the person was ever lent, said anything about, or answered in a session."""
    found: set[int] = set()
    for table in (t.lease, t.annotation, t.calibration_answer):
        for start in range(0, len(ordinals), 500):
            part = table.c.ordinal.in_(ordinals[start : start + 500])
            found |= set(rows.scalars(rows.select(table.c.ordinal).where(table.c.person_id == actor.person_id, part)))
    return found


def _answered(rows: Rows, actor: Actor, project: Project) -> list[int]:
    """Items of the pool that the person's answer stands on, in the order they were answered."""
    said, item = t.annotation, t.item
    found = rows.scalars(
        rows.select(said.c.ordinal)
        .where(
            said.c.person_id == actor.person_id, said.c.standing, said.c.kind.in_(ANSWERING),
            said.c.question_id == project.primary.id, said.c.slot_kind.not_in((Gold.name, Repeat.name)),
            item.c.ordinal == said.c.ordinal, item.c.split == POOL,
            said.c.ordinal.not_in(rows.select(t.exclusion.c.ordinal)),
        )
        .order_by(said.c.seq)
    ).all()  # fmt: skip
    return list(dict.fromkeys(found))


def _repeated(rows: Rows, actor: Actor) -> set[int]:
    """Items that came to the person again already, or are lent for that now."""
    said, lease = t.annotation, t.lease
    again = rows.scalars(
        rows.select(said.c.ordinal).where(said.c.person_id == actor.person_id, said.c.kind == REPEAT)
    ).all()
    lent = rows.scalars(
        rows.select(lease.c.ordinal).where(
            lease.c.person_id == actor.person_id,
            lease.c.slot_kind == Repeat.name,
            lease.c.granted_at > time.time() - 86_400,
        )
    ).all()
    return {*again, *lent}
