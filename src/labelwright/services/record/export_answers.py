"""What people said of each item, as an export holds it: the answers behind a label, with their circumstances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from labelwright.engine.answers import Answer, counted
from labelwright.engine.labels import Label
from labelwright.engine.layout import Layout
from labelwright.engine.project import Question
from labelwright.exchange.format import Answered, Said, Value
from labelwright.plain import JsonObject
from labelwright.services.projects.described import describe_answer
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

ANSWERS: Final = ("posterior", "annotations")
BLOCK: Final = 500
Told = tuple[str | None, float | None, str | None]


class Answers:
    """The answers to a question that count up to an event, page by page."""

    def __init__(
        self, store: ProjectStore, rows: Rows, question: Question, where: Layout, upto_seq: int | None
    ) -> None:
        self._store, self._rows, self._question = store, rows, question
        self._by_item: dict[int, list[Answer]] = {}
        for one in counted(rows, where, question.id, upto_seq):
            self._by_item.setdefault(one.ordinal, []).append(one)

    def of(self, ordinals: Sequence[int]) -> dict[int, tuple[Answered, ...]]:
        """The answers about some items, by ordinal, in the order they came."""
        found = {ordinal: self._by_item[ordinal] for ordinal in ordinals if ordinal in self._by_item}
        told = self._told([one.seq for answers in found.values() for one in answers])
        return {
            ordinal: tuple(self._answered(one, told) for one in answers) for ordinal, answers in found.items()
        }  # fmt: skip

    def _answered(self, one: Answer, told: Mapping[int, Told]) -> Answered:
        at, seconds, reason = told.get(one.seq, (None, None, None))
        answer = value_of(self._question, one.answer)
        return Answered(one.person_id, answer, at, seconds, one.slot_kind, one.propensity, reason)

    def _told(self, seqs: list[int]) -> dict[int, Told]:
        """When, how long and why, by event; nothing of what a review decided."""
        table, found = t.annotation, dict[int, Told]()
        for start in range(0, len(seqs), BLOCK):
            query = self._rows.select(table.c.seq, table.c.at, table.c.seconds, table.c.reason_id).where(
                table.c.seq.in_(seqs[start : start + BLOCK])
            )
            for row in self._rows.all(query):
                reason = None if row.reason_id is None else self._store.unseal(self._rows, row.reason_id)
                found[row.seq] = (row.at, row.seconds, None if reason is None else str(reason))
        return found


def value_of(question: Question, answer: JsonObject) -> Value:
    """An answer in words: one name, several names, or a number."""
    if "value" in answer:
        return answer["value"]  # type: ignore[return-value]
    if "labels" in answer:
        return [describe_answer(question, {"labels": [label]}) for label in answer["labels"]]  # type: ignore[union-attr]
    return describe_answer(question, answer)


def said_of(
    question: Question, label: Label | None, answers: tuple[Answered, ...], predicted: Mapping[str, object]
) -> Said:
    """What is known of an item, for formats with a structure of their own."""
    prediction: Value = predicted.get("prediction")  # type: ignore[assignment]
    if question.task_name == "multilabel" and isinstance(prediction, str):
        prediction = [name for name in prediction.split("|") if name]
    score = predicted.get("prediction_confidence")
    return Said(
        None if label is None else value_of(question, label.answer), answers, prediction,
        float(score) if isinstance(score, (int, float)) else None,
    )  # fmt: skip


def figures(question: Question, label: Label | None, answers: Iterable[Answered]) -> tuple[object, ...]:
    """The cells of `ANSWERS`."""
    posterior = None
    if label is not None and label.posterior:
        posterior = {
            _name(question, key): round(float(share), 6)
            for key, share in label.posterior.items()
            if isinstance(share, (int, float))
        }
    told = [{key: value for key, value in vars(one).items() if value is not None} for one in answers]
    return posterior, told or None


def _name(question: Question, key: str) -> str:
    """The name of a label by its id; other figures keep theirs."""
    if question.task_name == "classification":
        return describe_answer(question, {"label": key})
    return describe_answer(question, {"labels": [key]}) if question.task_name == "multilabel" else key
