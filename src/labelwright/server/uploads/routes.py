"""Files on their way in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, UploadFile

from labelwright.server.permissions import TheSite, need
from labelwright.server.uploads.schemas import Preview, PreviewRequest, Upload
from labelwright.services import uploads
from labelwright.services.roles import Actor

router = APIRouter(prefix="/uploads", tags=["uploads"])


@router.post("", response_model=Upload, status_code=201)
async def upload(files: list[UploadFile], site: TheSite, actor: Annotated[Actor, need("upload")]) -> Any:
    """Receive one file (CSV, TSV, JSONL, Parquet, zip) or several (a folder of images or texts)."""
    return await uploads.receive(site, actor, files)


@router.post("/{upload_id}/preview", response_model=Preview)
def preview(upload_id: str, body: PreviewRequest, site: TheSite, actor: Annotated[Actor, need("upload")]) -> Any:
    """Show the guess: kind, columns, task, labels, twenty rows, and what is wrong."""
    return uploads.preview(
        site, actor, upload_id, columns=body.columns.model_dump(), task=body.task, labels=body.labels
    )
