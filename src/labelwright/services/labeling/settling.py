"""What an annotation does to leases and slots: closed, or opened again."""

from __future__ import annotations

import time
from dataclasses import dataclass

from labelwright.engine import done, heads
from labelwright.engine.project import Project
from labelwright.policy.kinds.chosen import Chosen
from labelwright.policy.rules import enough_answers
from labelwright.services.labeling import leases
from labelwright.services.people.roles import Actor
from labelwright.store import tables as t
from labelwright.store.clock import new_id
from labelwright.store.record.standing import ABOUT_ITEM, UNDOING
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class Shown:
    """Why the item was shown.

    Attributes
    ----------
    held : bool
        Whether the item was lent to the caller when that was read, and may have gone back since.
    """

    lease: str | None
    ranking: str | None
    position: int | None
    kind: str | None
    propensity: float | None
    late: bool
    grid: bool
    held: bool = False


class NotHeldError(Exception):
    """The item of an answer has gone back."""


def settle(rows: Rows, project: Project, actor: Actor, kind: str, ordinal: int, why: Shown) -> None:
    """Close lease and slots of an item that was answered, or open them again after an undo.

    Parameters
    ----------
    kind : str
        Of the annotation.

    Raises
    ------
    NotHeldError
        If it was held when it was read, and has gone back since.
    """
    lease = t.lease
    complete = done.people_done(rows, project.required, [ordinal]).complete.get(ordinal, set())
    if kind in UNDOING:  # the item is the caller's again to answer anew; late, if it was passed on
        _reopen(rows, project, actor, ordinal, why, len(complete))
    elif kind in ABOUT_ITEM or actor.person_id in complete:
        ended = rows.update(
            lease, lease.c.ordinal == ordinal, lease.c.person_id == actor.person_id, lease.c.state == leases.LIVE,
            state=leases.ANSWERED,
        )  # fmt: skip
        if why.held and not ended:
            raise NotHeldError
    heads.close(rows, project.policy, {ordinal: complete})


def _reopen(rows: Rows, project: Project, actor: Actor, ordinal: int, why: Shown, n_complete: int) -> None:
    """Lend the item to its author again, under the same name; expired at once if others have taken its place."""
    lease, now, slot_kind = t.lease, time.time(), why.kind or Chosen.name
    live = list(
        rows.scalars(
            rows.select(lease.c.person_id).where(
                lease.c.ordinal == ordinal, lease.c.state == leases.LIVE, lease.c.expires_at > now
            )
        )
    )
    if actor.person_id in live:
        return
    least = done.least_people(rows, project.policy, [ordinal]).get(ordinal, 0)
    enough = enough_answers(slot_kind, n_complete + len(live), project.policy.answer_rules(), least=least)
    state = leases.EXPIRED if enough else leases.LIVE
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
