"""Label Studio: a JSON array of tasks with their annotations, as it exports and imports them.

Choices, ratings and numbers about a whole item are kinds of label here; boxes, spans and other regions are not, and a
file with them is refused.

References
----------
Label Studio, "Import data": basic Label Studio JSON format. https://labelstud.io/guide/task_format
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

from labelwright.exchange.cells import UNENCODABLE
from labelwright.exchange.format import ERASED_ITEMS, SAID, Answered, Asked, Export, Said, Value, Written
from labelwright.exchange.json_array import JsonArray
from labelwright.exchange.leaving import content_of, has_content, meta_of
from labelwright.exchange.translated import OTHER, Translated, Translation, plain

CHOICES: Final = "choices"
NUMBERS: Final = ("number", "rating")
COMMENTS: Final = ("textarea", "datetime", "pairwise")
"""Results beside the label; they are left out and counted."""


class LabelStudio(Translated, JsonArray):
    """Tasks with their annotations; what is in ``data`` becomes columns, and each control one label column."""

    name: ClassVar[str] = "label-studio"
    title: ClassVar[str] = "Label Studio"
    suffixes: ClassVar[tuple[str, ...]] = (".json", ".json.gz")
    ending: ClassVar[str] = ".label-studio.json"
    remark_texts: ClassVar[dict[str, str]] = {
        "prediction": "Predictions of a model left out",
        "cancelled": "Cancelled annotations left out",
        "comment": "Results that are no labels, such as texts and dates, left out",
    }

    @classmethod
    def looks_like(cls, value: dict[str, Any]) -> bool:
        """A task has its data in ``data`` and its annotations beside it; older versions called them completions."""
        return isinstance(value.get("data"), dict) and any(
            isinstance(value.get(key), list) for key in ("annotations", "completions", "predictions")
        )

    def translate(self, value: dict[str, Any], number: int) -> Translation:
        """The data as cells, and the last annotation that was not cancelled."""
        data = value.get("data")
        if not isinstance(data, dict):
            raise self.fail("a task must have its data as an object in 'data'.", "Export it anew.", row=number)
        cells = {str(key): plain(cell) for key, cell in data.items()}
        if "id" not in cells and "id" in value:
            cells = {"id": plain(value["id"]), **cells}
        annotations = value.get("annotations", value.get("completions")) or []
        left = ["prediction"] * len(value.get("predictions") or [])
        if not isinstance(annotations, list) or not all(isinstance(one, dict) for one in annotations):
            raise self.fail("the annotations of a task must be objects in an array.", "Export it anew.", row=number)
        standing = [one for one in annotations if not one.get("was_cancelled")]
        left += ["cancelled"] * (len(annotations) - len(standing))
        answers: dict[str, list[object]] = {}
        if standing:
            left += [OTHER] * (len(standing) - 1)
            for result in standing[-1].get("result") or []:
                self._read(result, answers, left, number)
        return Translation(cells, answers, left_out=tuple(left))

    def _read(self, result: Any, answers: dict[str, list[object]], left: list[str], number: int) -> None:
        kind = result.get("type") if isinstance(result, dict) else None
        if kind in COMMENTS:
            left.append("comment")
            return
        value = result.get("value") if isinstance(result, dict) else None
        if kind not in (CHOICES, *NUMBERS) or not isinstance(value, dict) or kind not in value:
            raise self.fail(
                f"a result must be of the type choices, rating or number, got '{kind}'.",
                "Export a project that asks for labels of whole items; regions, spans and taxonomies are not read.",
                row=number, column=str(result.get("from_name")) if isinstance(result, dict) else None,
            )  # fmt: skip
        said = value[kind] if kind == CHOICES else [value[kind]]
        if not isinstance(said, list):
            raise self.fail("choices must be an array of names.", "Export it anew.", row=number)
        answers.setdefault(str(result.get("from_name", "label")), []).extend(said)

    @classmethod
    def write(cls, path: Path, export: Export) -> Written:
        """Write one task an item; the last annotation of each is its label."""
        n_rows = n_erased = 0
        with path.open("w", encoding="utf-8", errors=UNENCODABLE) as file:
            file.write("[")
            for row in export.rows:
                if not has_content(export, row):
                    n_erased += 1
                    continue
                file.write(("," if n_rows else "") + "\n" + json.dumps(_task(export, row), ensure_ascii=False))
                n_rows += 1
            file.write("\n]\n")
        return Written(n_rows, left_out=(f"{n_erased} {ERASED_ITEMS}",) if n_erased else ())


def _task(export: Export, row: Mapping[str, object]) -> dict[str, object]:
    said: Any = row.get(SAID) or {}
    annotations: dict[tuple[str, str | None], dict[str, Any]] = {}
    prediction, scores = list[dict[str, object]](), list[float]()
    for question in export.questions:
        one: Said = said.get(question.id, Said())
        for answer in one.ends_with_the_label:
            made = annotations.setdefault((answer.by, answer.at), _annotation(answer))
            made["result"].append(_result(export, question, answer.answer))
        if one.prediction is not None:
            prediction.append(_result(export, question, one.prediction))
            scores += [] if one.score is None else [one.score]
    task: dict[str, object] = {
        "data": {"id": row["key"], **content_of(export, row)}, "annotations": list(annotations.values()),
        "predictions": [], "meta": meta_of(export, row),
    }  # fmt: skip
    if prediction:
        task["predictions"] = [{"result": prediction, "score": min(scores) if scores else None}]
    return task


def _annotation(answer: Answered) -> dict[str, Any]:
    made: dict[str, Any] = {"result": [], "was_cancelled": False}
    if answer.by:
        made["completed_by"] = {"email": answer.by}
    return made | {
        key: value
        for key, value in {
            "created_at": answer.at, "lead_time": answer.seconds, "asked_as": answer.asked_as,
            "propensity": answer.propensity, "reason": answer.reason,
        }.items()
        if value is not None
    }  # fmt: skip


def _result(export: Export, question: Asked, answer: Value) -> dict[str, object]:
    if question.task == "regression":
        kind, value = "number", {"number": answer}
    else:
        kind, value = CHOICES, {CHOICES: answer if isinstance(answer, list) else [str(answer)]}
    return {"from_name": question.id, "to_name": export.kind, "type": kind, "value": value}
