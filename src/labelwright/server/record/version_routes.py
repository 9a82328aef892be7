"""Versions of the labels and what changed between two of them; models, and which of them serves."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse

from labelwright.server.permissions import TheSite, need
from labelwright.server.record.version_schemas import (
    ChangedLabelList,
    ChangeKind,
    Model,
    ModelChoice,
    ModelRegistry,
    NewSnapshot,
    Version,
    VersionDiff,
    VersionList,
)
from labelwright.services.people.roles import Actor
from labelwright.services.record import diff, model_card, models, versions

router = APIRouter(prefix="/projects/{slug}", tags=["versions"])
Reader = Annotated[Actor, need("event.read")]
Manager = Annotated[Actor, need("project.manage")]
Moment = Annotated[str, Query(max_length=80, description="A snapshot, label version, event number or time.")]
Later = Annotated[str | None, Query(max_length=80, description="Now if left out.")]
Cursor = Annotated[str | None, Query(max_length=20)]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/versions", response_model=VersionList)
def list_versions(slug: str, site: TheSite, actor: Reader, cursor: Cursor = None, limit: Limit = 50) -> Any:
    """Snapshots and label versions, newest first."""
    return versions.versions(site, slug, cursor=cursor, limit=limit)


@router.post("/snapshots", response_model=Version, status_code=201)
def name_snapshot(slug: str, body: NewSnapshot, site: TheSite, actor: Manager) -> Any:
    """Give a moment of the labels a name; nothing is copied."""
    return versions.snapshot(site, actor, slug, body.name, at=body.at, note=body.note)


@router.get("/diff", response_model=VersionDiff)
def diff_of_versions(slug: str, site: TheSite, actor: Reader, first: Moment, second: Later = None) -> Any:
    """What differs between two moments: counts, class balance, and the effect on the metric."""
    return diff.diff(site, slug, first, second)


@router.get("/diff/rows", response_model=ChangedLabelList)
def changed_labels(
    slug: str,
    site: TheSite,
    actor: Reader,
    first: Moment,
    second: Later = None,
    question: Annotated[str | None, Query(max_length=40)] = None,
    kind: ChangeKind | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Any:
    """The labels that differ, with who did it, when and why; what is shown counts as seen by the caller."""
    return diff.listing(
        site, actor, slug, first, second, question=question, kind=kind, cursor=cursor, limit=limit
    )  # fmt: skip


@router.get("/models", response_model=ModelRegistry)
def model_registry(
    slug: str,
    site: TheSite,
    actor: Reader,
    question: Annotated[str | None, Query(max_length=40)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Any:
    """Every model that was trained, newest first, with what it rests on."""
    return models.models(site, slug, question=question, cursor=cursor, limit=limit)


@router.post("/models/choice", response_model=Model)
def choose_model(slug: str, body: ModelChoice, site: TheSite, actor: Manager) -> Any:
    """Let a model serve, or the newest one again; predictions come from it, rankings learn from the newest."""
    return models.choose_model(site, actor, slug, body.question, body.model, note=body.note)


@router.get("/models/{model_id}/card", response_class=PlainTextResponse)
def card_of_model(slug: str, model_id: str, site: TheSite, actor: Reader) -> PlainTextResponse:
    """The model's card as Markdown."""
    written = model_card.card(site, actor, slug, model_id)
    headers = {"Content-Disposition": f'attachment; filename="{slug}.{model_id[:60]}.md"', "Cache-Control": "no-store"}
    return PlainTextResponse(written, headers=headers, media_type="text/markdown; charset=utf-8")
