"""What people wrote, in a package: sealed texts with their salts, and the guidelines by version."""

from __future__ import annotations

from collections.abc import Iterator

from labelwright.plain import Json
from labelwright.services.record.package.files import Files
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows


def write_texts(store: ProjectStore, rows: Rows, files: Files) -> None:
    """``texts.jsonl``: texts that stand; ``SHA-256(salt || text)`` is in the event that names the id."""

    def lines() -> Iterator[Json]:
        table = t.sealed
        for row in rows.stream(rows.select(table.c.id, table.c.salt, table.c.content).order_by(table.c.id)):
            yield {"id": row.id, "salt": bytes(row.salt).hex(), "text": bytes(row.content).decode()}

    files.write_lines("texts.jsonl", lines())


def write_guidelines(store: ProjectStore, rows: Rows, files: Files) -> None:
    """``guidelines/QUESTION/N.md``, each version that stands."""
    table = t.guideline
    for row in rows.all(rows.select(table).order_by(table.c.question_id, table.c.version)):
        text = store.unseal(rows, row.sealed_id)
        if text is not None:
            files.write(f"guidelines/{row.question_id}/{row.version}.md", text)
