"""Bodies of the item routes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from labelwright.server.model import Body, View

Shown = Literal["all", "labeled", "unlabeled", "skipped", "flagged", "noted", "reserve", "source", "excluded"]
SplitName = Literal["pool", "reserve", "source"]


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

    id: str = Field(description="Opaque: a token of the lease for annotators, the item's id on the item pages.")
    key: str
    source: str
    content: Content


class ItemNote(View):
    """What a person wrote to an answer, a skip or a flag that stands."""

    kind: Literal["answer", "correct", "skip", "flag"]
    question: str | None = Field(description="The question's id; null for a skip or flag, which concern the item.")
    text: str
    by: str
    at: str
    own: bool = Field(description="Written by the caller.")


class ItemSummary(View):
    """One line of the list of items."""

    id: str
    key: str
    split: SplitName | None = Field(description="Null where hidden.")
    label: str | None = Field(description="Its text.")
    label_id: str | None = None
    provisional: bool = Field(default=False, description="The label is newer than the last label version.")
    answers: int | None = Field(description="Null where hidden.")
    prediction: str | None = None
    confidence: float | None = None
    asked_as: str | None = Field(
        default=None,
        description="The kind of slot by which the item was asked first: chosen, random, reserve, gold, repeat or "
        "relabel; null where hidden, and where nobody has been asked.",
    )
    notes: list[ItemNote] = Field(default=[], description="The newest first; none where hidden.")
    excluded: bool = False
    hidden: bool = Field(default=False, description="Leased to the caller, who has not answered it yet.")
    preview: str = Field(description="The beginning of the text, the first cells, or the image's URL.")


class ItemList(View):
    """A page of items."""

    items: list[ItemSummary]
    next_cursor: str | None = None
    count: int | None = Field(default=None, description="How many items match; null while unknown.")


class HistoryEntry(View):
    """One moment in an item's life."""

    at: str
    seq: int | None = None
    kind: str = Field(
        description="imported, lent, seen, answer, skip, flag, undo, correct, review, decided, comment, gold, replaced"
    )
    question: str | None = Field(default=None, description="The question's id, where one is meant.")
    by: str | None = None
    summary: str
    detail: dict[str, Any] = {}


class Confidence(View):
    """What one model version thought."""

    cycle: int
    question: str
    n_labels: int
    answer: str
    confidence: float


class ItemLabel(View):
    """The label of one question."""

    question: str
    label: str | None = Field(description="Its text.")
    confidence: float | None
    provisional: bool = False
    n_answers: int


class LearnedBy(View):
    """The models of a question that were trained on the item, of the last ones whose labels are kept."""

    question: str
    models: list[str]
    n_kept: int


class ItemDetail(View):
    """An item with its whole life."""

    item: Item
    split: SplitName | None = Field(description="Null where hidden.")
    hidden: bool = Field(default=False, description="Leased to the caller, who has not answered it yet.")
    excluded: bool = False
    erased: bool = Field(default=False, description="Its content was destroyed.")
    content_version: int = 0
    group: str | None
    duplicates: list[str] = Field(description="Ids of near or exact duplicates.")
    batch: str
    hash: str
    label: str | None = Field(description="Of the primary question.")
    label_confidence: float | None
    labels: list[ItemLabel] = Field(description="One of each question, the primary one first.")
    history: list[HistoryEntry]
    confidences: list[Confidence]
    learned: list[LearnedBy]
    time: str | None
    domain: str | None
    licence: str | None
    consent: str | None
    source_label: str | None = Field(description="What it was labeled in another domain.")


class Excluding(Body):
    """Items to leave out from now on, and why."""

    items: list[str] = Field(min_length=1, max_length=1000)
    reason: str = Field(default="", max_length=2000)


class Erasing(Body):
    """Items whose content is to be destroyed, and why."""

    items: list[str] = Field(min_length=1, max_length=1000)
    reason: str = Field(
        min_length=1, max_length=2000, description="Kept in the record; it must not repeat the content."
    )


class ItemsErased(View):
    """What an erasure did, and what had used the items."""

    erased: int
    seq: int | None = Field(default=None, description="Null where all of them had been erased before.")
    label_versions: list[str]
    models: list[str]
    texts: int = Field(description="Reasons and notes about the items that went with them.")
    same_content: list[str] = Field(description="Other items that hold the same content, which is still there.")
    copies: list[str] = Field(description="Folders of the home with copies from before, which still hold the content.")
    findings: list[str] = Field(description="What is to be told beside the number, as sentences.")


class Including(Body):
    """Items to take in again."""

    items: list[str] = Field(min_length=1, max_length=1000)


class NewContent(Body):
    """What an item shows from now on: every cell by its column; a text item has the one cell `text`."""

    cells: dict[str, Any] = Field(min_length=1)


class Changed(View):
    """How many items changed, and the event that says so."""

    changed: int
    seq: int | None = Field(default=None, description="Null where nothing had to be changed.")
