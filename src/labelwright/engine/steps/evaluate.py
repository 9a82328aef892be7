"""Measure each new model on the reserve, and enter it into the record."""

from __future__ import annotations

import platform
from typing import ClassVar

import numpy as np
import sklearn

from labelwright import __version__
from labelwright.engine.cycle import Cycle
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.steps.base import Hold, Step
from labelwright.engine.steps.resolve import version_id
from labelwright.loop import steps as pure
from labelwright.loop.state import RESERVE, TRAIN
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.record.training import Measurement, ModelServed


def model_id(cycle_id: int, question_id: str) -> str:
    """The id of a cycle's model of a question."""
    return f"m-{cycle_id}-{question_id}"


class Evaluate(Step):
    """Measure with intervals, by group where there are groups."""

    name: ClassVar[str] = "evaluate"
    after: ClassVar[str] = "fit"
    inputs: ClassVar[tuple[str, ...]] = ("inputs", "encode", "resolve", "fit")

    def done(self, cycle: Cycle) -> bool:
        return not _unmeasured(cycle)

    def run(self, cycle: Cycle, hold: Hold) -> None:
        for question in _unmeasured(cycle):
            self._measure(cycle, hold, question)

    @staticmethod
    def _measure(cycle: Cycle, hold: Hold, question: QuestionInputs) -> None:
        store, labels, model = cycle.store, cycle.labels(question), cycle.model(question)
        assert model is not None
        found = pure.evaluate(cycle.state(question), labels, model)
        n_labels = len(labels.of(TRAIN)[0])
        measured = {found.metric: found.estimate, **found.extra} if found.estimate is not None else {}
        metrics = tuple(
            Measurement(RESERVE, name, float(e.value), float(e.low), float(e.high), int(e.n), n_labels)
            for name, e in measured.items()
            if e is not None and e.bounded
        )
        digests = store.arrays.digests([cycle.files.model(question.id)])
        body = ModelServed(
            id=model_id(cycle.id, question.id), cycle=cycle.id, question=question.id, name=model.name,
            n_labels=n_labels, arrays=digests, params={**model.params(), "versions": versions()}, metrics=metrics,
            label_version=version_id(cycle.id),
        )  # fmt: skip
        with hold.write() as transaction:
            store.arrays.remember(transaction.rows, "model", digests)
            transaction.record(body, actor="system")


def _unmeasured(cycle: Cycle) -> list[QuestionInputs]:
    with cycle.store.read() as rows:
        known = set(rows.scalars(rows.select(t.model.c.question_id).where(t.model.c.cycle == cycle.id)))
    return [
        question
        for question in cycle.inputs.questions
        if question.same_as is None and question.id not in known and cycle.store.arrays.has(cycle.model_path(question))
    ]


def versions() -> JsonObject:
    """What a refit depends on."""
    return {
        "labelwright": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scikit-learn": sklearn.__version__,
    }
