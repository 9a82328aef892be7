"""Answers and annotations in words, under the schema that they were given under."""

from __future__ import annotations

from labelwright.engine.project import Project, Question
from labelwright.errors import LabelwrightError
from labelwright.plain import JsonObject
from labelwright.store.record.standing import ANSWER, ANSWERING, REPEAT

WORDS = {"skip": "Skipped", "flag": "Flagged", "undo": "Undone", "reopen": "Undone"}


def describe_answer(question: Question, answer: JsonObject) -> str:
    """An answer in words; as stored, where today's schema does not know it."""
    try:
        return question.task.describe(dict(answer))
    except LabelwrightError:
        return ", ".join(str(value) for value in answer.values())


def as_read(project: Project, question_id: str | None, answer: JsonObject | None) -> JsonObject | None:
    """An answer as an editor can show it: under today's labels; None where it says nothing any more."""
    return None if answer is None or question_id is None else project.question(question_id).task.current(answer)


def was_called(question: Question, then: Question, answer: JsonObject) -> str | None:
    """The name that an answer had when it was given, where labels were merged or split since; else None."""
    return None if question.task.current(answer) == answer else describe_answer(then, answer)


def describe_annotation(project: Project, kind: str, question_id: str | None, answer: JsonObject | None) -> str:
    """What an annotation says, in words."""
    if kind not in (*ANSWERING, REPEAT) or answer is None:
        return WORDS.get(kind, "Undone")
    text = describe_answer(project.question(question_id), answer)
    return text if kind == ANSWER else f"Again: {text}" if kind == REPEAT else f"Corrected to {text}"
