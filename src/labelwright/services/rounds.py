"""Rounds: what was asked in each and what it brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from labelwright.check import check_one_of, complain
from labelwright.engine import rounds as engine_rounds
from labelwright.engine import snapshot
from labelwright.policy import Policy
from labelwright.policy.constraints import Constraint
from labelwright.services import projects
from labelwright.services.roles import Actor
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore


def listing(site: Site, slug: str, *, cursor: str | None = None, limit: int = 50) -> dict[str, Any]:
    """A page of rounds, newest first."""
    store = site.project(slug)
    table = t.round_
    with store.read() as connection:
        project = projects.ready(store, connection)
        query = (
            select(table).where(table.c.project_id == store.project_id).order_by(table.c.number.desc()).limit(limit + 1)
        )
        if cursor is not None and cursor.isdigit():
            query = query.where(table.c.number < int(cursor))
        rows = connection.execute(query).all()
        items = [_view(store, connection, project, row) for row in rows[:limit]]
    return {"items": items, "next_cursor": str(rows[limit - 1].number) if len(rows) > limit else None}


def _check_against_items(
    store: ProjectStore, connection: Connection, project: Any, constraints: list[Constraint], size: int
) -> None:
    """Refuse constraints that the project's items cannot meet: unknown columns and values, rounds that stay short."""
    columns = snapshot.columns(store, connection, {c.column for c in constraints}, project.n_items)
    for constraint in constraints:
        check_one_of("constraint", "column", constraint.column, ("predicted", *snapshot.COLUMNS))
        if constraint.column not in columns:
            continue
        values = set(columns[constraint.column].tolist())
        if constraint.value is not None and constraint.value not in values:
            expected = f"one of {', '.join(sorted(values)[:20])}"
            raise complain("constraint", f"the value of {constraint.column}", expected, repr(constraint.value))
        if constraint.value is None and constraint.count(size) * len(values) < size:
            raise complain(
                "constraint", f"'{constraint}'", f"enough for a round of {size}", f"{len(values)} values",
                "Allow more of each.",
            )  # fmt: skip


def start(
    site: Site,
    actor: Actor,
    slug: str,
    *,
    hypothesis: str = "",
    labels: int | None = None,
    strategy: str | None = None,
    constraints: Sequence[str] | None = None,
) -> dict[str, Any]:
    """End the running round and begin a new one, with the policy as it is, another strategy, or other constraints.

    Raises
    ------
    InputError, ConflictError
        If a constraint cannot be read, speaks of a column that items do not have, or conflicts with another.
    """
    store = site.project(slug)
    with store.write() as transaction:
        connection = transaction.connection
        project = projects.ready(store, connection)
        policy = Policy.from_config(project.config["policy"])
        if strategy is not None:
            policy = replace(policy, strategy=strategy, params={})
        if constraints is not None:
            read = [Constraint.parse(text) for text in constraints]
            policy = replace(policy, constraints=[constraint.to_json() for constraint in read])
            _check_against_items(store, connection, project, read, policy.batch_size)
        running = connection.execute(
            select(t.round_).where(t.round_.c.project_id == store.project_id, t.round_.c.state == "running")
        ).one_or_none()
        if running is not None:
            engine_rounds.end(store, transaction, running, project.wanted_seq, actor=actor.person_id)
        if policy.to_config() != project.config["policy"]:
            transaction.record("policy", {"policy": policy.to_config()}, actor=actor.person_id)
        engine_rounds.start(
            store, transaction, hypothesis=hypothesis, planned=labels or policy.batch_size,
            policy=policy.to_config(), from_seq=project.wanted_seq, actor=actor.person_id,
        )  # fmt: skip
        newest = connection.execute(
            select(t.round_).where(t.round_.c.project_id == store.project_id, t.round_.c.state == "running")
        ).one()
        return _view(store, connection, project, newest)


def _view(store: ProjectStore, connection: Connection, project: Any, row: Any) -> dict[str, Any]:
    outcome = row.outcome
    if row.state == "running":
        asked = engine_rounds.answered(store, connection, row.from_seq, project.wanted_seq)
        outcome = {
            "asked": asked["by_kind"], "answers": asked["n"], "seconds": asked["seconds"], "cycle_before": None,
            "cycle_after": None,
        }  # fmt: skip
    before, after = (_metric(store, connection, project, outcome[k]) for k in ("cycle_before", "cycle_after"))
    return {
        "id": row.id, "number": row.number, "hypothesis": store.unseal(connection, row.hypothesis_id) or "",
        "strategy": row.policy["strategy"],
        "planned": row.planned, "state": row.state, "started_at": row.started_at, "ended_at": row.ended_at,
        "asked": outcome["asked"], "answers": outcome["answers"], "seconds": outcome["seconds"],
        "before": before, "after": after, "outcome": _sentence(project, before, after, row.state),
    }  # fmt: skip


def _metric(store: ProjectStore, connection: Connection, project: Any, cycle: int | None) -> dict[str, Any] | None:
    if cycle is None:
        return None
    row = connection.execute(
        select(t.metric).where(
            t.metric.c.project_id == store.project_id, t.metric.c.cycle == cycle,
            t.metric.c.metric == project.config["metric"],
        )
    ).one_or_none()  # fmt: skip
    return None if row is None else projects.estimate(row)


def _sentence(project: Any, before: dict[str, Any] | None, after: dict[str, Any] | None, state: str) -> str:
    if state == "running":
        return "Running."
    if after is None or not after["enough"]:
        return "Too few reserve labels to judge."
    if before is None or not before["enough"]:
        return f"First figure: {after['value']:.3f} [{after['low']:.3f}, {after['high']:.3f}]."
    change = after["value"] - before["value"]
    overlap = after["low"] <= before["value"] <= after["high"]
    return f"{change:+.3f}" + (", within what chance explains." if overlap else ".")
