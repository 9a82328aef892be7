"""From what a person says, in names of labels, to the body of an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from labelwright.check import complain
from labelwright.client.views import Question
from labelwright.errors import InputError
from labelwright.plain import Json, JsonObject

Answered = str | float | Iterable[str]


@dataclass(frozen=True)
class Answer:
    """An answer that is stored.

    Attributes
    ----------
    id : str
        To correct or undo it.
    seq : int
        The number of its event.
    hash : str
        Of its event, which the record's chain is made of.
    answer_id : str
        Made by the client; sent again with the same content it is the same answer.
    item_id, question : str
        What it is of; ``question`` is None of a skip or flag.
    """

    id: str
    seq: int
    hash: str
    answer_id: str
    item_id: str
    question: str | None


def body_of(question: Question, said: Answered) -> JsonObject:
    """The body of an answer to a question.

    Parameters
    ----------
    said : str, number, or names
        The name of a label, or its id; names of labels that hold, none where none does; a number.

    Raises
    ------
    InputError
        If it is none of the labels, or of another kind than the question asks for.

    Examples
    --------
    >>> from labelwright.client.views import LabelView
    >>> asked = Question("q_1", "topic", "classification", "accuracy", True, True, (LabelView("l_1", "sport"),))
    >>> body_of(asked, "sport")
    {'label': 'l_1'}
    """
    if question.task == "regression":
        if isinstance(said, bool) or not isinstance(said, (int, float)):
            raise complain("answer", "label", f"a number, as '{question.name}' asks for one", repr(said))
        return {"value": float(said)}
    if question.task == "multilabel":
        if isinstance(said, (str, int, float)):
            raise complain("answer", "label", "a list of names of labels", repr(said), "An empty one says: none.")
        ids: list[Json] = [_id_of(question, name) for name in said]
        return {"labels": ids}
    if not isinstance(said, str):
        raise complain("answer", "label", "the name of a label", repr(said))
    return {"label": _id_of(question, said)}


def _id_of(question: Question, name: str) -> str:
    """Names go first: a label may be called like another one's id."""
    for label in question.labels:
        if label.name == name:
            return label.id
    if any(label.id == name for label in question.labels):
        return name
    names = ", ".join(label.name for label in question.labels)
    raise complain("answer", "label", f"one of {names}", repr(name))


def question_of(questions: tuple[Question, ...], asked: str | None, only: str) -> Question:
    """The question that an answer is to: the one that is named by id or name, else the lease's."""
    for question in questions:
        if asked in (question.id, question.name) or (asked is None and question.id == only):
            return question
    names = ", ".join(question.id for question in questions)
    raise InputError(f"answer: question must be one of {names}, got {asked or only!r}.")
