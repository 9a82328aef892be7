"""Items: their content and their life."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse

from labelwright.server.items.schemas import ItemDetail, ItemList
from labelwright.server.permissions import TheSite, need
from labelwright.services import items
from labelwright.services.roles import Actor

router = APIRouter(prefix="/projects/{slug}/items", tags=["items"])


@router.get("", response_model=ItemList)
def list_items(
    slug: str,
    site: TheSite,
    actor: Annotated[Actor, need("item.read")],
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    show: Literal["all", "labeled", "unlabeled", "skipped", "flagged", "reserve"] = "all",
    label: str | None = None,
    search: Annotated[str | None, Query(max_length=200)] = None,
) -> Any:
    """The items behind a figure."""
    return items.listing(site, slug, cursor=cursor, limit=limit, show=show, label=label, search=search)


@router.get("/{item_id}", response_model=ItemDetail)
def show_item(slug: str, item_id: str, site: TheSite, actor: Annotated[Actor, need("item.read")]) -> Any:
    """One item with its whole life."""
    return items.show(site, slug, item_id)


@router.get("/{item_id}/media", response_class=FileResponse)
def media(slug: str, item_id: str, site: TheSite, actor: Annotated[Actor, need("project.read")]) -> Any:
    """The image of an item; annotators see what they hold a lease on or have answered."""
    path, mime = items.media(site, actor, slug, item_id)
    return FileResponse(path, media_type=mime, headers={"Cache-Control": "private, max-age=86400"})
