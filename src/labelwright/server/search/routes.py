"""Searches for all relevant items."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from labelwright.server.permissions import TheSite, need
from labelwright.server.search.schemas import NewSample, NewSignature, Report, Search
from labelwright.services.people.roles import Actor
from labelwright.services.search import acts, report, standing

router = APIRouter(prefix="/projects/{slug}/search", tags=["search"])
Reader = Annotated[Actor, need("progress.read")]
Manager = Annotated[Actor, need("project.manage")]


@router.get("", response_model=Search)
def show_search(slug: str, site: TheSite, actor: Reader) -> Any:
    """What was found, what certifies the recall, hints to stop, and what was spent."""
    return standing.show(site, actor, slug)


@router.post("/samples", status_code=201, response_model=Search)
def sample_rest(slug: str, body: NewSample, site: TheSite, actor: Manager) -> Any:
    """Ask about a random sample of what was not reviewed."""
    return acts.sample(site, actor, slug, body.n)


@router.get("/report", response_model=Report)
def show_report(slug: str, site: TheSite, actor: Reader) -> Any:
    """The report as it is now."""
    text = report.markdown(site, actor, slug)
    return {"markdown": text, "digest": report.digest(text)}


@router.post("/signatures", status_code=201, response_model=Search)
def sign_report(slug: str, body: NewSignature, site: TheSite, actor: Manager) -> Any:
    """Sign the report as it is now."""
    return acts.sign(site, actor, slug, body.statement)
