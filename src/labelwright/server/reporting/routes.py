"""The report of a project, as one page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from labelwright.server.permissions import TheSite, need
from labelwright.services.people.roles import Actor
from labelwright.services.reporting import report

router = APIRouter(prefix="/projects/{slug}", tags=["report"])


@router.get("/report", response_class=HTMLResponse)
def read_report(slug: str, site: TheSite, actor: Annotated[Actor, need("progress.read")]) -> HTMLResponse:
    """A page that prints well and loads nothing, for people who never open the app."""
    return HTMLResponse(report.html(site, actor, slug), headers={"Cache-Control": "no-store"})
