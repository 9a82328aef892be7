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


def describe_annotation(project: Project, kind: str, question_id: str | None, answer: JsonObject | None) -> str:
    """What an annotation says, in words."""
    if kind not in (*ANSWERING, REPEAT) or answer is None:
        return WORDS.get(kind, "Undone")
    text = describe_answer(project.question(question_id), answer)
    return text if kind == ANSWER else f"Again: {text}" if kind == REPEAT else f"Corrected to {text}"
