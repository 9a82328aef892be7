"""What the lead watches."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from labelwright.server.permissions import TheSite, need
from labelwright.server.steering.schemas import Progress, RoundList
from labelwright.services.people.roles import Actor
from labelwright.services.steering import progress, rounds

router = APIRouter(prefix="/projects/{slug}", tags=["progress"])


@router.get("/progress", response_model=Progress)
def show_progress(slug: str, site: TheSite, actor: Annotated[Actor, need("progress.read")]) -> Any:
    """Where things stand: sentence, curve, running work, queue, people, cost."""
    return progress.show(site, actor, slug)


@router.get("/rounds", response_model=RoundList)
def list_rounds(
    slug: str,
    site: TheSite,
    actor: Annotated[Actor, need("progress.read")],
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    """What was asked in each round, and what it brought."""
    return rounds.listing(site, slug, cursor=cursor, limit=limit)


@router.get("/stream", response_class=StreamingResponse)
def stream(slug: str, request: Request, site: TheSite, actor: Annotated[Actor, need("project.read")]) -> Any:
    """Server-sent events: `state` whenever counts, ranking or running work change."""

    async def changes() -> AsyncIterator[str]:
        async for message in progress.changes(site, actor, slug, request.is_disconnected):
            yield message

    return StreamingResponse(changes(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})
