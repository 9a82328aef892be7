"""Where the data of a plan come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from labelwright.errors import ForbiddenError, InputError
from labelwright.exchange import Columns
from labelwright.services.people.roles import Actor
from labelwright.services.site import Site
from labelwright.store.project import ProjectStore

MANAGE: Final = "project.manage"


@dataclass(frozen=True)
class Source:
    """What is replayed: an upload of the caller's, or a project.

    Parameters
    ----------
    upload_id, project : str, optional
        One of the two.
    columns : Columns
        Of an upload; the column of labels must be named.
    task : str, optional
        Of an upload.
    """

    upload_id: str | None = None
    project: str | None = None
    columns: Columns = field(default_factory=Columns)
    task: str | None = None

    def check(self) -> None:
        """Refuse both of them, or none."""
        if (self.upload_id is None) == (self.project is None):
            raise InputError("plan: either an upload or a project must be given.", "Choose one of the two.")


def managed(site: Site, actor: Actor, slug: str) -> ProjectStore:
    """The store of a project that the caller may manage.

    Raises
    ------
    ForbiddenError, NotFoundError
        If they may not, or may not know of it.
    """
    if not site.actor_in(actor, slug).may(MANAGE):
        raise ForbiddenError(f"You may not plan with the labels of '{slug}'.", "Ask its lead.")
    return site.project(slug)
