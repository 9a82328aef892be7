"""Fit the model of each question."""

from __future__ import annotations

from typing import ClassVar

from labelwright import models
from labelwright.engine.cycle import Cycle
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.steps.base import Hold, Step
from labelwright.loop import steps as pure
from labelwright.loop.state import TRAIN


class Fit(Step):
    """Fit where there are training labels and no earlier model still holds."""

    name: ClassVar[str] = "fit"
    after: ClassVar[str] = "resolve"
    inputs: ClassVar[tuple[str, ...]] = ("inputs", "encode", "resolve")

    def done(self, cycle: Cycle) -> bool:
        return all(self._done(cycle, question) for question in cycle.inputs.questions)

    def run(self, cycle: Cycle, hold: Hold) -> None:
        for question in cycle.inputs.questions:
            if not self._done(cycle, question):
                model = pure.fit(cycle.state(question), cycle.labels(question))
                if model is not None:
                    cycle.store.arrays.write_bytes(cycle.files.model(question.id), models.dump(model))

    @staticmethod
    def _done(cycle: Cycle, question: QuestionInputs) -> bool:
        if (
            cycle.inputs.is_cold
            or question.same_as is not None
            or cycle.store.arrays.has(cycle.files.model(question.id))
        ):
            return True
        return not len(cycle.labels(question).of(TRAIN)[0])
