"""Why a person gets no item now, in figures."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import func

from labelwright.engine.project import Project
from labelwright.policy.kinds.gold import Gold
from labelwright.services.labeling import leases
from labelwright.services.labeling.limits import Limits
from labelwright.services.people.roles import Actor
from labelwright.store import tables as t
from labelwright.store.clock import iso
from labelwright.store.record.standing import ABOUT_ITEM
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class Waiting:
    """Where the items are that the person does not get.

    Attributes
    ----------
    lent_out : int
        Items lent to others now.
    until : str, optional
        When the first of them comes back.
    wait_for_others : int
        Items that the person answered and that wait for another person.
    set_aside : int
        Items that the person skipped or flagged.
    """

    lent_out: int
    until: str | None
    wait_for_others: int
    set_aside: int


def waiting(rows: Rows, project: Project, actor: Actor) -> Waiting:
    """Count."""
    lease, said, slot, now = t.lease, t.annotation, t.slot, time.time()
    live = (lease.c.state == leases.LIVE, lease.c.expires_at > now, lease.c.slot_kind != Gold.name)
    others = rows.one(
        rows.select(func.count(func.distinct(lease.c.ordinal)), func.min(lease.c.expires_at), of=lease).where(
            *live, lease.c.person_id != actor.person_id
        )
    )
    own = rows.select(said.c.ordinal).where(said.c.person_id == actor.person_id, said.c.standing)
    open_ = rows.scalar(
        rows.select(func.count(func.distinct(slot.c.ordinal)), of=slot).where(
            slot.c.ranking_id == project.row.ranking_id, slot.c.done == False,  # noqa: E712
            slot.c.ordinal.in_(own.where(said.c.kind.not_in(ABOUT_ITEM))),
        )
    )  # fmt: skip
    aside = rows.scalar(
        rows.select(func.count(), of=said).where(
            said.c.person_id == actor.person_id, said.c.standing, said.c.kind.in_(ABOUT_ITEM)
        )
    )
    return Waiting(int(others[0]), None if others[1] is None else iso(others[1]), int(open_ or 0), int(aside or 0))


def why(project: Project, limits: Limits, left: int, waiting: Waiting) -> str:
    """The code of the reason."""
    if project.row.state != "ready":
        return project.row.state
    if project.row.ranking_id is None:
        return "starting"
    if limits.refused is not None:
        return limits.refused
    if project.policy.approval and left:
        return "awaiting-approval"
    if waiting.lent_out:
        return "all-leased"
    if not left:
        return "done"
    if project.row.wanted_seq > project.row.trained_seq:
        return "next-ranking"
    return "not-yours"
