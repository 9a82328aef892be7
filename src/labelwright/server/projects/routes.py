"""Projects: list, create, show, steer, add items, export."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from labelwright.server.permissions import TheSite, need
from labelwright.server.projects.schemas import (
    Added,
    AddItems,
    Guidelines,
    NewGuidelines,
    NewLabel,
    NewProject,
    ProjectDetail,
    ProjectList,
    Question,
)
from labelwright.services import exports, imports, projects
from labelwright.services.roles import Actor

router = APIRouter(prefix="/projects", tags=["projects"])
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("", response_model=ProjectList)
def list_projects(
    site: TheSite, actor: Annotated[Actor, need("project.list")], cursor: str | None = None, limit: Limit = 100
) -> Any:
    """The projects of this site; a damaged one is listed as such and takes no other down."""
    return projects.listing(site, actor, cursor=cursor, limit=limit)


@router.post("", response_model=ProjectDetail, status_code=201)
def create_project(body: NewProject, site: TheSite, actor: Annotated[Actor, need("project.create")]) -> Any:
    """Make a project from an upload. The import goes on in the background; watch `state` and `import_state`."""
    return imports.create_in_background(site, actor, body.model_dump())


@router.get("/{slug}", response_model=ProjectDetail)
def show_project(slug: str, site: TheSite, actor: Annotated[Actor, need("project.read")]) -> Any:
    """Everything a page about one project starts from."""
    return projects.show(site, actor, slug)


@router.post("/{slug}/items", response_model=Added, status_code=201)
def add_items(slug: str, body: AddItems, site: TheSite, actor: Annotated[Actor, need("project.manage")]) -> Any:
    """Add rows with the same checks as at creation; what is there already stays as it is."""
    return imports.add(site, actor, slug, upload_id=body.upload_id, rows=body.rows)


@router.post("/{slug}/pause", response_model=ProjectDetail)
def pause(slug: str, site: TheSite, actor: Annotated[Actor, need("project.manage")]) -> Any:
    """Stop handing out items and training; answers to leased items are still taken."""
    return projects.pause(site, actor, slug)


@router.post("/{slug}/resume", response_model=ProjectDetail)
def resume(slug: str, site: TheSite, actor: Annotated[Actor, need("project.manage")]) -> Any:
    """Go on."""
    return projects.resume(site, actor, slug)


@router.put("/{slug}/guidelines", response_model=Guidelines)
def write_guidelines(
    slug: str, body: NewGuidelines, site: TheSite, actor: Annotated[Actor, need("project.manage")]
) -> Any:
    """Store new guidelines as a new version."""
    return projects.write_guidelines(site, actor, slug, body.markdown)


@router.post("/{slug}/labels", response_model=Question, status_code=201)
def add_label(slug: str, body: NewLabel, site: TheSite, actor: Annotated[Actor, need("label.add")]) -> Any:
    """Add a label to an open schema; a new schema version."""
    return projects.add_label(site, actor, slug, body.name)


@router.get("/{slug}/export", response_class=FileResponse)
def export(
    slug: str,
    site: TheSite,
    actor: Annotated[Actor, need("export")],
    format: Literal["csv", "jsonl", "parquet"] = "csv",
    at: str | None = None,
) -> Any:
    """Download the labels; works even where the loop is broken."""
    path = exports.to_temporary(site, actor, slug, format=format, at=at)
    return FileResponse(path, filename=f"{slug}.{format}", background=BackgroundTask(path.unlink))
