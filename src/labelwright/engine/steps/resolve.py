"""Make an immutable label version of the frozen answers."""

from __future__ import annotations

from typing import ClassVar, cast

from labelwright.engine.cycle import Cycle
from labelwright.engine.cycle_files import label_arrays
from labelwright.engine.steps.base import Hold, Step
from labelwright.engine.voices import hears, listen
from labelwright.loop import steps as pure
from labelwright.loop.state import TRAIN
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.record.training import LabelsResolved, QuestionLabels


def version_id(cycle_id: int) -> str:
    """The id of a cycle's label version."""
    return f"lv-{cycle_id}"


class Resolve(Step):
    """Resolve each question whose answers changed; the version covers all questions."""

    name: ClassVar[str] = "resolve"
    after: ClassVar[str] = "encode"

    def done(self, cycle: Cycle) -> bool:
        with cycle.store.read() as rows:
            return (
                rows.first(rows.select(t.label_version.c.id).where(t.label_version.c.id == version_id(cycle.id)))
                is not None
            )

    def run(self, cycle: Cycle, hold: Hold) -> None:
        store, files, frozen = cycle.store, cycle.files, cycle.inputs
        digests = store.arrays.digests([files.inputs, cycle.input_arrays])
        resolved: dict[str, QuestionLabels] = {}
        for question in frozen.questions:
            if question.same_as is not None:
                resolved[question.id] = _as_before(cycle, question.id, question.same_as)
                continue
            used = cycle.answers(question)
            if hears(question.resolver):
                path = files.voice(question.id)
                digests |= listen(store, path, cycle.answered_state(question, used), cycle.state(question))
            labels = pure.resolve(cycle.answered_state(question, used))
            digests |= store.arrays.write_bundle(files.labels(question.id), label_arrays(labels))
            resolved[question.id] = QuestionLabels(
                n_labels=len(labels),
                n_training=len(labels.of(TRAIN)[0]),
                resolver=question.resolver,
                params=cast(JsonObject, dict(labels.params)),
                schema_version=question.schema_version,
                same_as=None,
            )
        n_labels = resolved[frozen.primary.id].n_training
        with hold.write() as transaction:
            store.arrays.remember(transaction.rows, "labels", digests)
            transaction.record(
                LabelsResolved(version_id(cycle.id), cycle.id, frozen.upto_seq, resolved, digests), actor="system"
            )
            transaction.rows.update(t.cycle, t.cycle.c.id == cycle.id, n_labels=n_labels)


def _as_before(cycle: Cycle, question_id: str, same_as: int) -> QuestionLabels:
    table = t.label_version
    with cycle.store.read() as rows:
        before = rows.scalar(rows.select(table.c.questions).where(table.c.id == version_id(same_as)))
    return QuestionLabels(**{**before[question_id], "same_as": same_as})
