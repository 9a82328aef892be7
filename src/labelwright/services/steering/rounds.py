"""Rounds: what was asked in each, and how the model changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from labelwright.check import check_one_of, complain
from labelwright.engine import rounds as engine_rounds
from labelwright.engine import sourcing
from labelwright.engine.layout import COLUMNS, columns
from labelwright.engine.project import Project
from labelwright.errors import NotFoundError
from labelwright.policy.constraints import SLICE, Constraint
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.steering.curves import measured
from labelwright.services.steering.drafts import VERDICTS
from labelwright.services.steering.round_views import Reader, RoundView
from labelwright.store import tables as t
from labelwright.store.record.project import PolicyChanged
from labelwright.store.record.rounds import RoundDescribed
from labelwright.store.rows import Rows
from labelwright.strategies import check_fits


@dataclass(frozen=True)
class RoundPage:
    """A page of rounds, newest first.

    Attributes
    ----------
    detectable : float, optional
        The smallest true change of the metric that the next round would show in four of five cases, on the reserve
        labels of today; None where it is not known.
    """

    items: list[RoundView]
    next_cursor: str | None
    detectable: float | None = None


def listing(site: Site, slug: str, *, cursor: str | None = None, limit: int = 50) -> RoundPage:
    """A page of rounds, newest first."""
    store, table = site.project(slug), t.round_
    with store.read() as rows:
        project = access.ready(store, rows)
        query = rows.select(table).order_by(table.c.number.desc()).limit(limit + 1)
        if cursor is not None and cursor.isascii() and cursor.isdigit() and len(cursor) < 18:
            query = query.where(table.c.number < int(cursor))
        found = rows.all(query)
        reader = Reader(site, store, rows, project)
        views = [reader.view(row) for row in found[:limit]]
        smallest = measured(site, store, project).detectable_next
    return RoundPage(views, str(found[limit - 1].number) if len(found) > limit else None, smallest)


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
            check_fits(strategy, project.primary.task, has_source=sourcing.in_project(rows))
            policy = replace(policy, strategy=strategy, params={})
        if constraints is not None:
            read = [Constraint.parse(text) for text in constraints]
            policy = replace(policy, constraints=[constraint.to_json() for constraint in read])
            check_against_items(rows, project, read, policy.batch_size)
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
    with store.read() as rows:
        begun = rows.one(rows.select(t.round_).where(t.round_.c.state == "running"))
        return Reader(site, store, rows, access.ready(store, rows)).view(begun)


@dataclass(frozen=True)
class Said:
    """What a lead says of a round; None leaves the draft.

    Parameters
    ----------
    hypothesis, change, measure, note : str, optional
    verdict : str, optional
        "held", "failed" or "open".
    """

    hypothesis: str | None = None
    change: str | None = None
    measure: str | None = None
    verdict: str | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        if self.verdict is not None:
            check_one_of("round", "verdict", self.verdict, VERDICTS)


def describe(site: Site, actor: Actor, slug: str, round_id: str, said: Said) -> RoundView:
    """Say what a round is about and what came of it; this takes the place of all that was said before.

    Raises
    ------
    NotFoundError
        If there is no such round.
    ConflictError
        If the project is archived.
    """
    store, table = site.project(slug), t.round_
    with store.write() as transaction:
        access.changeable(store, transaction.rows)
        if transaction.rows.first(transaction.rows.select(table.c.id).where(table.c.id == round_id)) is None:
            raise NotFoundError(f"There is no round '{round_id}'.")
        texts = (said.hypothesis, said.change, said.measure, said.note)
        hypothesis, change, measure, note = (None if text is None else transaction.seal(text) for text in texts)
        body = RoundDescribed(round_id, hypothesis, change, measure, said.verdict, note)
        transaction.record(body, actor=actor.person_id)
    with store.read() as rows:
        row = rows.one(rows.select(table).where(table.c.id == round_id))
        return Reader(site, store, rows, access.ready(store, rows)).view(row)


def check_against_items(
    rows: Rows, project: Project, constraints: list[Constraint], size: int, slices: Collection[str] | None = None
) -> None:
    """Refuse constraints that the project's items cannot meet: unknown columns and values, rounds that stay short.

    Parameters
    ----------
    slices : collection of str, optional
        Names of slices that there will be; those that there are if left out.
    """
    if slices is None:
        slices = set(rows.scalars(rows.select(t.saved_slice.c.name)))
    known = columns(rows, {c.column for c in constraints}, project.row.n_items)
    for constraint in constraints:
        check_one_of("constraint", "column", constraint.column, ("predicted", SLICE, *COLUMNS))
        if constraint.column == SLICE and constraint.value not in slices:
            expected = f"one of {', '.join(sorted(slices)) or 'none yet: save one on the page Items'}"
            raise complain("constraint", "the name of a slice", expected, repr(constraint.value))
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
