"""Rounds: the lead's unit of work. What was asked, and what changed from one served model to the next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func

from labelwright.engine import plan_record
from labelwright.engine.cycle import Cycle
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.clock import new_id
from labelwright.store.project import ProjectStore, Transaction
from labelwright.store.record.rounds import RoundEnded, RoundOutcome, RoundStarted
from labelwright.store.record.standing import ANSWER
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class Answered:
    """First answers between two events.

    Attributes
    ----------
    n : int
        Items answered by somebody, each person's item once, whatever the number of questions.
    by_kind : mapping of str to int
        By kind of slot.
    seconds : float
        Active seconds.
    """

    n: int
    by_kind: dict[str, int]
    seconds: float


@dataclass(frozen=True)
class Running:
    """The round that runs."""

    id: str
    from_seq: int
    planned: int


def running(rows: Rows) -> Running | None:
    """The round that runs, if one does."""
    table = t.round_
    row = rows.first(rows.select(table.c.id, table.c.from_seq, table.c.planned).where(table.c.state == "running"))
    return None if row is None else Running(*row)


def turn(store: ProjectStore, transaction: Transaction, cycle: Cycle) -> None:
    """End the running round if it got what was planned, and start the next."""
    upto_seq, policy = cycle.inputs.upto_seq, cycle.policy
    current = running(transaction.rows)
    if current is not None:
        if answered(transaction.rows, current.from_seq, upto_seq).n < current.planned:
            return
        end(transaction, current, upto_seq)
        plan = plan_record.expected(transaction.rows, store, cycle.id, policy.batch_size)
        if plan is not None:
            transaction.record(plan, actor="system")
    start(transaction, hypothesis="", planned=policy.batch_size, policy=cycle.inputs.policy, from_seq=upto_seq)


def start(
    transaction: Transaction, *, hypothesis: str, planned: int, policy: JsonObject, from_seq: int,
    actor: str = "system",
) -> None:  # fmt: skip
    """Begin the lead's next unit of work."""
    number = transaction.rows.scalar(transaction.rows.select(func.count(), of=t.round_))
    sealed = transaction.seal(hypothesis) if hypothesis else None
    transaction.record(RoundStarted(new_id("rd"), int(number or 0) + 1, policy, sealed, planned, from_seq), actor=actor)


def end(transaction: Transaction, current: Running, to_seq: int, actor: str = "system") -> None:
    """Close a round with what it asked and the models before and after."""
    rows = transaction.rows
    asked = answered(rows, current.from_seq, to_seq)
    outcome = RoundOutcome(
        asked.by_kind, asked.n, asked.seconds, _served_cycle(rows, current.from_seq), _served_cycle(rows, to_seq)
    )
    transaction.record(RoundEnded(current.id, to_seq, outcome), actor=actor)


def answered(rows: Rows, from_seq: int, to_seq: int) -> Answered:
    """Items that people answered first between two events: how many, by kind of slot, and active seconds."""
    table = t.annotation
    by_kind: Counter[str] = Counter()
    items: set[tuple[int, str]] = set()
    seconds = 0.0
    for row in rows.stream(
        rows.select(table.c.slot_kind, table.c.ordinal, table.c.person_id, table.c.seconds).where(
            table.c.kind == ANSWER, table.c.first, table.c.seq > from_seq, table.c.seq <= to_seq
        )
    ):
        seconds += row.seconds or 0.0
        if (row.ordinal, row.person_id) not in items:
            items.add((row.ordinal, row.person_id))
            by_kind[str(row.slot_kind)] += 1
    return Answered(len(items), dict(by_kind), seconds)


def _served_cycle(rows: Rows, seq: int) -> int | None:
    """The newest model of the primary question whose labels end at or before an event."""
    version, model, question = t.label_version, t.model, t.question
    cycle = rows.scalar(
        rows.select(func.max(version.c.cycle)).where(
            model.c.cycle == version.c.cycle, model.c.question_id == question.c.id, question.c.is_primary,
            version.c.upto_seq <= seq,
        ).where(rows.own(model), rows.own(question))
    )  # fmt: skip
    return None if cycle is None else int(cycle)
