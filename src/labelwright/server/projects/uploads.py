"""Files on their way in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool

from labelwright.server.permissions import TheSite, need
from labelwright.server.projects import multipart
from labelwright.server.projects.upload_schemas import Preview, PreviewRequest, Upload
from labelwright.services.people.roles import Actor
from labelwright.services.projects import uploads
from labelwright.services.projects.preview import preview as preview_upload

router = APIRouter(prefix="/uploads", tags=["uploads"])
FILES = {
    "type": "object",
    "required": ["files"],
    "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
}


@router.post(
    "",
    response_model=Upload,
    status_code=201,
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FILES}}}},
)
async def upload(request: Request, site: TheSite, actor: Annotated[Actor, need("upload", somewhere=True)]) -> Any:
    """Receive one file (CSV, TSV, JSONL, JSON, Parquet, XLSX), or several: a folder, their names are paths in it."""
    await run_in_threadpool(uploads.drop_old, site)  # a store may be slow, and others are served meanwhile
    with uploads.Receiver(site, actor) as receiver:
        async for event in multipart.events(request):
            if isinstance(event, multipart.Begin):
                receiver.begin(event.name)
            else:
                receiver.write(event)
        return await run_in_threadpool(receiver.finish)


@router.post("/{upload_id}/preview", response_model=Preview)
def preview(upload_id: str, body: PreviewRequest, site: TheSite, actor: Annotated[Actor, need("upload")]) -> Any:
    """Show the guess: kind, columns, task, labels, twenty rows, and what is wrong."""
    return preview_upload(site, actor, upload_id, columns=body.columns.model_dump(), task=body.task, labels=body.labels)
