"""Rounds: what was asked in each, and how the model changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from labelwright.check import check_one_of, complain
from labelwright.engine import rounds as engine_rounds
from labelwright.engine.layout import COLUMNS, columns
from labelwright.engine.project import Project
from labelwright.policy.constraints import Constraint
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.steering.curves import Measured, measured
from labelwright.services.steering.estimates import EstimateView
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.project import PolicyChanged
from labelwright.store.rows import Rows
from labelwright.strategies import check_fits
from labelwright.words import Figure, Reason, in_words


@dataclass(frozen=True)
class RoundView:
    """One round.

    Attributes
    ----------
    asked : mapping of str to int
        First answers by kind of slot.
    before, after : EstimateView, optional
        The figures of the models at its beginning and end, both on the reserve labels of today, as on the curve.
    outcome : str
        A sentence.
    """

    id: str
    number: int
    hypothesis: str
    strategy: str
    planned: int
    state: str
    started_at: str
    ended_at: str | None
    asked: dict[str, int]
    answers: int
    seconds: float
    before: EstimateView | None
    after: EstimateView | None
    outcome: str


@dataclass(frozen=True)
class RoundPage:
    """A page of rounds, newest first."""

    items: list[RoundView]
    next_cursor: str | None


def listing(site: Site, slug: str, *, cursor: str | None = None, limit: int = 50) -> RoundPage:
    """A page of rounds, newest first."""
    store, table = site.project(slug), t.round_
    with store.read() as rows:
        project = access.ready(store, rows)
        query = rows.select(table).order_by(table.c.number.desc()).limit(limit + 1)
        if cursor is not None and cursor.isascii() and cursor.isdigit() and len(cursor) < 18:
            query = query.where(table.c.number < int(cursor))
        found = rows.all(query)
        curve = measured(site, store, project)
        views = [_view(store, rows, curve, row.id, project.row.wanted_seq) for row in found[:limit]]
    return RoundPage(views, str(found[limit - 1].number) if len(found) > limit else None)


def start(
    site: Site, actor: Actor, slug: str, *, hypothesis: str = "", labels: int | None = None,
    strategy: str | None = None, constraints: Sequence[str] | None = None, settings_version: int | None = None,
) -> RoundView:  # fmt: skip
    """End the running round and begin a new one, with the policy as it is, another strategy, or other constraints.

    Raises
    ------
    InputError, ConflictError
        If the strategy does not fit the task, a constraint cannot be read, speaks of a column that items do not have,
        or conflicts with another, or the settings have changed since ``settings_version``.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        access.check_settings_version(project, settings_version)
        policy = project.policy
        if strategy is not None:
            check_fits(strategy, project.primary.task)
            policy = replace(policy, strategy=strategy, params={})
        if constraints is not None:
            read = [Constraint.parse(text) for text in constraints]
            policy = replace(policy, constraints=[constraint.to_json() for constraint in read])
            _check_against_items(rows, project, read, policy.batch_size)
        current = engine_rounds.running(rows)
        if current is not None:
            engine_rounds.end(transaction, current, project.row.wanted_seq, actor=actor.person_id)
        config = policy.to_config()
        if config != project.policy.to_config():
            transaction.record(PolicyChanged(config), actor=actor.person_id)
        engine_rounds.start(
            transaction, hypothesis=hypothesis, planned=labels or policy.batch_size, policy=config,
            from_seq=project.row.wanted_seq, actor=actor.person_id,
        )  # fmt: skip
        begun = engine_rounds.running(rows)
        assert begun is not None
        return _view(store, rows, measured(site, store, project), begun.id, project.row.wanted_seq)


def _check_against_items(rows: Rows, project: Project, constraints: list[Constraint], size: int) -> None:
    """Refuse constraints that the project's items cannot meet: unknown columns and values, rounds that stay short."""
    known = columns(rows, {c.column for c in constraints}, project.row.n_items)
    for constraint in constraints:
        check_one_of("constraint", "column", constraint.column, ("predicted", *COLUMNS))
        if constraint.column not in known:
            continue
        values = set(known[constraint.column].tolist())
        if constraint.value is not None and constraint.value not in values:
            expected = f"one of {', '.join(sorted(values)[:20])}"
            raise complain("constraint", f"the value of {constraint.column}", expected, repr(constraint.value))
        if constraint.value is None and constraint.count(size) * len(values) < size:
            raise complain(
                "constraint", f"'{constraint}'", f"enough for a round of {size}", f"{len(values)} values",
                "Allow more of each.",
            )  # fmt: skip


def _view(store: ProjectStore, rows: Rows, curve: Measured, round_id: str, wanted_seq: int) -> RoundView:
    row = rows.one(rows.select(t.round_).where(t.round_.c.id == round_id))
    before = after = None
    if row.state == "running":
        asked = engine_rounds.answered(rows, row.from_seq, wanted_seq)
        by_kind, n_answers, seconds = asked.by_kind, asked.n, asked.seconds
    else:
        by_kind, n_answers, seconds = row.outcome["asked"], row.outcome["answers"], row.outcome["seconds"]
        before, after = (curve.position(row.outcome[name]) for name in ("cycle_before", "cycle_after"))
    return RoundView(
        row.id, row.number, store.unseal(rows, row.hypothesis_id) or "", row.policy["strategy"], row.planned,
        row.state, row.started_at, row.ended_at, by_kind, n_answers, seconds, _estimate(curve, before),
        _estimate(curve, after), in_words(_outcome(curve, before, after, row.state)),
    )  # fmt: skip


def _estimate(curve: Measured, position: int | None) -> EstimateView | None:
    return None if position is None else curve.points[position].estimate


def _outcome(curve: Measured, before: int | None, after: int | None, state: str) -> Reason:
    if state == "running":
        return Reason("round-running")
    if after is None or (now := curve.points[after].estimate) is None:
        return Reason("round-too-few")
    if before is None or (then := curve.points[before].estimate) is None:
        return Reason("round-first", {"value": now.value, "low": now.low, "high": now.high})
    change = curve.change(before, after)
    if change is None:
        return Reason("round-change-unpaired", {"before": then.value, "after": now.value})
    figures: dict[str, Figure] = {"change": change.value, "low": change.low, "high": change.high}
    by_chance = not change.low > 0 and not change.high < 0
    return Reason("round-change-by-chance" if by_chance else "round-change", figures)
