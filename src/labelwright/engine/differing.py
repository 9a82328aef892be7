"""When two answers to a question count as different."""

from __future__ import annotations

from typing import Final

from labelwright.engine.project import Question
from labelwright.plain import JsonObject

FAR: Final = 0.2  # distance of two answers from which they count as a conflict: any other class, a fifth of a range


def differ(question: Question, one: JsonObject, two: JsonObject) -> bool:
    """Whether two answers are so far apart that somebody should look."""
    return question.task.distance(dict(one), dict(two)) > FAR
