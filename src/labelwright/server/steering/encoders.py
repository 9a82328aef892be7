"""Encoders of a project: how items become features."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from labelwright.server.permissions import TheSite, need
from labelwright.server.steering.encoder_schemas import Encoders, NamedEncoders
from labelwright.services.people.roles import Actor
from labelwright.services.steering import encoders

router = APIRouter(prefix="/projects/{slug}", tags=["encoders"])


@router.get("/encoders", response_model=Encoders)
def show_encoders(slug: str, site: TheSite, actor: Annotated[Actor, need("progress.read")]) -> Any:
    """Which encoder serves and why, and how far the others are."""
    return encoders.show(site, slug)


@router.put("/encoders", response_model=Encoders)
def name_encoders(
    slug: str, body: NamedEncoders, site: TheSite, actor: Annotated[Actor, need("project.manage")]
) -> Any:  # fmt: skip
    """Name the encoders that the project tries from now on."""
    encoders.check_allowed(site, body.encoders)
    return encoders.name(site, actor, slug, body.encoders)
