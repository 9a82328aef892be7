"""Who has seen what others or the model say of an item before giving an own answer (promise 5).

Nothing of this is shown while an item is leased to the person. What is shown at other times is noted, so that
an answer that comes later is marked: it trains, and never measures.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from labelwright.services.people.roles import Actor
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows


def note(store: ProjectStore, actor: Actor, ordinals: Sequence[int]) -> None:
    """Note that the caller is shown what is known of some items, unless the caller has answered them."""
    if not ordinals or not actor.may("label"):
        return
    with store.read() as rows:
        new = set(ordinals) - _noted(rows, actor, ordinals) - _answered(rows, actor, ordinals)
    if not new:
        return
    with store.stage() as rows:
        new -= _noted(rows, actor, ordinals)
        now = time.time()
        rows.insert(
            t.exposure, *({"ordinal": ordinal, "person_id": actor.person_id, "at": now} for ordinal in sorted(new))
        )


def is_exposed(rows: Rows, actor: Actor, ordinal: int) -> bool:
    """Whether the person has been shown what is known of the item."""
    return bool(_noted(rows, actor, [ordinal]))


def _noted(rows: Rows, actor: Actor, ordinals: Sequence[int]) -> set[int]:
    table = t.exposure
    return set(
        rows.scalars(
            rows.select(table.c.ordinal).where(
                table.c.person_id == actor.person_id, table.c.ordinal.in_(list(ordinals))
            )
        )
    )


def _answered(rows: Rows, actor: Actor, ordinals: Sequence[int]) -> set[int]:
    table = t.annotation
    return set(
        rows.scalars(
            rows.select(table.c.ordinal).where(
                table.c.person_id == actor.person_id, table.c.ordinal.in_(list(ordinals)), table.c.standing,
                table.c.kind.in_(ANSWERING),
            )
        )
    )  # fmt: skip
