"""Whether the site answers, and its deleted projects."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from labelwright import __version__
from labelwright.server.permissions import TheSite, need
from labelwright.server.projects.schemas import DeletedList
from labelwright.services.people.roles import ANYONE, Actor
from labelwright.services.projects import archive

router = APIRouter(tags=["health"])


@router.get("/health")
def show_health(_: None = need(ANYONE)) -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "ok", "version": __version__}


@router.get("/deleted-projects", response_model=DeletedList)
def list_deleted(site: TheSite, actor: Annotated[Actor, need("user.manage")]) -> Any:
    """The deleted projects, the latest first; they can be restored."""
    return archive.deleted(site)


@router.post("/deleted-projects/{deleted}/restore", status_code=204)
def restore_project(deleted: str, site: TheSite, actor: Annotated[Actor, need("user.manage")]) -> None:
    """Bring a deleted project back as it was."""
    archive.restore(site, actor, deleted)


@router.get("/ready")
def show_ready(site: TheSite, _: None = need(ANYONE)) -> dict[str, str]:
    """Whether the site's database answers."""
    site.store.slugs()
    return {"status": "ok", "version": __version__}
