"""Saved slices: a part of the items gets a name, by what its items have in common or by naming them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from labelwright.engine.parts import ALL, Filter
from labelwright.errors import ConflictError, InputError, NotFoundError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.projects.filters import in_slice, matching
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.clock import new_id
from labelwright.store.record.slices import SliceRemoved, SliceSaved

MAX_NAME: Final = 80
MAX_NAMED: Final = 50_000
MAX_SLICES: Final = 200


@dataclass(frozen=True)
class SliceView:
    """A saved slice.

    Attributes
    ----------
    filter : Filter, optional
        What its items have in common; None where they were named.
    items : int
        How many there are now; excluded ones are left out where a filter is given.
    """

    id: str
    name: str
    filter: Filter | None
    items: int
    by: str
    at: str


@dataclass(frozen=True)
class SliceList:
    """All saved slices, by name."""

    items: list[SliceView]


def listing(site: Site, slug: str) -> SliceList:
    """All saved slices."""
    store, names, table = site.project(slug), site.names(), t.saved_slice
    with store.read() as rows:
        project = access.ready(store, rows)
        views = []
        for row in rows.all(rows.select(table).order_by(table.c.name)):
            n_items = row.n_named
            if row.filter is not None:
                n_items = int(in_slice(site, store, rows, project, row.id).keep.sum())
            wanted = None if row.filter is None else Filter.from_stored(row.filter)
            views.append(SliceView(row.id, row.name, wanted, n_items, names.get(row.by, (row.by, False))[0], row.at))
    return SliceList(views)


def save(
    site: Site, actor: Actor, slug: str, name: str, *, filter: Filter | None = None, item_ids: Sequence[str] = ()
) -> SliceView:
    """Give a name to the items that a filter finds, now and later, or to some items.

    Raises
    ------
    InputError, NotFoundError
        If the name is empty or too long, nothing or both are given, the filter says nothing or cannot be read, or an
        item does not exist.
    ConflictError
        If another slice has the name, or there are too many.
    """
    words = " ".join(name.split())
    if not 0 < len(words) <= MAX_NAME:
        raise InputError(f"slice: a name must have 1 to {MAX_NAME} characters, got {len(words)}.")
    if (filter is None) == (not item_ids):
        raise InputError("slice: it must have either a filter or items.")
    if filter is not None and (filter == ALL or filter.slice is not None):
        raise InputError("slice: the filter must say what the items have in common, and not by another slice.")
    if len(item_ids) > MAX_NAMED:
        raise InputError(
            f"slice: at most {MAX_NAMED:,} items can be named, got {len(item_ids):,}.", "Describe them by a filter."
        )
    store, table = site.project(slug), t.saved_slice
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        taken = rows.scalars(rows.select(table.c.name)).all()
        if words.casefold() in {one.casefold() for one in taken}:
            raise ConflictError(f"There is a slice '{words}' already.", "Take another name, or remove that one first.")
        if len(taken) >= MAX_SLICES:
            raise ConflictError(f"There are {len(taken)} slices already.", "Remove some that nobody needs.")
        if filter is not None:
            matching(site, store, rows, project, filter)  # refuses what cannot be read
        ordinals = tuple(sorted(set(shown.named(rows, project, item_ids).values())))
        slice_id = new_id("sl")
        stored = None if filter is None else filter.to_stored()
        transaction.record(SliceSaved(slice_id, words, stored, ordinals), actor=actor.person_id)
    return next(view for view in listing(site, slug).items if view.id == slice_id)


def remove(site: Site, actor: Actor, slug: str, slice_id: str) -> None:
    """Take the name away.

    Raises
    ------
    NotFoundError
        If there is no such slice.
    ConflictError
        If a quota names it.
    """
    store, table = site.project(slug), t.saved_slice
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        row = rows.first(rows.select(table.c.name).where(table.c.id == slice_id))
        if row is None:
            raise NotFoundError(f"There is no slice '{slice_id}'.", "It may have been removed.")
        if rule := next((one for one in project.policy.rules() if one.of_slice == row.name), None):
            raise ConflictError(
                f"The slice '{row.name}' cannot be removed: the policy asks '{rule}'.",
                "Take that quota away first, on the page Plan or with the next round.",
            )
        transaction.record(SliceRemoved(slice_id), actor=actor.person_id)


def redefine(site: Site, actor: Actor, slug: str, slice_id: str, filter: Filter) -> None:
    """Let a slice hold what another filter finds from now on; quotas and cycles that come follow.

    Raises
    ------
    InputError, NotFoundError
        If the filter says nothing or cannot be read, or there is no such slice.
    """
    if filter == ALL or filter.slice is not None:
        raise InputError("slice: the filter must say what the items have in common, and not by another slice.")
    store, table = site.project(slug), t.saved_slice
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        row = rows.first(rows.select(table.c.name).where(table.c.id == slice_id))
        if row is None:
            raise NotFoundError(f"There is no slice '{slice_id}'.", "It may have been removed.")
        matching(site, store, rows, project, filter)  # refuses what cannot be read
        transaction.record(SliceRemoved(slice_id), actor=actor.person_id)
        transaction.record(SliceSaved(new_id("sl"), row.name, filter.to_stored(), ()), actor=actor.person_id)
