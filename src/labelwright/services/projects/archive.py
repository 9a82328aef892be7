"""Projects that are over: archived for reading, deleted and restored, removed for good."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.exc import DatabaseError

from labelwright.engine.importing import is_importing
from labelwright.errors import ConflictError, IntegrityError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.store.record.project import ProjectStateChanged
from labelwright.store.site import Deleted


@dataclass(frozen=True)
class DeletedList:
    """The deleted projects, the latest first."""

    items: list[Deleted]


def archive(site: Site, actor: Actor, slug: str) -> None:
    """Keep a project for reading: no items are handed out, no model is trained, nothing about it is changed.

    Answers to items that are lent out already are still taken.
    """
    _set(site, actor, slug, access.ARCHIVED)


def unarchive(site: Site, actor: Actor, slug: str) -> None:
    """Go on with an archived project."""
    _set(site, actor, slug, "ready")


def _set(site: Site, actor: Actor, slug: str, state: str) -> None:
    store = site.project(slug)
    with store.write() as transaction:
        before = access.ready(store, transaction.rows).row.state
        if before != state and access.ARCHIVED in (before, state):
            transaction.record(ProjectStateChanged(state), actor=actor.person_id)


def delete(site: Site, actor: Actor, slug: str) -> None:
    """Take a project out of everybody's sight; its record and files stay until it is restored or removed.

    Raises
    ------
    NotFoundError
        If there is no such project.
    ConflictError
        While rows are imported into it.
    """
    with suppress(IntegrityError, DatabaseError, OSError):  # a damaged project can be deleted too
        if is_importing(site.project(slug)):
            raise ConflictError(f"delete: an import into '{slug}' is running.", "Wait until it has ended.")
    site.store.hide(slug, actor=actor.person_id)


def restore(site: Site, actor: Actor, slug: str) -> None:
    """Bring a deleted project back as it was.

    Raises
    ------
    NotFoundError
        If no project of that name is deleted.
    """
    site.store.unhide(slug, actor=actor.person_id)


def remove(site: Site, actor: Actor, slug: str) -> None:
    """Remove a deleted project for good: record, labels, files. Only backups have it then.

    Raises
    ------
    NotFoundError
        If no project of that name is deleted.
    """
    site.store.remove(slug, actor=actor.person_id)


def deleted(site: Site) -> DeletedList:
    """The deleted projects, the latest first."""
    return DeletedList(site.store.deleted())
