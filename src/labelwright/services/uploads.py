"""Files on their way in: kept in the home until imported, dropped after a day."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from sqlalchemy import delete, insert, select

from labelwright import items, stats, tasks
from labelwright.engine.importing.scan import content_cells
from labelwright.engine.importing.split import reserve_size
from labelwright.errors import InputError, LabelwrightError, NotFoundError, TooLargeError
from labelwright.exchange import Columns, Guess, Reader, guess, open_source
from labelwright.exchange.guess import is_blank
from labelwright.items.image import thumbnail
from labelwright.services.roles import Actor
from labelwright.services.site import Site
from labelwright.store import site_tables as t
from labelwright.store.clock import new_id

KEEP_SECONDS = 24 * 3600
PREVIEW_ROWS = 20
CHUNK_BYTES = 1 << 20
MAX_FILES = 200_000


class Incoming(Protocol):
    """A file of a multipart request."""

    filename: str | None

    async def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        ...


async def receive(site: Site, actor: Actor, files: Sequence[Incoming]) -> dict[str, Any]:
    """Store one file, or several as a folder.

    Raises
    ------
    TooLargeError, InputError
        If a limit is passed, or nothing came.
    """
    drop_old(site)
    if not files or len(files) > MAX_FILES:
        raise InputError(f"upload: between 1 and {MAX_FILES:,} files must be sent, got {len(files)}.")
    upload_id = new_id("u")
    folder = site.settings.home / "uploads" / upload_id
    folder.mkdir(parents=True)
    total = 0
    try:
        for file in files:
            target = folder.joinpath(*_safe_parts(file.filename or "file"))
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as out:
                while chunk := await file.read(CHUNK_BYTES):
                    total += len(chunk)
                    if total > site.settings.max_upload:
                        raise TooLargeError(
                            f"upload: at most {site.settings.max_upload:,} bytes are taken.",
                            "Use 'labelwright create' on the server's machine, or raise LABELWRIGHT_MAX_UPLOAD.",
                        )
                    out.write(chunk)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    path = folder if len(files) > 1 else next(p for p in folder.rglob("*") if p.is_file())
    parts = _safe_parts(files[0].filename or "file")
    name = parts[0] if len(files) > 1 else parts[-1]
    with site.store.write() as connection:
        connection.execute(
            insert(t.upload).values(
                id=upload_id, person_id=actor.person_id, name=name, path=str(path), bytes=total, files=len(files),
                created_at=time.time(),
            )
        )  # fmt: skip
    return {"id": upload_id, "name": name, "bytes": total, "files": len(files)}


def find(site: Site, actor: Actor, upload_id: str) -> Path:
    """Where an upload of the caller's lies; ``NotFoundError`` if it is gone."""
    with site.store.read() as connection:
        path = connection.scalar(
            select(t.upload.c.path).where(t.upload.c.id == upload_id, t.upload.c.person_id == actor.person_id)
        )
    if path is None or not Path(path).exists():
        raise NotFoundError(f"There is no upload '{upload_id}' of yours.", "Uploads are kept for a day; send it again.")
    return Path(path)


def drop_old(site: Site) -> None:
    """Delete uploads older than a day."""
    with site.store.write() as connection:
        old = t.upload.c.created_at < time.time() - KEEP_SECONDS
        for upload_id in connection.scalars(select(t.upload.c.id).where(old)).all():
            shutil.rmtree(site.settings.home / "uploads" / upload_id, ignore_errors=True)
        connection.execute(delete(t.upload).where(old))


