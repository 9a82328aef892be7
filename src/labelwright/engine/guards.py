"""Verdicts of the guard so far, read from the decisions."""

from __future__ import annotations

from typing import Final

from labelwright.engine.reasons import reason_of
from labelwright.policy.guard import GuardVerdict
from labelwright.store import tables as t
from labelwright.store.record.decisions import GuardLooked
from labelwright.store.rows import Rows

GUARD: Final = GuardLooked.kind


def past_guards(rows: Rows, before_cycle: int) -> tuple[GuardVerdict, ...]:
    """The guard's verdicts of earlier cycles, oldest first."""
    table = t.decision
    recorded = rows.scalars(
        rows.select(table.c.data).where(table.c.kind == GUARD, table.c.cycle < before_cycle).order_by(table.c.seq)
    )
    return tuple(verdict_of(GuardLooked.read(data, GuardLooked.body_version)) for data in recorded)


def verdict_of(event: GuardLooked) -> GuardVerdict:
    """A recorded verdict in the policy's own type."""
    return GuardVerdict(
        event.look, event.n_random, event.n_chosen, event.effect, event.low, event.random_share,
        reason_of(event.reason),
    )  # fmt: skip
