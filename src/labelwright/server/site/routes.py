"""Whether the site answers."""

from __future__ import annotations

from fastapi import APIRouter

from labelwright import __version__
from labelwright.server.permissions import TheSite, need
from labelwright.services.people.roles import ANYONE

router = APIRouter(tags=["health"])


@router.get("/health")
def show_health(_: None = need(ANYONE)) -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "ok", "version": __version__}


@router.get("/ready")
def show_ready(site: TheSite, _: None = need(ANYONE)) -> dict[str, str]:
    """Whether the site's database answers."""
    site.store.slugs()
    return {"status": "ok", "version": __version__}
