"""The map of the pool: positions and colours as binary numbers, selections, and what is like an example."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response

from labelwright.errors import InputError
from labelwright.server.explore.schemas import Likeness, MapMatches, MapState, Nearest, Points, SelectedPoints
from labelwright.server.permissions import TheSite, need
from labelwright.services.explore import colours, near, positions, searching, selection
from labelwright.services.people.roles import Actor

router = APIRouter(prefix="/projects/{slug}", tags=["explore"])
Reader = Annotated[Actor, need("item.read")]
BINARY: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/map", response_class=Response, responses=BINARY)
def show_map(
    slug: str, site: TheSite, actor: Reader, projection: Literal["pca", "neighbour"] = "neighbour",
    if_none_match: Annotated[str | None, Header()] = None,
) -> Any:  # fmt: skip
    """Where items lie: two little-endian unsigned numbers of 16 bits an item, by ordinal; 65535 is nowhere yet."""
    found = positions.positions(site, slug, projection)
    headers = {"ETag": f'"{found.etag}"', "Cache-Control": "private, no-cache"}
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type="application/octet-stream", headers=headers)


@router.get("/map/about", response_model=MapState)
def about_map(slug: str, site: TheSite, actor: Reader) -> Any:
    """How far the map is made, and what it can be coloured by."""
    return positions.about(site, actor, slug)


@router.get("/map/colours", response_class=Response, responses=BINARY)
def show_colours(
    slug: str, site: TheSite, actor: Reader,
    by: Annotated[str, Query(max_length=310, description="Such as label, cluster or slice:domain.")] = "label",
    question: Annotated[str | None, Query(max_length=40)] = None,
) -> Any:  # fmt: skip
    """A legend and a code for each item.

    Four bytes, the little-endian length of the legend; the legend as JSON; then one byte an item, by ordinal: the
    position of its entry, or its place in a range from 0 to 250; 254 is excluded, 255 without a value.
    """
    found = colours.colours(site, actor, slug, by, question)
    legend = json.dumps(asdict(found.legend), ensure_ascii=False).encode()
    content = len(legend).to_bytes(4, "little") + legend + found.codes.tobytes()
    return Response(content, media_type="application/octet-stream", headers={"Cache-Control": "private, no-store"})


@router.get("/map/search", response_model=MapMatches)
def search_map(
    slug: str, site: TheSite, actor: Reader, words: Annotated[str, Query(min_length=1, max_length=200)]
) -> Any:
    """The items that hold all the words, each the beginning of one in the item's key or content."""
    return searching.found(site, slug, words)


@router.post("/map/items", response_model=SelectedPoints)
def show_selection(slug: str, body: Points, site: TheSite, actor: Reader) -> Any:
    """What is in a selection: counts of all of it, and the first items."""
    return selection.selected(site, actor, slug, body.ordinals)


@router.post("/map/example", response_model=Nearest)
def like_example(slug: str, body: Likeness, site: TheSite, actor: Reader) -> Any:
    """The items that are most like a text or an item."""
    if body.text is not None and body.item is None:
        return {"items": near.like_text(site, actor, slug, body.text, body.n)}
    if body.item is not None and body.text is None:
        return {"items": near.neighbours(site, actor, slug, body.item, body.n)}
    raise InputError("explore: either text or item must be given, got both or neither.")


@router.get("/items/{item_id}/neighbours", response_model=Nearest)
def show_neighbours(
    slug: str, item_id: str, site: TheSite, actor: Reader, n: Annotated[int, Query(ge=1, le=200)] = 12
) -> Any:
    """The items that are nearest to an item, the nearest first."""
    return {"items": near.neighbours(site, actor, slug, item_id, n)}
