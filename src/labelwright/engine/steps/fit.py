"""Fit the model of each question."""

from __future__ import annotations

from typing import ClassVar

from labelwright import models
from labelwright.engine import sourcing
from labelwright.engine.cycle import Cycle
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.steps.base import Hold, Step
from labelwright.loop import steps as pure
from labelwright.loop.state import TRAIN
from labelwright.models.base import Model
from labelwright.transfer.mixing import Mixed


class Fit(Step):
    """Fit where there are training labels, of the project or of a source, and no earlier model still holds."""

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
                    self._keep(cycle, hold, question, model)

    @staticmethod
    def _keep(cycle: Cycle, hold: Hold, question: QuestionInputs, model: Model) -> None:
        """Write the model, and record what it took from a source."""
        arrays, path = cycle.store.arrays, cycle.files.model(question.id)
        if not arrays.has(path):  # it is there if the process died before the record said what it took
            arrays.write_bytes(path, models.dump(sourcing.kept_model(model)))
        if isinstance(model, Mixed):
            with hold.write() as transaction:
                transaction.record(sourcing.chosen_event(cycle, question, model.choice_), actor="system")

    @staticmethod
    def _done(cycle: Cycle, question: QuestionInputs) -> bool:
        if cycle.inputs.is_cold or question.same_as is not None:
            return True
        has_source = cycle.inputs.source is not None and cycle.inputs.source.question == question.id
        if cycle.store.arrays.has(cycle.files.model(question.id)):
            with cycle.store.read() as rows:
                return not has_source or sourcing.chosen_in(rows, cycle.id, question.id) is not None
        return not has_source and not len(cycle.labels(question).of(TRAIN)[0])
