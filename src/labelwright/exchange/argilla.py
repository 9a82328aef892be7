"""Argilla: a JSON array of records with fields, responses and suggestions, as ``records.to_json`` writes it.

References
----------
Argilla, "Add, update, and delete records" and `Record.to_dict`. https://docs.argilla.io
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar
from uuid import NAMESPACE_URL, uuid5

from labelwright.exchange.cells import UNENCODABLE
from labelwright.exchange.format import ERASED_ITEMS, SAID, Export, Said, Written
from labelwright.exchange.json_array import JsonArray
from labelwright.exchange.leaving import content_of, has_content, meta_of
from labelwright.exchange.translated import OTHER, Translated, Translation, plain


class Argilla(Translated, JsonArray):
    """Records; fields and metadata become columns, and each question a label column."""

    name: ClassVar[str] = "argilla"
    title: ClassVar[str] = "Argilla"
    suffixes: ClassVar[tuple[str, ...]] = (".json", ".json.gz")
    ending: ClassVar[str] = ".argilla.json"
    remark_texts: ClassVar[dict[str, str]] = {
        "suggestion": "Suggestions left out, as nobody has answered them",
        "discarded": "Responses that are drafts or were discarded left out",
        "vector": "Vectors left out",
    }

    @classmethod
    def looks_like(cls, value: dict[str, Any]) -> bool:
        """A record has fields, and responses or suggestions beside them."""
        return isinstance(value.get("fields"), dict) and any(key in value for key in ("responses", "suggestions"))

    def translate(self, value: dict[str, Any], number: int) -> Translation:
        """Id, fields and metadata as cells, and the last submitted response to each question."""
        fields, responses = value.get("fields"), value.get("responses") or {}
        if not isinstance(fields, dict) or not isinstance(responses, dict):
            raise self.fail("a record must have objects in 'fields' and 'responses'.", "Export it anew.", row=number)
        cells: dict[str, object] = {"id": value["id"]} if value.get("id") is not None else {}
        cells |= {name: plain(cell) for name, cell in fields.items()}
        metadata = value.get("metadata")
        for name, cell in metadata.items() if isinstance(metadata, dict) else ():
            cells.setdefault(f"metadata.{name}", plain(cell))
        left = ["suggestion"] * len(value.get("suggestions") or ()) + ["vector"] * len(value.get("vectors") or ())
        answers: dict[str, list[object]] = {}
        for question, given in responses.items():
            if not isinstance(given, list) or not all(isinstance(one, dict) and "value" in one for one in given):
                raise self.fail(
                    "responses must be objects with a value, in an array.",
                    "Export the records anew.",
                    row=number,
                    column=question,
                )
            submitted = [one for one in given if one.get("status", "submitted") == "submitted"]
            left += ["discarded"] * (len(given) - len(submitted)) + [OTHER] * (len(submitted) - 1)
            if submitted:
                answers[question] = self._labels(submitted[-1]["value"], question, number)
        return Translation(cells, answers, left_out=tuple(left))

    def _labels(self, value: object, question: str, number: int) -> list[object]:
        said = value if isinstance(value, list) else [value]
        if any(isinstance(one, (dict, list)) for one in said):
            raise self.fail(
                "a response must be a label, labels or a rating, got spans or ranks.",
                "Export a dataset without questions of that kind.",
                row=number, column=question,
            )  # fmt: skip
        return said

    @classmethod
    def write(cls, path: Path, export: Export) -> Written:
        """Write one record an item; the last response to each question is its label."""
        n_rows = n_erased = 0
        with path.open("w", encoding="utf-8", errors=UNENCODABLE) as file:
            file.write("[")
            for row in export.rows:
                if not has_content(export, row):
                    n_erased += 1
                    continue
                file.write(("," if n_rows else "") + "\n" + json.dumps(_record(export, row), ensure_ascii=False))
                n_rows += 1
            file.write("\n]\n")
        left = ("times and reasons of single answers",)
        return Written(n_rows, left_out=left + ((f"{n_erased} {ERASED_ITEMS}",) if n_erased else ()))


def _record(export: Export, row: Mapping[str, object]) -> dict[str, object]:
    said: Any = row.get(SAID) or {}
    responses, suggestions = dict[str, object](), dict[str, object]()
    for question in export.questions:
        of_item: Said = said.get(question.id, Said())
        if given := of_item.ends_with_the_label:
            responses[question.id] = [
                {"value": answer.answer, "user_id": _user_id(answer.by)}
                for answer in given
                if answer.answer is not None
            ]
        if of_item.prediction is not None:
            suggestions[question.id] = {"value": of_item.prediction, "score": of_item.score, "agent": "labelwright"}
    metadata = {name.replace(".", "_").lower(): plain(value) for name, value in meta_of(export, row).items()}
    return {
        "id": row["key"], "fields": content_of(export, row), "metadata": metadata, "suggestions": suggestions,
        "responses": responses, "vectors": {}, "status": "completed" if responses else "pending",
    }  # fmt: skip


def _user_id(person: str) -> str:
    """An id of the form that Argilla takes; the same person always has the same."""
    return str(uuid5(NAMESPACE_URL, f"labelwright:{person}"))
