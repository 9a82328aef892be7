"""Items: their content and their life."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse

from labelwright.engine.parts import Filter
from labelwright.server.permissions import TheSite, need
from labelwright.server.projects.item_schemas import (
    Changed,
    Erasing,
    Excluding,
    Including,
    ItemDetail,
    ItemList,
    ItemsErased,
    NewContent,
    Shown,
)
from labelwright.services.people.roles import Actor
from labelwright.services.projects import acts, items, life
from labelwright.services.record import erasing

router = APIRouter(prefix="/projects/{slug}/items", tags=["items"])


@router.get("", response_model=ItemList)
def list_items(
    slug: str,
    site: TheSite,
    actor: Annotated[Actor, need("item.read")],
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    show: Shown = "all",
    question: Annotated[str | None, Query(max_length=40, description="Null: the primary question.")] = None,
    label: Annotated[str | None, Query(max_length=64, description="A label's id.")] = None,
    search: Annotated[str | None, Query(max_length=200)] = None,
    column: Literal["domain", "source", "group", "licence", "consent"] | None = None,
    value: Annotated[str | None, Query(max_length=400, description="What stands in that column.")] = None,
    in_slice: Annotated[str | None, Query(alias="slice", max_length=40, description="The id of a saved slice.")] = None,
    area: Annotated[
        str | None, Query(max_length=4000, description="What a line on the map encloses, as Explore writes it.")
    ] = None,
    sort: Literal["order", "key", "time", "label", "confidence", "doubt", "answers"] = "order",
    descending: bool = False,
) -> Any:
    """The items behind a figure."""
    wanted = Filter(show, question, label, search, column, value, in_slice)
    return items.listing(site, actor, slug, items.Query(wanted, sort, descending, cursor, limit, area))


@router.post("/exclude", response_model=Changed)
def exclude(slug: str, body: Excluding, site: TheSite, actor: Annotated[Actor, need("project.manage")]) -> Any:
    """Leave items out of queue, training and figures; their answers stay in the record."""
    return acts.exclude(site, actor, slug, body.items, reason=body.reason)


@router.post("/include", response_model=Changed)
def include(slug: str, body: Including, site: TheSite, actor: Annotated[Actor, need("project.manage")]) -> Any:
    """Take excluded items in again."""
    return acts.include(site, actor, slug, body.items)


@router.post("/erase", response_model=ItemsErased)
def erase(slug: str, body: Erasing, site: TheSite, actor: Annotated[Actor, need("project.manage")]) -> Any:
    """Destroy the content of items for good; the chain stays whole and says so."""
    return erasing.erase_items(site, actor, slug, body.items, reason=body.reason)


@router.get("/{item_id}", response_model=ItemDetail)
def show_item(slug: str, item_id: str, site: TheSite, actor: Annotated[Actor, need("item.read")]) -> Any:
    """One item with its whole life."""
    return life.show(site, actor, slug, item_id)


@router.put("/{item_id}/content", response_model=ItemDetail)
def replace_content(
    slug: str, item_id: str, body: NewContent, site: TheSite, actor: Annotated[Actor, need("project.manage")]
) -> Any:
    """Replace what a text or table item shows; earlier answers no longer count."""
    acts.replace_content(site, actor, slug, item_id, body.cells)
    return life.show(site, actor, slug, item_id)


@router.get("/{item_id}/media", response_class=FileResponse)
def media(slug: str, item_id: str, site: TheSite, actor: Annotated[Actor, need("project.read")]) -> Any:
    """The image of an item; annotators see what they hold a lease on or have answered."""
    found = life.media(site, actor, slug, item_id)
    return FileResponse(found.path, media_type=found.mime, headers={"Cache-Control": "private, max-age=86400"})
