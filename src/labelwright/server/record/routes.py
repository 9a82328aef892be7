"""The record: its events, and labels as files."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from labelwright.check import complain
from labelwright.server.permissions import TheSite, need
from labelwright.server.record.schemas import AuditLog
from labelwright.server.steering.schemas import EventList
from labelwright.services.people.roles import Actor
from labelwright.services.record import audit, events, exports, metadata, model, package

router = APIRouter(prefix="/projects/{slug}", tags=["record"])
MAX_SEQ = 2**53
FORMATS = (
    "csv, tsv, xlsx, jsonl, parquet; for other tools label-studio, argilla, prodigy, doccano, huggingface, "
    "huggingface-folder; or a format that an installed distribution adds."
)


@router.get("/events", response_model=EventList)
def list_events(
    slug: str,
    site: TheSite,
    actor: Annotated[Actor, need("event.read")],
    after: Annotated[int, Query(ge=0, le=MAX_SEQ)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Any:
    """The record after a sequence number, oldest first."""
    return events.listing(site, slug, after=after, limit=limit)


@router.get("/audit", response_model=AuditLog)
def audit_log(
    slug: str,
    site: TheSite,
    actor: Annotated[Actor, need("event.read")],
    kind: Annotated[str | None, Query(max_length=60)] = None,
    by: Annotated[str | None, Query(max_length=60, description="The id of a person, or `system`.")] = None,
    item: Annotated[str | None, Query(max_length=400, description="Id or key.")] = None,
    since: Annotated[str | None, Query(max_length=10, description="A day in UTC.")] = None,
    until: Annotated[str | None, Query(max_length=10, description="A day in UTC, included.")] = None,
    cursor: Annotated[str | None, Query(max_length=20)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    """The record, newest first, with the signed head of its chain."""
    asked = audit.Asked(kind, by, item, since, until)
    return audit.listing(site, actor, slug, asked, cursor=cursor, limit=limit)


@router.get("/model", response_class=Response)
def model_of(
    slug: str, site: TheSite, actor: Annotated[Actor, need("export")], question: str | None = None
) -> Response:  # fmt: skip
    """Download the trained model of a question, with its encoder and a script that applies it."""
    content = model.write(site, actor, slug, question)
    headers = {"Content-Disposition": f'attachment; filename="{slug}.model.zip"'}
    return Response(content, media_type="application/zip", headers=headers)


@router.get("/evidence", response_class=FileResponse)
def evidence(
    slug: str,
    site: TheSite,
    actor: Annotated[Actor, need("event.read")],
    texts: Annotated[bool, Query(description="Whether what people wrote goes with it.")] = True,
) -> Any:
    """Download the record as a zip with a script that checks it and needs Python alone."""
    path = package.to_temporary(site, actor, slug, with_texts=texts)
    return FileResponse(
        path, filename=path.name, media_type="application/zip", background=BackgroundTask(package.drop, path)
    )  # fmt: skip


@router.get("/export", response_class=FileResponse)
def export(
    slug: str,
    site: TheSite,
    actor: Annotated[Actor, need("export")],
    format: Annotated[str, Query(max_length=60, description=FORMATS)] = "csv",
    at: str | None = None,
    croissant: Annotated[bool, Query(description="Send a zip of the file and its Croissant metadata.")] = False,
    media: Annotated[bool, Query(description="Send a zip of the file and the images that it names.")] = False,
) -> Any:
    """Download the labels; works even where the loop is broken. What is to be told beside stands in X-Findings."""
    if media and croissant:
        raise complain("export", "one of media and croissant", "asked for", "both", "Ask for one after the other.")
    path, exported = exports.to_temporary(site, actor, slug, format=format, at=at, media=media)
    findings = " ".join(exported.findings).encode("ascii", "backslashreplace").decode()  # a header holds no other text
    headers = {"X-Findings": findings} if findings else None
    name = f"{slug}{exported.ending}{'.zip' * media}"
    if croissant:
        path, name = metadata.with_metadata(site, slug, path, exported, at=at, name=name), f"{slug}.zip"
    return FileResponse(path, filename=name, headers=headers, background=BackgroundTask(path.unlink))
