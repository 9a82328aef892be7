"""Failed first imports, dismissed by a person who has seen them."""

from __future__ import annotations

from labelwright.engine.importing import is_importing
from labelwright.errors import NotFoundError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import notes
from labelwright.services.site import Site
from labelwright.store.project import ProjectStore


def dismiss(site: Site, actor: Actor, slug: str) -> None:
    """Forget a failed import, and remove what one that was interrupted left behind.

    Raises
    ------
    NotFoundError
        If no import of that name has failed.
    ConflictError
        If a project of that name is being made.
    """
    with site.store.claim(slug):
        store = unfinished(site, slug)
        if store is not None and not is_importing(store):
            site.store.discard(store)
        elif slug in site.store.slugs() or not notes.drop(site, slug):
            raise NotFoundError(f"There is no failed import '{slug}'.", "It was dismissed already, or has succeeded.")
        notes.drop(site, slug)


def unfinished(site: Site, slug: str) -> ProjectStore | None:
    """The project of that name if its first import has not ended."""
    if slug not in site.store.slugs():
        return None
    store = site.project(slug)
    with store.read() as rows:
        row = store.row_if_any(rows)
    return store if row is None or row.n_items == 0 else None
