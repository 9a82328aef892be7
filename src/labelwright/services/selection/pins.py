"""Items that a lead wants answered before all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine import answers
from labelwright.engine.contents import current_bodies
from labelwright.engine.layout import POOL, layout
from labelwright.engine.project import Project
from labelwright.errors import InputError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.pins import ItemsPinned, ItemsUnpinned
from labelwright.store.rows import Rows

MAX_PINS: Final = 5000


@dataclass(frozen=True)
class Pinned:
    """What an act did.

    Attributes
    ----------
    changed : int
        Items that are asked first from now on, or no more.
    left_out : int
        Items that were named but are not asked: those of the reserve, which are sampled at random, and excluded ones.
    """

    changed: int
    left_out: int


@dataclass(frozen=True)
class PinView:
    """One item that is asked first."""

    item_id: str
    key: str
    preview: str
    kind: str
    by: str


@dataclass(frozen=True)
class PinList:
    """The next items that are asked first, in their order; ``count`` is how many wait in all."""

    items: list[PinView]
    count: int


def pin(site: Site, actor: Actor, slug: str, item_ids: Sequence[str], *, reason: str = "") -> Pinned:
    """Ask these items first, in this order, after those that were pinned before.

    Raises
    ------
    InputError, NotFoundError
        If none or too many are named, or one does not exist.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        if not 0 < len(item_ids) <= MAX_PINS:
            raise InputError(f"pin: 1 to {MAX_PINS:,} items must be named, got {len(item_ids):,}.")
        found = shown.named(rows, project, item_ids)
        named = list(dict.fromkeys(found[name] for name in item_ids))
        askable = _askable(store, rows, project)
        ordinals = tuple(ordinal for ordinal in named if askable[ordinal])
        if ordinals:
            sealed = transaction.seal(reason) if reason else None
            transaction.record(ItemsPinned(ordinals, sealed), actor=actor.person_id)
    return Pinned(len(ordinals), len(named) - len(ordinals))


def unpin(site: Site, actor: Actor, slug: str, item_ids: Sequence[str]) -> Pinned:
    """Ask these items as the ranking says again; all that are pinned where none are named."""
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        pinned = set(rows.scalars(rows.select(t.pin.c.ordinal)))
        named = set(shown.named(rows, project, item_ids).values()) if item_ids else pinned
        gone = tuple(sorted(named & pinned))
        if gone:
            transaction.record(ItemsUnpinned(gone), actor=actor.person_id)
    return Pinned(len(gone), len(named) - len(gone))


def listing(site: Site, slug: str, limit: int = 50) -> PinList:
    """What is asked first and is not answered yet."""
    store, names, table = site.project(slug), site.names(), t.pin
    with store.read() as rows:
        project = access.ready(store, rows)
        waiting = rows.all(rows.select(table).where(table.c.done == False).order_by(table.c.place))  # noqa: E712
        page = waiting[:limit]
        ordinals, item = [row.ordinal for row in page], t.item
        contents = current_bodies(rows, ordinals)
        keys = {
            row.ordinal: row.key
            for row in rows.all(rows.select(item.c.ordinal, item.c.key).where(item.c.ordinal.in_(ordinals)))
        }
        views = [
            PinView(
                shown.item_id_of(row.ordinal), keys[row.ordinal],
                shown.preview(store, project, row.ordinal, contents[row.ordinal]), row.kind,
                names.get(row.by, (row.by, False))[0],
            )
            for row in page
        ]  # fmt: skip
    return PinList(views, len(waiting))


def _askable(store: ProjectStore, rows: Rows, project: Project) -> npt.NDArray[np.bool_]:
    """Items of the pool that are not excluded."""
    askable: npt.NDArray[np.bool_] = layout(store, rows, project.row.n_items).split == POOL
    askable[answers.excluded(rows, project.row.n_items)] = False
    return askable
