"""Files on their way in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile as StarletteUpload

from labelwright.errors import InputError
from labelwright.server.permissions import TheSite, need
from labelwright.server.projects.upload_schemas import Preview, PreviewRequest, Upload
from labelwright.services.people.roles import Actor
from labelwright.services.projects import uploads
from labelwright.services.projects.preview import preview as preview_upload

router = APIRouter(prefix="/uploads", tags=["uploads"])
MAX_NAME, MAX_PATH = 240, 1024


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
async def upload(request: Request, site: TheSite, actor: Annotated[Actor, need("upload")]) -> Any:
    """Receive one file (CSV, TSV, JSONL, Parquet), or several: a folder, their names are paths in it."""
    async with request.form(max_files=uploads.MAX_FILES, max_fields=10) as form:
        files = [part for part in form.getlist("files") if isinstance(part, StarletteUpload)]
        for file in files:
            _check_name(file.filename or "")
        return await uploads.receive(site, actor, files)


def _check_name(name: str) -> None:
    """Refuse what no file system can hold."""
    longest = max((len(part.encode("utf-8", "replace")) for part in name.split("/")), default=0)
    if longest > MAX_NAME or len(name) > MAX_PATH:
        raise InputError(
            f"upload: a file's name must have at most {MAX_NAME} bytes, and its path {MAX_PATH:,} characters, "
            f"got {longest:,} and {len(name):,}.",
            "Rename the file.",
        )


@router.post("/{upload_id}/preview", response_model=Preview)
def preview(upload_id: str, body: PreviewRequest, site: TheSite, actor: Annotated[Actor, need("upload")]) -> Any:
    """Show the guess: kind, columns, task, labels, twenty rows, and what is wrong."""
    return preview_upload(site, actor, upload_id, columns=body.columns.model_dump(), task=body.task, labels=body.labels)
