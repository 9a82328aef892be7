"""What an annotation does to leases and slots: closed, or opened again."""

from __future__ import annotations

import time
from dataclasses import dataclass

from labelwright.engine import answers
from labelwright.engine.project import Project
from labelwright.policy.kinds.chosen import Chosen
from labelwright.policy.rules import Rules, enough_answers
from labelwright.services.labeling import leases
from labelwright.services.people.roles import Actor
from labelwright.store import tables as t
from labelwright.store.clock import new_id
from labelwright.store.record.standing import ABOUT_ITEM, UNDOING
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class Shown:
    """Why the item was shown."""

    lease: str | None
    ranking: str | None
    position: int | None
    kind: str | None
    propensity: float | None
    late: bool
    grid: bool


def settle(rows: Rows, project: Project, actor: Actor, kind: str, ordinal: int, why: Shown) -> None:
    """Close lease and slots of an item that was answered, or open them again after an undo.

    Parameters
    ----------
    kind : str
        Of the annotation.
    """
    lease = t.lease
    complete = answers.people_done(rows, project.required, [ordinal]).complete.get(ordinal, set())
    slot_kind, rules = why.kind or Chosen.name, Rules(overlap=project.policy.overlap)
    if kind in UNDOING:  # the item is the caller's again to answer anew; late, if it was passed on
        _reopen(rows, actor, ordinal, why, slot_kind, len(complete), rules)
    elif kind in ABOUT_ITEM or actor.person_id in complete:
        rows.update(
            lease, lease.c.ordinal == ordinal, lease.c.person_id == actor.person_id, lease.c.state == leases.LIVE,
            state=leases.ANSWERED,
        )  # fmt: skip
    rows.update(t.slot, t.slot.c.ordinal == ordinal, done=enough_answers(slot_kind, len(complete), rules))


def _reopen(rows: Rows, actor: Actor, ordinal: int, why: Shown, slot_kind: str, n_complete: int, rules: Rules) -> None:
    """Lend the item to its author again, under the same name; expired at once if others have taken its place."""
    lease, now = t.lease, time.time()
    live = list(
        rows.scalars(
            rows.select(lease.c.person_id).where(
                lease.c.ordinal == ordinal, lease.c.state == leases.LIVE, lease.c.expires_at > now
            )
        )
    )
    if actor.person_id in live:
        return
    state = leases.EXPIRED if enough_answers(slot_kind, n_complete + len(live), rules) else leases.LIVE
    values = {"granted_at": now, "expires_at": now + leases.MIN_SECONDS, "state": state, "grid": False}
    if why.lease is not None and rows.update(lease, lease.c.id == why.lease, **values):
        return
    rows.insert(
        lease,
        {
            "id": new_id("le"), "ordinal": ordinal, "person_id": actor.person_id, "ranking_id": why.ranking,
            "position": why.position, "slot_kind": slot_kind, "propensity": why.propensity, **values,
        },
    )  # fmt: skip
