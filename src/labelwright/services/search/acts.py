"""What a lead does with a search: draw a sample of the rest, and sign the report."""

from __future__ import annotations

import numpy as np

from labelwright.check import check_count
from labelwright.engine import answers
from labelwright.engine.layout import POOL, layout
from labelwright.engine.search_goal import Ints, samples
from labelwright.errors import ConflictError, InputError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.search import report
from labelwright.services.search.standing import SearchView, search_of, show
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.searches import ElusionAsked, SearchSigned
from labelwright.store.rows import Rows

MAX_STATEMENT = 4000


def sample(site: Site, actor: Actor, slug: str, n: int) -> SearchView:
    """Ask about ``n`` random items of those that nobody has reviewed; they come before all others.

    Raises
    ------
    ConflictError
        If the last sample is not labeled yet, or the project is no search.
    InputError
        If there are not so many.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        search_of(project)
        left = unseen(store, rows, project.row.n_items)
        drawn = samples(rows)
        if drawn and np.isin(drawn[-1].items, left).any():
            raise ConflictError("search: the last sample is not labeled yet.", "Label it first.")
        check_count("search", "n", n, 1, len(left), "So many items were not reviewed yet.")
        seed = int(np.random.SeedSequence().generate_state(1)[0])
        items = np.sort(np.random.default_rng(seed).choice(left, n, replace=False))
        body = ElusionAsked(project.primary.id, tuple(items.tolist()), len(left), seed)
        transaction.record(body, actor=actor.person_id)
    return show(site, actor, slug)


def sign(site: Site, actor: Actor, slug: str, statement: str) -> SearchView:
    """Sign the report as it is now, with a statement.

    Raises
    ------
    InputError
        If the statement is empty or too long.
    """
    words = statement.strip()
    if not 0 < len(words) <= MAX_STATEMENT:
        raise InputError(f"search: a statement must have 1 to {MAX_STATEMENT} characters, got {len(words)}.")
    text = report.markdown(site, actor, slug)
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        body = SearchSigned(project.primary.id, report.digest(text), transaction.seal(words))
        transaction.record(body, actor=actor.person_id)
    return show(site, actor, slug)


def unseen(store: ProjectStore, rows: Rows, n_items: int) -> Ints:
    """Items of the pool that nobody has labeled or set aside, and that are not excluded."""
    where = layout(store, rows, n_items)
    open_ = where.split == POOL
    open_[answers.excluded(rows, n_items)] = False
    table = t.annotation
    seen = rows.scalars(rows.select(table.c.ordinal).where(table.c.standing, table.c.ordinal < n_items)).all()
    open_[np.array(seen, dtype=np.int64)] = False
    return np.flatnonzero(open_)
