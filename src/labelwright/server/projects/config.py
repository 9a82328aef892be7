"""A project as a file: written, held against the project, applied."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from labelwright.server.permissions import TheSite, need
from labelwright.server.projects.config_schemas import CheckedProjectFile, FilePreview, ProjectFile
from labelwright.services.people.roles import Actor
from labelwright.services.projects.config import applying, exporting, parse_text

router = APIRouter(prefix="/projects/{slug}", tags=["settings"])
Manager = Annotated[Actor, need("project.manage")]


@router.get("/config", response_class=PlainTextResponse)
def read_config(slug: str, site: TheSite, actor: Manager) -> Response:
    """Questions, guidelines, goal, slices, targets, policy, rules and roles as a TOML file."""
    written = exporting.export(site, actor, slug)
    headers = {"Content-Disposition": f'attachment; filename="{slug}.toml"', "Cache-Control": "no-store"}
    return PlainTextResponse(written.text, headers=headers)


@router.post("/config/preview", response_model=FilePreview)
def preview_config(slug: str, body: ProjectFile, site: TheSite, actor: Manager) -> Any:
    """Every difference of a file from the project, and what it would do; nothing is changed."""
    return applying.preview(site, actor, slug, parse_text(body.text))


@router.post("/config/apply", response_model=FilePreview)
def apply_config(slug: str, body: CheckedProjectFile, site: TheSite, actor: Manager) -> Any:
    """Change the project to what the file says, all of it or nothing."""
    return applying.apply(site, actor, slug, parse_text(body.text), seq=body.seq)
