"""Prodigy: JSON lines of tasks with an answer, as ``db-out`` writes and ``db-in`` reads them.

**Hashes.** ``_input_hash`` and ``_task_hash`` are the identity of a task in Prodigy. A project keeps of an item its id
and its content, so a task without an ``id`` of its own gets one made of both hashes, ``INPUT:TASK``, and a file that is
written for Prodigy has them again.

References
----------
Prodigy, "Annotation task formats" and "Hashing and deduplication". https://prodi.gy/docs/api-interfaces
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

from labelwright.exchange.format import Asked, Export, Said, Written
from labelwright.exchange.jsonl import JsonLines
from labelwright.exchange.leaving import content_of, meta_of_one
from labelwright.exchange.one_question import write_lines
from labelwright.exchange.translated import Translated, Translation, plain

OWN: Final = (
    "accept", "answer", "options", "label", "config", "html", "tokens", "spans", "relations", "audio_spans", "_view_id",
    "_session_id", "_annotator_id", "_timestamp", "_is_binary",
)  # fmt: skip
"""Keys of a task that are not its content."""
HASHES: Final = ("_input_hash", "_task_hash")
_KEPT = re.compile(r"(-?\d+):(-?\d+)")


class Prodigy(Translated, JsonLines):
    """Tasks of the interfaces ``choice`` and ``classification``; spans and relations are refused."""

    name: ClassVar[str] = "prodigy"
    title: ClassVar[str] = "Prodigy"
    ending: ClassVar[str] = ".prodigy.jsonl"
    remark_texts: ClassVar[dict[str, str]] = {
        "ignore": "Ignored tasks taken without a label",
        "reject": "Rejected tasks taken without a label, as they say only what does not fit",
    }

    @classmethod
    def looks_like(cls, value: dict[str, Any]) -> bool:
        """A task has hashes or an interface, or an answer beside options or a label."""
        answered = value.get("answer") in ("accept", "reject", "ignore")
        return (
            all(name in value for name in HASHES)
            or "_view_id" in value
            or ((answered or "accept" in value) and any(name in value for name in ("options", "label", "accept")))
        )

    def translate(self, value: dict[str, Any], number: int) -> Translation:
        """The content as cells, and the accepted options or the accepted label."""
        if value.get("spans") or value.get("relations"):
            raise self.fail(
                "a task must be one of the interfaces choice and classification, got spans or relations.",
                "Export a dataset of labels of whole examples.",
                row=number,
            )
        meta = value.get("meta")
        cells: dict[str, object] = {f"meta.{k}": plain(v) for k, v in meta.items()} if isinstance(meta, dict) else {}
        cells |= {key: plain(cell) for key, cell in value.items() if key not in (*OWN, "meta", *HASHES)}
        if isinstance(meta, dict) and "id" in meta and "id" not in cells:
            cells["id"] = plain(cells.pop("meta.id"))
        key = None
        if all(isinstance(value.get(name), int) for name in HASHES):
            key = f"{value['_input_hash']}:{value['_task_hash']}"
            cells.setdefault("id", key)
        answer, left = value.get("answer", "accept"), list[str]()
        answers: dict[str, list[object]] = {}
        if answer in ("ignore", "reject"):
            left.append(str(answer))
        elif isinstance(value.get("accept"), list):
            names = _names_of_options(value)
            accepted: list[object] = [names.get(one, one) for one in value["accept"]]
            if accepted or value.get("config", {}).get("choice_style") == "multiple":
                answers["label"] = accepted
        elif value.get("label") is not None and "answer" in value:
            answers["label"] = [value["label"]]
        return Translation(cells, answers, key, tuple(left))

    @classmethod
    def write(cls, path: Path, export: Export) -> Written:
        """Write one task an item: a choice among the labels, accepted where there is a label."""
        question = export.questions[0]
        return write_lines(path, export, lambda row, said: _task(export, question, row, said))


def _task(export: Export, question: Asked, row: Mapping[str, object], said: Said) -> dict[str, object]:
    key = str(row.get("key"))
    task: dict[str, object] = {**content_of(export, row), "meta": {"id": key, **meta_of_one(export, row)}}
    if kept := _KEPT.fullmatch(key):
        task |= {name: int(number) for name, number in zip(HASHES, kept.groups(), strict=True)}
        del task["meta"]["id"]  # type: ignore[attr-defined]
    task["_view_id"] = "text_input" if question.task == "regression" else "choice"
    if question.task == "regression":
        return task if said.label is None else {**task, "label": said.label, "answer": "accept"}
    task["options"] = [{"id": name, "text": name} for name in question.labels]
    style = "multiple" if question.task == "multilabel" else "single"
    task["config"] = {"choice_style": style}
    if said.label is not None:
        task |= {"accept": said.label if isinstance(said.label, list) else [said.label], "answer": "accept"}
    return task


def _names_of_options(value: dict[str, Any]) -> dict[object, object]:
    """The texts of options by their ids, where an option has a text."""
    options = value.get("options")
    return {
        one["id"]: one["text"]
        for one in (options if isinstance(options, list) else [])
        if isinstance(one, dict) and isinstance(one.get("id"), (str, int)) and one.get("text")
    }
