"""Questions as a labeling configuration, items as tasks, results of annotations as answers.

References
----------
Label Studio, "Labeling configuration": https://labelstud.io/guide/setup
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import quoteattr

from labelwright.engine.project import Question
from labelwright.errors import InputError
from labelwright.plain import Json, JsonObject
from labelwright.services.projects.shown import ContentView

MARK: Final = "labelwright"
OBJECTS: Final = {"text": "Text", "image": "Image", "table": "Table"}


@dataclass(frozen=True)
class Control:
    """How one kind of question is asked in Label Studio.

    Attributes
    ----------
    kind : str
        The type of its results.
    tag : callable
        The tag of a question about an object of that name.
    empty : JSON object, optional
        The answer that no result means; None where a result is needed.
    """

    kind: str
    tag: Callable[[Question, str], str]
    empty: Callable[[], JsonObject] | None = None


def config_of(questions: Sequence[Question], item_kind: str) -> str:
    """The labeling configuration that asks the questions of an item.

    Raises
    ------
    InputError
        If Label Studio has no control for one of them here, or the schema has no label yet.
    """
    shown = f'  <{OBJECTS[item_kind]} name="{item_kind}" value="${item_kind}"/>'
    parts = ["<View>", shown]
    for question in questions:
        parts += [f"  <Header value={_text(question.text)}/>", f"  {_control(question).tag(question, item_kind)}"]
    return "\n".join([*parts, "</View>"])


def task_of(lease_id: str, content: ContentView, image: str | None, ranking: str | None, score: float) -> JsonObject:
    """The task of an item.

    It says neither why the item is asked nor what the model predicts, which nobody may see before their answer. The
    prediction is empty and carries the order alone.

    Parameters
    ----------
    image : str, optional
        A data URL, where the item is an image.
    score : float
        The higher, the earlier it is asked.
    """
    shown: Mapping[str, Json] = {"text": content.text, "image": image, "table": content.row}
    prediction: JsonObject = {"result": [], "score": score, "model_version": ranking or "checks"}
    mark: JsonObject = {"lease": lease_id}
    return {"data": {content.kind: shown[content.kind]}, "meta": {MARK: mark}, "predictions": [prediction]}


def lease_of(task: JsonObject) -> str | None:
    """The lease that a task was pushed with; None of a task that somebody else made.

    >>> lease_of({"meta": {"labelwright": {"lease": "le_1"}}}), lease_of({"meta": None})
    ('le_1', None)
    """
    meta = task.get("meta")
    mark = meta.get(MARK) if isinstance(meta, dict) else None
    lease = mark.get("lease") if isinstance(mark, dict) else None
    return None if lease is None else str(lease)


def answers_of(questions: Sequence[Question], result: Json) -> dict[str, JsonObject]:
    """What the results of an annotation say, by question.

    Raises
    ------
    InputError
        If a result is of no question, is no label of it, or a required question has none.
    """
    said: dict[str, Json] = {}
    for one in result if isinstance(result, list) else []:
        if not isinstance(one, dict):
            raise InputError("bridge: a result must be an object.")
        name, kind, value = str(one.get("from_name")), str(one.get("type")), one.get("value")
        question = next((question for question in questions if question.id == name), None)
        if question is None or _control(question).kind != kind or not isinstance(value, dict):
            raise InputError(
                f"bridge: a result must answer one of the questions, got '{name}' of the type '{kind}'.",
                "Leave the labeling configuration as the bridge made it.",
            )
        said[name] = value.get(kind)
    answers = {}
    for question in questions:
        answer = _answer(question, said[question.id]) if question.id in said else _none(question)
        if answer is not None:
            answers[question.id] = answer
        elif question.required:
            raise InputError(f"bridge: the question '{question.text}' must be answered, got no result.")
    return answers


def _answer(question: Question, value: Json) -> JsonObject | None:
    """The answer of names or a number; a label that the schema has no more is refused."""
    several = _control(question).empty is not None
    if isinstance(value, list) and not several:
        if len(value) != 1:
            raise InputError(f"bridge: '{question.text}' must be answered by one label, got {len(value)}.")
        value = value[0]
    if isinstance(value, list) and not value:
        return _none(question)
    answer: JsonObject | None = question.task.parse(json.dumps(value) if isinstance(value, list) else value)
    if answer is not None:
        question.task.validate(answer)
    return answer


def _none(question: Question) -> JsonObject | None:
    empty = _control(question).empty
    return empty() if empty is not None and question.required else None


def _control(question: Question) -> Control:
    if question.task_name not in CONTROLS:
        raise InputError(
            f"bridge: Label Studio is asked for {', '.join(CONTROLS)}, got a question of the task "
            f"'{question.task_name}'.",
            "Label such a project in the app here.",
        )
    return CONTROLS[question.task_name]


def _choices(how: str) -> Callable[[Question, str], str]:
    def tag(question: Question, about: str) -> str:
        labels = question.schema.get("labels")
        names = [str(one["name"]) for one in labels if isinstance(one, dict)] if isinstance(labels, list) else []
        if not names:
            raise InputError(f"bridge: '{question.text}' must have a label, got none.", "Add one first.")
        is_needed = "true" if question.required and how == "single" else "false"
        choices = "".join(f"<Choice value={_text(name)}/>" for name in names)
        return (
            f'<Choices name="{question.id}" toName="{about}" choice="{how}" required="{is_needed}">{choices}</Choices>'
        )

    return tag


def _number(question: Question, about: str) -> str:
    bounds = "".join(
        f' {name}="{question.schema[name]}"' for name in ("min", "max", "step") if question.schema.get(name) is not None
    )
    is_needed = "true" if question.required else "false"
    return f'<Number name="{question.id}" toName="{about}" required="{is_needed}"{bounds}/>'


def _text(text: str) -> str:
    return quoteattr(text)


CONTROLS: Final = {
    "classification": Control("choices", _choices("single")),
    "multilabel": Control("choices", _choices("multiple"), lambda: {"labels": []}),
    "regression": Control("number", _number),
}
