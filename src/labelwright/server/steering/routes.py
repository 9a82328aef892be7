"""What the lead watches."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from labelwright.server.permissions import TheSite, need, still_allowed
from labelwright.server.steering.schemas import Control, Mistakes, Progress
from labelwright.services.people.roles import Actor
from labelwright.services.steering import control, mistakes, progress

router = APIRouter(prefix="/projects/{slug}", tags=["progress"])


@router.get("/progress", response_model=Progress)
def show_progress(slug: str, site: TheSite, actor: Annotated[Actor, need("progress.read")]) -> Any:
    """Where things stand: sentence, curve, running work, queue, people, cost."""
    return progress.show(site, actor, slug)


@router.get("/control", response_model=Control)
def show_control(slug: str, site: TheSite, actor: Annotated[Actor, need("progress.read")]) -> Any:
    """How many of the policy's labels those of the control arm are worth, with an interval."""
    return control.show(site, slug)


@router.get("/mistakes", response_model=Mistakes)
def show_mistakes(
    slug: str, site: TheSite, actor: Annotated[Actor, need("item.read")], question: str | None = None
) -> Any:  # fmt: skip
    """What the model gets wrong on the reserve: by class, by pair of classes, and the items behind each."""
    return mistakes.show(site, actor, slug, question)


@router.get("/stream", response_class=StreamingResponse)
def stream(slug: str, request: Request, site: TheSite, actor: Annotated[Actor, need("project.read")]) -> Any:
    """Server-sent events: `state` when counts, ranking or running work change, for as long as the caller may read."""

    async def over() -> bool:
        return await request.is_disconnected() or not await asyncio.to_thread(
            still_allowed, request, site, "project.read"
        )

    return StreamingResponse(
        progress.changes(site, actor, slug, over), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )
