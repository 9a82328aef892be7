"""Alarms of drift: what is open, how people settle them, and a sample that measures the change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.engine.drifting.finding import STREAM, Finding
from labelwright.engine.drifting.ordering import Order
from labelwright.engine.project import Project
from labelwright.errors import ConflictError, InputError, NotFoundError
from labelwright.services.drift import sampling
from labelwright.services.drift.sampling import MEASURED, SampleSize, SampleView
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.drift import DriftSettled
from labelwright.store.record.pins import ItemsPinned
from labelwright.store.rows import AnyRow, Rows

OPEN: Final = "open"
OUTCOMES: Final = ("real", "false", "accepted")
MAX_SAMPLE: Final = 1000


@dataclass(frozen=True)
class AlarmView:
    """One alarm.

    Attributes
    ----------
    onset_item : int
        Ordinal of the first item after the likeliest change.
    finding : Finding
        What the look said, without its picture.
    n_left : int
        Items of the pool after the onset that nobody has answered; 0 for alarms that are settled.
    sizes : list of SampleSize
        What samples of them would measure.
    sample : SampleView, optional
        What was drawn to measure it, and what its answers say.
    """

    id: str
    what: str
    since: str | None
    onset_item: int
    state: str
    at: str
    cycle: int | None
    finding: Finding
    settled_by: str | None
    settled_at: str | None
    note: str | None
    n_left: int
    sizes: list[SampleSize]
    sample: SampleView | None


@dataclass(frozen=True)
class Sampled:
    """Items that were drawn and are asked first."""

    n: int


def listing(site: Site, actor: Actor, slug: str) -> list[AlarmView]:
    """All alarms, open ones first, then the newest."""
    store = site.project(slug)
    with store.read() as rows:
        return listed(site, actor, store, rows, access.ready(store, rows))


def listed(site: Site, actor: Actor, store: ProjectStore, rows: Rows, project: Project) -> list[AlarmView]:
    """The same within a view; who settled them only for those who may read names of people."""
    found = rows.all(rows.select(t.drift_alarm).order_by(t.drift_alarm.c.seq.desc()))
    if not found:
        return []
    drawn, names = sampling.sampled(store, rows), site.names() if actor.may("people.read") else {}
    ordered = sorted(found, key=lambda row: row.state != OPEN)
    order = sampling.order_of(site, store, rows, project.row.n_items)
    return [_view(store, rows, project, order, row, drawn.get(row.id), names) for row in ordered]


def settle(site: Site, actor: Actor, slug: str, alarm_id: str, outcome: str, note: str = "") -> None:
    """Say what an alarm was: "real", "false" or "accepted". The next looks begin at its onset.

    Raises
    ------
    NotFoundError, InputError
    ConflictError
        If somebody has said so before.
    """
    if outcome not in OUTCOMES:
        raise InputError(f"drift: outcome must be one of {', '.join(OUTCOMES)}, got '{outcome[:40]}'.")
    store = site.project(slug)
    with store.write() as transaction:
        access.changeable(store, transaction.rows)
        row = _existing(transaction.rows, alarm_id)
        if row.state in OUTCOMES:
            raise ConflictError(f"drift: this alarm is settled as {row.state}.", "Reload the page.")
        sealed = transaction.seal(note.strip()) if note.strip() else None
        transaction.record(DriftSettled(alarm_id, outcome, sealed), actor=actor.person_id)


def sample(site: Site, actor: Actor, slug: str, alarm_id: str, n: int) -> Sampled:
    """Draw items after the onset at random, and ask them first.

    Every unanswered item of the pool from the onset on is drawn with the same chance, and the sample is asked in random
    order. Its items are known by the event that pins them, which precedes the one that settles the alarm as measured.

    Raises
    ------
    NotFoundError, InputError
    ConflictError
        If the alarm is not open, or no such item is left.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        row = _existing(rows, alarm_id)
        if row.state != OPEN:
            raise ConflictError(f"drift: a sample is drawn for an open alarm; this one is {row.state}.")
        if not 1 <= n <= MAX_SAMPLE:
            raise InputError(f"drift: n must be between 1 and {MAX_SAMPLE}, got {n}.")
        order = sampling.order_of(site, store, rows, project.row.n_items)
        left = sampling.candidates(store, rows, project, _order_for(row, order), int(row.figures["onset_item"]))
        if not len(left):
            raise ConflictError("drift: every item after the onset is answered.", "Their labels measure the change.")
        rng = np.random.default_rng([project.seed, store.head_seq(rows)])
        drawn = tuple(int(ordinal) for ordinal in rng.permutation(left)[:n])
        reason = transaction.seal(f"A random sample of the items since {row.since}, to measure a change.")
        transaction.record(ItemsPinned(drawn, reason), actor=actor.person_id)
        transaction.record(DriftSettled(alarm_id, MEASURED, None), actor=actor.person_id)
    return Sampled(len(drawn))


def _existing(rows: Rows, alarm_id: str) -> AnyRow:
    row = rows.first(rows.select(t.drift_alarm).where(t.drift_alarm.c.id == alarm_id))
    if row is None:
        raise NotFoundError(f"There is no alarm '{alarm_id}'.")
    return row


def _order_for(row: AnyRow, order: Order | None) -> Order | None:
    """The order that an onset has a place in; a stream of answers has none among the items."""
    return None if row.what == STREAM else order


def _view(
    store: ProjectStore, rows: Rows, project: Project, order: Order | None, row: AnyRow, drawn: tuple[int, ...] | None,
    names: dict[str, tuple[str, bool]],
) -> AlarmView:  # fmt: skip
    onset = int(row.figures["onset_item"])
    n_left = len(sampling.candidates(store, rows, project, _order_for(row, order), onset)) if row.state == OPEN else 0
    question = project.question(row.question_id) if row.question_id else project.primary
    return AlarmView(
        row.id, row.what, row.since, onset, row.state, row.at, row.cycle,
        Finding.parse({**row.figures, "series": []}),
        names.get(row.settled_by, (None, False))[0], row.settled_at,
        store.unseal(rows, row.note_id), n_left, sampling.sizes(n_left),
        None if drawn is None else sampling.measure(store, rows, project, question, row.cycle, drawn),
    )  # fmt: skip
