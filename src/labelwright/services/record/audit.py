"""The record as an auditor reads it: newest first, by who, what, when and which item, each event in a sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func

from labelwright.check import check_one_of
from labelwright.engine.project import Project
from labelwright.errors import InputError
from labelwright.plain import JsonObject
from labelwright.services.labeling import exposure, leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.record.events import told, unrevealed
from labelwright.services.site import Site
from labelwright.store import record
from labelwright.store import tables as t
from labelwright.store.receipts import Receipt
from labelwright.store.rows import AnySelect, Rows

MACHINE: Final = "system"


@dataclass(frozen=True)
class Asked:
    """Which events are wanted; all that is named holds.

    Parameters
    ----------
    kind : str, optional
        A kind of event, such as "annotation".
    actor : str, optional
        The id of a person, or "system" for what the machine decided.
    item : str, optional
        Id or key of an item; events that name it alone.
    since, until : str, optional
        Days, both included, ``YYYY-MM-DD`` in UTC.
    """

    kind: str | None = None
    actor: str | None = None
    item: str | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True)
class Line:
    """One event.

    Attributes
    ----------
    says : str
        What events of its kind mean.
    by : str
        The person's name, or "system".
    is_human : bool
    item : str, optional
    body : JSON object
        As stored; empty for an item that is leased to the caller, and without an answer that is still blind.
    """

    seq: int
    at: str
    kind: str
    says: str
    by: str
    actor: str
    is_human: bool
    item: str | None
    hash: str
    body: JsonObject


@dataclass(frozen=True)
class Kind:
    """A kind of event, and how many there are."""

    kind: str
    says: str
    n: int


@dataclass(frozen=True)
class Who:
    """Somebody who did something."""

    id: str
    name: str


@dataclass(frozen=True)
class Log:
    """A page of events, newest first.

    Attributes
    ----------
    receipt : Receipt
        The signed head of the chain; kept elsewhere it proves that nothing was cut off or written anew.
    kinds : list of Kind
    people : list of Who
        Those who have done anything, the machine last.
    """

    items: list[Line]
    next_cursor: str | None
    receipt: Receipt
    kinds: list[Kind]
    people: list[Who]


def listing(site: Site, actor: Actor, slug: str, asked: Asked, *, cursor: str | None = None, limit: int = 50) -> Log:
    """A page of the record. What is said of items that are leased to the caller is withheld until their own answer.

    Raises
    ------
    InputError, NotFoundError
        If a kind, a day, the cursor or an item is not one that there is.
    """
    store, names, event = site.project(slug), site.names(), t.event
    with store.read() as rows:
        project = access.ready(store, rows)
        query = _filtered(rows, project, asked)
        if cursor is not None:
            if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 18):
                raise InputError(f"audit: cursor must be one that a page gave, got '{cursor[:40]}'.")
            query = query.where(event.c.seq < int(cursor))
        found = rows.all(query.order_by(event.c.seq.desc()).limit(limit + 1))
        blind = unrevealed(rows)
        counted = rows.all(
            rows.select(event.c.kind, func.count(), of=event).group_by(event.c.kind).order_by(event.c.kind)
        )
        actors = rows.scalars(rows.select(event.c.actor).distinct()).all()
        receipt = store.receipt(rows)
        leased = {lease.ordinal for lease in leases.live_of(rows, actor)}
    lines = [
        Line(
            row.seq, row.at, row.kind, says(row.kind), names.get(row.actor, (row.actor, False))[0], row.actor,
            row.actor != MACHINE, None if row.ordinal is None else shown.item_id_of(row.ordinal), row.hash,
            {} if row.ordinal in leased else told(json.loads(row.body), blind),
        )
        for row in found[:limit]
    ]  # fmt: skip
    exposure.note(store, actor, [row.ordinal for row in found[:limit] if row.ordinal not in {None, *leased}])
    doers = (Who(who, names.get(who, (who, False))[0]) for who in actors if who != MACHINE)
    people = sorted(doers, key=lambda one: one.name)
    people += [Who(MACHINE, MACHINE)] if MACHINE in actors else []
    more = str(found[limit - 1].seq) if len(found) > limit else None
    return Log(lines, more, receipt, [Kind(kind, says(kind), n) for kind, n in counted], people)


def says(kind: str) -> str:
    """What events of a kind mean, in a sentence.

    >>> says("round.started")
    'A round began.'
    """
    known = record.kinds().get(kind)
    first = "" if known is None else (known.__doc__ or "").strip().partition("\n")[0]
    return first.partition(". ")[0].rstrip(".") + "." if first else ""


def _filtered(rows: Rows, project: Project, asked: Asked) -> AnySelect:
    event = t.event
    query = rows.select(event)
    if asked.kind is not None:
        check_one_of("audit", "kind", asked.kind, list(record.kinds()))
        query = query.where(event.c.kind == asked.kind)
    if asked.actor is not None:
        query = query.where(event.c.actor == asked.actor)
    if asked.item is not None:
        query = query.where(event.c.ordinal == shown.named(rows, project, [asked.item])[asked.item])
    if asked.since is not None:
        query = query.where(event.c.at >= _day(asked.since).isoformat())
    if asked.until is not None:
        query = query.where(event.c.at < (_day(asked.until) + timedelta(days=1)).isoformat())
    return query


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d")
    except ValueError as error:
        raise InputError(f"audit: a day must be written as 2027-03-31, got '{text[:40]}'.") from error
