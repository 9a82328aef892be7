"""Predict all items, as they will be read back."""

from __future__ import annotations

from typing import ClassVar

from labelwright.engine import predicting
from labelwright.engine.cycle import Cycle, reserve_items
from labelwright.engine.cycle_files import ITEMS
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.steps.base import Hold, Step

VALUES = "values"  # written last: its presence means that all arrays are there


class Predict(Step):
    """Write the predictions of each question that has a model; those of the reserve also to a file that is kept."""

    name: ClassVar[str] = "predict"
    after: ClassVar[str] = "evaluate"
    inputs: ClassVar[tuple[str, ...]] = ("inputs", "encode", "fit")

    def done(self, cycle: Cycle) -> bool:
        return not self._missing(cycle)

    def run(self, cycle: Cycle, hold: Hold) -> None:
        for question in self._missing(cycle):
            task, version = question.make_task(), cycle.inputs.quantiser
            folder = cycle.files.shards(question.id)
            predicted = predicting.predict(cycle, hold, question, cycle.model_path(question), folder)
            predictions = predicted.predictions
            cycle.store.arrays.write_bytes(cycle.files.computed(question.id), predicted.computed)
            if question.same_as is None:
                of_reserve = reserve_items(cycle.layout)
                kept = task.pack(task.take(predictions, of_reserve), version=version)
                cycle.store.arrays.write_bundle(cycle.files.reserve(question.id), {ITEMS: of_reserve, **kept})
            parts = task.pack(predictions, version=version)
            for name in sorted(parts, key=lambda name: name == VALUES):
                cycle.store.arrays.write(f"{cycle.files.predictions(question.id)}/{name}.npy", parts[name])

    @staticmethod
    def _missing(cycle: Cycle) -> list[QuestionInputs]:
        arrays = cycle.store.arrays
        return [
            question
            for question in cycle.inputs.questions
            if arrays.has(cycle.model_path(question))
            and not arrays.has(f"{cycle.files.predictions(question.id)}/{VALUES}.npy")
        ]
