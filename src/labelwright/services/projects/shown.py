"""Items as people see them: their content, a preview, their image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from labelwright import items as kinds
from labelwright.engine import features
from labelwright.engine.contents import CHUNK, current_bodies
from labelwright.engine.project import Project
from labelwright.errors import InputError, NotFoundError
from labelwright.items.image import for_screen
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

MIMES: Final = {
    ".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif", ".bmp": "image/bmp", ".webp": "image/webp",
}  # fmt: skip


@dataclass(frozen=True)
class ContentView:
    """What is shown of an item, by its kind."""

    kind: str
    text: str | None
    media: str | None
    width: int | None
    height: int | None
    row: JsonObject | None
    typical: JsonObject | None


@dataclass(frozen=True)
class ItemView:
    """An item as the annotator sees it."""

    id: str
    key: str
    source: str
    content: ContentView


@dataclass(frozen=True)
class Media:
    """An image's file."""

    path: Path
    mime: str


def ordinal_of(item_id: str) -> int:
    """The ordinal behind an id such as ``i42``; ``NotFoundError`` if it is none."""
    digits = item_id.removeprefix("i")
    if not (item_id.startswith("i") and digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise NotFoundError(f"There is no item '{item_id}'.")
    return int(digits)


def item_id_of(ordinal: int) -> str:
    """The id of an ordinal.

    >>> item_id_of(42)
    'i42'
    """
    return f"i{ordinal}"


def existing(project: Project, item_id: str) -> int:
    """The ordinal of an item of the project; ``NotFoundError`` if it has none of that id."""
    ordinal = ordinal_of(item_id)
    if ordinal >= project.row.n_items:
        raise NotFoundError(f"There is no item '{item_id}'.")
    return ordinal


def named(rows: Rows, project: Project, names: Sequence[str]) -> dict[str, int]:
    """The ordinals of items that are named by id or by key.

    Raises
    ------
    NotFoundError
        If a name is neither.
    InputError
        If it is the id of one item and the key of another.
    """
    item, by_key = t.item, dict[str, int]()
    for start in range(0, len(names), CHUNK):
        part = rows.select(item.c.key, item.c.ordinal).where(
            item.c.key.in_(names[start : start + CHUNK]), item.c.ordinal < project.row.n_items
        )
        by_key |= {row.key: row.ordinal for row in rows.all(part)}
    ordinals = {}
    for name in names:
        try:
            ordinals[name] = existing(project, name)
        except NotFoundError:
            if name not in by_key:
                raise
            ordinals[name] = by_key[name]
        if by_key.get(name, ordinals[name]) != ordinals[name]:
            raise InputError(
                f"items: '{name}' is the id of one item and the key of another.",
                f"Name the other by its id, {item_id_of(by_key[name])}; the list of items shows both.",
            )
    return ordinals


def hides_source(project: Project) -> bool:
    """Whether key and source would tell the label, since an item's folder is its label."""
    return project.columns.label == "folder"


def views(
    store: ProjectStore,
    rows: Rows,
    project: Project,
    ordinals: Sequence[int],
    *,
    leases: Mapping[int, str] | None = None,
) -> dict[int, ItemView]:
    """Items by ordinal.

    Parameters
    ----------
    leases : mapping of int to str, optional
        Leases by ordinal: the items then go out under these instead of their own ids, and key and source
        are hidden where they would tell the label.
    """
    blind = leases is not None and hides_source(project)
    item = t.item
    found = rows.all(rows.select(item.c.ordinal, item.c.key, item.c.source).where(item.c.ordinal.in_(list(ordinals))))
    shown = [row.ordinal for row in found]
    contents = current_bodies(rows, shown)
    typical = features.typical(store, rows) if project.kind == "table" else None
    made: dict[int, ItemView] = {}
    for row in found:
        body = contents[row.ordinal]
        lease = leases.get(row.ordinal) if leases is not None else None
        media = None
        if "media" in body:
            media = lease_media_url(store.slug, lease) if lease else media_url(store.slug, row.ordinal)
        content = _content(project.kind, body, media, typical)
        name = lease or item_id_of(row.ordinal)
        made[row.ordinal] = ItemView(name, name if blind else row.key, "" if blind else row.source, content)
    return made


def _content(kind: str, body: JsonObject, media: str | None, typical: JsonObject | None) -> ContentView:
    text, width, height, row = (body.get(name) for name in ("text", "width", "height", "row"))
    return ContentView(
        kind,
        text if isinstance(text, str) else None,
        media,
        width if isinstance(width, int) else None,
        height if isinstance(height, int) else None,
        row if isinstance(row, dict) else None,
        typical,
    )


def media_url(slug: str, ordinal: int) -> str:
    """Where an item's image is served to those who may read items."""
    return f"/api/v1/projects/{slug}/items/{item_id_of(ordinal)}/media"


def lease_media_url(slug: str, lease_id: str) -> str:
    """Where an item's image is served to the person to whom the item is lent."""
    return f"/api/v1/projects/{slug}/leases/{lease_id}/media"


def preview(store: ProjectStore, project: Project, ordinal: int, body: JsonObject, lease: str | None = None) -> str:
    """A short line, or an image's URL."""
    if "media" in body:
        return lease_media_url(store.slug, lease) if lease else media_url(store.slug, ordinal)
    return kinds.make(project.kind).preview(body)


def media(store: ProjectStore, rows: Rows, ordinal: int) -> Media:
    """The file of an item's image; ``NotFoundError`` if it has none."""
    body = current_bodies(rows, [ordinal])[ordinal]
    if "media" not in body:
        raise NotFoundError("The item has no image.")
    name = str(body["media"])
    if Path(name).suffix not in MIMES:
        name = _rendition(store, name)
    return Media(store.media.path(name), MIMES[Path(name).suffix])


def _rendition(store: ProjectStore, name: str) -> str:
    """A PNG of an image that browsers do not show, made when it is first asked for and kept beside the original."""
    rendition = f"{name}.png"
    if not store.media.has(rendition):
        store.media.keep(rendition, for_screen(store.media.read(name)))
    return rendition
