"""Projects: list, create, show, steer, add items, export."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from labelwright.server.permissions import TheSite, need
from labelwright.server.projects.drafting import draft_of, source_draft
from labelwright.server.projects.item_schemas import Changed
from labelwright.server.projects.schemas import (
    Added,
    AddItems,
    FailedImport,
    ImportList,
    NewProject,
    ProjectDetail,
    ProjectList,
    Undoing,
)
from labelwright.services.people.roles import Actor
from labelwright.services.projects import acts, archive, create, more_source, overview, retry, uploads
from labelwright.services.projects.dismiss import dismiss
from labelwright.services.steering import encoders

router = APIRouter(prefix="/projects", tags=["projects"])
Limit = Annotated[int, Query(ge=1, le=200)]
UtcOffset = Annotated[
    int,
    Query(
        ge=-1440, le=1440,
        description="Minutes by which the caller's clock is ahead of UTC: `mine.today` begins at their midnight.",
    ),
]  # fmt: skip


@router.get("", response_model=ProjectList)
def list_projects(
    site: TheSite, actor: Annotated[Actor, need("project.list")], cursor: str | None = None, limit: Limit = 100
) -> Any:
    """The projects of this site; a damaged one is listed as such and takes no other down."""
    return overview.listing(site, actor, cursor=cursor, limit=limit)


@router.post("", response_model=ProjectDetail, status_code=201)
def create_project(body: NewProject, site: TheSite, actor: Annotated[Actor, need("project.create")]) -> Any:
    """Make a project from an upload. The import goes on in the background; watch `state` and `import_state`."""
    encoders.check_allowed(site, body.encoders or ())
    of = body.start_from
    file = None if of is None or of.upload_id is None else uploads.find(site, actor, of.upload_id)
    draft = draft_of(body, uploads.find(site, actor, body.upload_id), file)
    return create.create_in_background(site, actor, draft, body.model_dump(mode="json"))


@router.get("/{slug}", response_model=ProjectDetail)
def show_project(
    slug: str, site: TheSite, actor: Annotated[Actor, need("project.read")], utc_offset: UtcOffset = 0
) -> Any:
    """Everything a page about one project starts from."""
    return overview.show(site, actor, slug, utc_offset=utc_offset)


@router.delete("/{slug}", status_code=204)
def delete_project(slug: str, site: TheSite, actor: Annotated[Actor, need("project.manage")]) -> None:
    """Take a project out of everybody's sight; it can be restored."""
    archive.delete(site, actor, slug)


@router.get("/{slug}/failed-import", response_model=FailedImport)
def show_failed_import(slug: str, site: TheSite, actor: Annotated[Actor, need("project.create")]) -> Any:
    """What was chosen for a first import that failed, to try it again."""
    return retry.show(site, actor, slug)


@router.delete("/{slug}/failed-import", status_code=204)
def dismiss_import(slug: str, site: TheSite, actor: Annotated[Actor, need("project.create")]) -> None:
    """Take a first import that failed off the list; until then it is kept, with its error."""
    dismiss(site, actor, slug)


@router.post("/{slug}/items", response_model=Added, status_code=201)
def add_items(slug: str, body: AddItems, site: TheSite, actor: Annotated[Actor, need("project.manage")]) -> Any:
    """Add rows with the same checks as at creation; what is there already stays as it is.

    Of a source, items come that are not there yet, and those whose label changed there take the place of the copy
    before. Where there is nothing new, nothing is written and `batch` is empty.
    """
    if (of := body.source) is not None:
        file = None if of.upload_id is None else uploads.find(site, actor, of.upload_id)
        return more_source.add_labels(site, actor, slug, source_draft(of, file))
    return create.add(site, actor, slug, upload_id=body.upload_id, rows=body.rows)


@router.get("/{slug}/imports", response_model=ImportList)
def list_imports(slug: str, site: TheSite, actor: Annotated[Actor, need("progress.read")]) -> Any:
    """The import batches, newest first."""
    return acts.imports(site, slug)


@router.post("/{slug}/imports/{import_id}/undo", response_model=Changed)
def undo_import(
    slug: str, import_id: str, body: Undoing, site: TheSite, actor: Annotated[Actor, need("project.manage")]
) -> Any:
    """Exclude the items of one import; their answers stay in the record."""
    return acts.undo_import(site, actor, slug, import_id, reason=body.reason)
