"""What a request says of rows to add, and of labels of another domain; files are sent for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from labelwright.check import complain
from labelwright.client.transport import Transport, part
from labelwright.client.uploading import upload
from labelwright.errors import NotFoundError
from labelwright.plain import Json, JsonObject


def rows_of(transport: Transport, source: str | Path | None, rows: Sequence[Mapping[str, Json]] | None) -> JsonObject:
    """What a request says of rows to add: those of a file or folder, which is sent, or rows as they are.

    Raises
    ------
    InputError
        If not exactly one of them is given.
    """
    if (source is None) == (rows is None):
        raise complain("add", "source or rows", "given", "both" if rows is not None else "neither")
    if rows is not None:
        listed: list[Json] = [dict(row) for row in rows]
        return {"rows": listed}
    return {"upload_id": upload(transport, Path(str(source)))}


def source_of(transport: Transport, text: str, label: str | None, who: str) -> JsonObject:
    """What a request says of a source: a project of the server comes before a file of that name.

    Parameters
    ----------
    text : str
        ``PROJECT``, ``PROJECT@SNAPSHOT`` or the path of a file of this machine.
    label : str, optional
        The column of labels in the file.
    who : str
        The act that an error names.

    Raises
    ------
    InputError
        If there is neither.
    """
    slug, _, snapshot = text.partition("@")
    if slug and _is_project(transport, slug):
        return {"project": slug, "snapshot": snapshot or None}
    if not Path(text).exists():
        raise complain(
            who, "--source", "a project of the server, PROJECT@SNAPSHOT or a file of this machine", f"'{text}'",
            "Check the name.",
        )  # fmt: skip
    return {"upload_id": upload(transport, Path(text)), "label": label}


def _is_project(transport: Transport, slug: str) -> bool:
    try:
        transport.get(f"/projects/{part(slug)}")
    except NotFoundError:
        return False
    return True
