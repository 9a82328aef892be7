"""Bodies of the item routes."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from labelwright.server.model import View


class Content(View):
    """What is shown of an item, by its kind."""

    kind: str
    text: str | None = None
    media: str | None = Field(default=None, description="URL of the image.")
    width: int | None = None
    height: int | None = None
    row: dict[str, Any] | None = None
    typical: dict[str, Any] | None = Field(
        default=None, description="The typical row: `{median, spread}` of numbers, or the most frequent value."
    )


class Item(View):
    """An item as the annotator sees it."""

    id: str
    key: str
    source: str
    content: Content


class ItemSummary(View):
    """One line of the list of items."""

    id: str
    key: str
    split: str
    label: str | None
    answers: int
    preview: str = Field(description="The beginning of the text, the first cells, or the image's URL.")


class ItemList(View):
    """A page of items."""

    items: list[ItemSummary]
    next_cursor: str | None = None


class HistoryEntry(View):
    """One moment in an item's life."""

    at: str
    seq: int | None = None
    kind: str = Field(description="imported, leased, answer, skip, flag, undo, correct, ranked, labeled")
    by: str | None = None
    summary: str
    detail: dict[str, Any] = {}


class Confidence(View):
    """What one model version thought."""

    cycle: int
    n_labels: int
    answer: str
    confidence: float


class ItemDetail(View):
    """An item with its whole life."""

    item: Item
    split: str
    group: str | None
    duplicates: list[str] = Field(description="Ids of near or exact duplicates.")
    batch: str
    hash: str
    label: str | None
    label_confidence: float | None
    history: list[HistoryEntry]
    confidences: list[Confidence]
