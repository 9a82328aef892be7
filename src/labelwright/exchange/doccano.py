"""doccano: JSON lines of texts with their categories, as it exports and imports them for text classification.

References
----------
doccano, "Tutorial: import and export a dataset", format JSONL. https://doccano.github.io/doccano/tutorial
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Final

from labelwright.exchange.format import Export, Row, Said, Written
from labelwright.exchange.jsonl import JsonLines
from labelwright.exchange.leaving import content_of, meta_of_one
from labelwright.exchange.one_question import write_lines
from labelwright.exchange.translated import Translated, Translation, plain

LABELS: Final = ("label", "labels")
CONTENT: Final = ("text", "data", "filename")
COMMENTS: Final = ("Comments", "comments", "annotation_approver")
OWN: Final = (*LABELS, *COMMENTS, "entities", "relations")
PLAIN_KEYS: Final = {"id", *CONTENT, *LABELS, *COMMENTS, "meta", "entities", "relations"}


class Doccano(Translated, JsonLines):
    """Texts with a list of categories; spans are refused."""

    name: ClassVar[str] = "doccano"
    title: ClassVar[str] = "doccano"
    ending: ClassVar[str] = ".doccano.jsonl"
    fixed_label: ClassVar[bool] = False
    remark_texts: ClassVar[dict[str, str]] = {
        "comment": "Texts with comments, which are left out",
        "unlabeled": "Texts without a category, taken as not labeled",
    }

    @classmethod
    def looks_like(cls, value: dict[str, Any]) -> bool:
        """A text with its categories as a list in ``label``, or in ``labels`` with no keys but doccano's."""
        if not any(isinstance(value.get(name), str) for name in CONTENT):
            return False
        return isinstance(value.get("label"), list) or (
            isinstance(value.get("labels"), list) and value.keys() <= PLAIN_KEYS and "id" in value
        )

    def translate(self, value: dict[str, Any], number: int) -> Translation:
        """The text and its metadata as cells, and the categories."""
        key = next((name for name in LABELS if name in value), "label")
        labels = value.get(key) if value.get(key) is not None else []
        if any(isinstance(one, (list, dict)) for one in (labels if isinstance(labels, list) else [labels])):
            raise self.fail(
                "the labels must be categories of whole texts, got spans.",
                "Export a project of text classification.",
                row=number, column=key,
            )  # fmt: skip
        if value.get("entities"):
            raise self.fail("the labels must be categories of whole texts, got entities.", row=number, column=key)
        labels = labels if isinstance(labels, list) else [labels]
        cells = {
            name: plain(cell)
            for name, cell in value.items()
            if name not in (*LABELS, *COMMENTS, "entities", "relations")
        }
        left = ["comment"] if any(value.get(name) for name in COMMENTS[:2]) else []
        left += [] if labels else ["unlabeled"]
        return Translation(cells, {key: labels} if labels else {}, left_out=tuple(left))

    @classmethod
    def write(cls, path: Path, export: Export) -> Written:
        """Write one text an item with its label as a list; the rest are metadata of doccano."""

        def line(row: Row, said: Said) -> dict[str, object]:
            label = [] if said.label is None else said.label if isinstance(said.label, list) else [str(said.label)]
            meta = {f"meta.{name}": plain(value) for name, value in meta_of_one(export, row).items()}
            return {"id": row.get("key"), **content_of(export, row), "label": label, **meta}

        return write_lines(path, export, line)
