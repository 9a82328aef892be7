"""Rounds: the lead's unit of work. What was asked, and what it brought from one served model to the next."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from labelwright.store import tables as t
from labelwright.store.clock import new_id
from labelwright.store.project import ProjectStore, Transaction


def turn(store: ProjectStore, transaction: Transaction, frozen: dict[str, Any]) -> None:
    """End the running round if it got what was planned, and start the next."""
    connection = transaction.connection
    running = connection.execute(
        select(t.round_).where(t.round_.c.project_id == store.project_id, t.round_.c.state == "running")
    ).one_or_none()
    if running is not None:
        if answered(store, connection, running.from_seq, frozen["upto_seq"])["n"] < running.planned:
            return
        end(store, transaction, running, frozen["upto_seq"])
    start(
        store, transaction, hypothesis="", planned=frozen["policy"]["batch_size"], policy=frozen["policy"],
        from_seq=frozen["upto_seq"],
    )  # fmt: skip


def start(
    store: ProjectStore, transaction: Transaction, *, hypothesis: str, planned: int, policy: dict[str, Any],
    from_seq: int, actor: str = "system",
) -> None:  # fmt: skip
    """Begin the lead's next unit of work."""
    number = transaction.connection.scalar(
        select(func.count()).select_from(t.round_).where(t.round_.c.project_id == store.project_id)
    )
    transaction.record(
        "round.started",
        {
            "id": new_id("rd"), "number": int(number or 0) + 1, "policy": policy,
            "hypothesis": transaction.seal(hypothesis) if hypothesis else None,
            "planned": planned, "from_seq": from_seq,
        },
        actor=actor,
    )  # fmt: skip


def end(store: ProjectStore, transaction: Transaction, running: Any, to_seq: int, actor: str = "system") -> None:
    """Close a round with what it asked and what it brought."""
    connection = transaction.connection
    asked = answered(store, connection, running.from_seq, to_seq)
    transaction.record(
        "round.ended",
        {
            "id": running.id, "to_seq": to_seq,
            "outcome": {
                "asked": asked["by_kind"], "answers": asked["n"], "seconds": asked["seconds"],
                "cycle_before": _served_cycle(store, connection, running.from_seq),
                "cycle_after": _served_cycle(store, connection, to_seq),
            },
        },
        actor=actor,
    )  # fmt: skip


def answered(store: ProjectStore, connection: Connection, from_seq: int, to_seq: int) -> dict[str, Any]:
    """First answers between two events: how many, by kind of slot, and active seconds."""
    table = t.annotation
    rows = connection.execute(
        select(table.c.slot_kind, func.count().label("n"), func.coalesce(func.sum(table.c.seconds), 0.0).label("s"))
        .where(
            table.c.project_id == store.project_id, table.c.kind == "answer", table.c.first, table.c.seq > from_seq,
            table.c.seq <= to_seq,
        )
        .group_by(table.c.slot_kind)
    ).all()  # fmt: skip
    return {
        "n": sum(r.n for r in rows),
        "by_kind": {str(r.slot_kind): r.n for r in rows},
        "seconds": float(sum(r.s for r in rows)),
    }


def _served_cycle(store: ProjectStore, connection: Connection, seq: int) -> int | None:
    """The newest model whose labels end at or before an event."""
    found = connection.scalar(
        select(func.max(t.label_version.c.cycle))
        .join(
            t.model,
            (t.model.c.project_id == t.label_version.c.project_id) & (t.model.c.cycle == t.label_version.c.cycle),
        )
        .where(t.label_version.c.project_id == store.project_id, t.label_version.c.upto_seq <= seq)
    )
    return None if found is None else int(found)