def preview(
    site: Site, actor: Actor, upload_id: str, *, columns: dict[str, Any], task: str | None, labels: list[str] | None
) -> dict[str, Any]:
    """The guess about an upload, its first rows as they would be imported, and what is wrong."""
    path = find(site, actor, upload_id)
    reader = open_source(path)
    found = guess(reader, Columns.from_dict(columns), task=task)
    n_rows = reader.count()
    if n_rows is None and path.stat().st_size < 50 * 1024 * 1024:
        try:
            n_rows = sum(1 for _ in reader)
        except InputError:
            n_rows = None
    problems = _problems(reader, found, labels)
    return {
        "kind": found.kind,
        "format": reader.name,
        "all_columns": reader.columns,
        "columns": asdict(found.columns) | {role: "" for role, column in columns.items() if column == ""},
        "task": found.task,
        "labels": labels or list(found.labels),
        "rows": [_row(reader, found, record, labels) for record in found.sample[:PREVIEW_ROWS]],
        "n_rows": n_rows,
        "problems": problems,
        "reserve": _advice(n_rows),
        "slug": _free_slug(site, path),
    }


def _problems(reader: Reader, found: Guess, labels: list[str] | None) -> list[dict[str, Any]]:
    problems: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for record in found.sample:
        if (message := _row(reader, found, record, labels, decode=found.kind != "image")["problem"]) is not None:
            problems.append({"code": "invalid-input", "message": message, "row": record.number})
        if found.columns.id is not None:
            key = str(record.cells[found.columns.id])
            if key in seen:
                problems.append({
                    "code": "invalid-input", "row": record.number, "column": found.columns.id,
                    "message": f"The id '{key}' stands in row {seen[key]} already.",
                })  # fmt: skip
            seen[key] = record.number
    if found.columns.label is not None:
        problems.append({
            "code": "chosen-labels", "severe": False, "column": found.columns.label,
            "message": "Labels that come with the data train the model but cannot measure it, unless they were "
            "drawn at random: whoever chose them chose what they show.",
            "hint": "Say 'random' only if the labeled rows were drawn by lot from all rows.",
        })  # fmt: skip
    return problems


def _row(reader: Reader, found: Guess, record: Any, labels: list[str] | None, decode: bool = True) -> dict[str, Any]:
    columns, kind = found.columns, items.make(found.kind)
    row: dict[str, Any] = {
        "row": record.number,
        "key": str(record.cells[columns.id]) if columns.id else "",
        "content": {},
        "label": None,
        "group": str(record.cells[columns.group]) if columns.group else None,
        "problem": None,
    }
    try:
        if decode:
            content = kind.content(content_cells(reader, record, columns, kind))
            row["content"] = {"media": thumbnail(content.media)} if content.media is not None else content.body
        if columns.label is not None and not is_blank(record.cells[columns.label]):
            cell = record.cells[columns.label]
            row["label"] = "|".join(map(str, cell)) if isinstance(cell, list) else str(cell)
            schema = tasks.guess(found.task, list(labels or found.labels), keep_order=True)
            if labels or found.task == "regression":
                tasks.make(found.task, schema).parse(cell)
    except LabelwrightError as error:
        row["problem"] = error.message
    return row


def _advice(n_rows: int | None) -> list[dict[str, Any]]:
    sizes = {50, 100, 200, 400} if n_rows is None else {reserve_size(n_rows), 50, 100, 200, 400}
    fits = [n for n in sorted(sizes) if n > 0 and (n_rows is None or n <= n_rows / 4 or n == reserve_size(n_rows))]
    return [{"n": n, "half_width": stats.half_width(n, p=0.8)} for n in fits]


def _free_slug(site: Site, path: Path) -> str:
    stem = path.name.split(".")[0] if path.is_file() else "images"
    base = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:56] or "project"
    taken = set(site.store.slugs())
    return next(s for s in [base, *(f"{base}-{i}" for i in range(2, 10_000))] if s not in taken)


def _safe_parts(name: str) -> list[str]:
    parts = [re.sub(r"[\x00-\x1f<>:\"|?*\\]", "_", p) for p in PurePosixPath(name.replace("\\", "/")).parts]
    return [p for p in parts if p not in ("/", "..", ".", "")][-8:] or ["file"]
