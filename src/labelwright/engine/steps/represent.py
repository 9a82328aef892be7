"""Compare encoders, if there are labels enough since the last time or another one is ready."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from labelwright.engine import candidates, features
from labelwright.engine.cycle import Cycle
from labelwright.engine.reasons import stored
from labelwright.engine.steps.base import Hold, Step
from labelwright.loop import representation
from labelwright.loop.state import TRAIN
from labelwright.store.record.features import EncodersCompared, Figure
from labelwright.store.rows import Rows
from labelwright.words import Reason


class Represent(Step):
    """Record which encoder serves from the next cycle on, and why; after the order is served, so that nobody waits."""

    name: ClassVar[str] = "represent"
    after: ClassVar[str] = "drift"
    inputs: ClassVar[tuple[str, ...]] = ("inputs", "encode", "resolve")

    def done(self, cycle: Cycle) -> bool:
        if cycle.inputs.is_cold:
            return True
        with cycle.store.read() as rows:
            return not self._is_due(cycle, rows)

    def run(self, cycle: Cycle, hold: Hold) -> None:
        store, question = cycle.store, cycle.inputs.primary
        with store.read() as rows:
            config = store.row(rows).config
            ready = candidates.ready(rows, config, cycle.layout.n_items)
        serving = next((one for one in ready if one.revision == cycle.inputs.revision), None)
        if serving is None:  # the project names it no longer
            serving = candidates.Candidate(cycle.inputs.encoder, cycle.inputs.revision)
            ready = [serving, *ready]
        n_labels = len(cycle.labels(question).of(TRAIN)[0]) if cycle.has_labels(question) else 0
        asked = next((one for one in ready if one.spec == candidates.asked_for(config)), None)
        if asked is not None:
            figures: dict[str, str | int | float] = {"best": asked.spec, "serving": serving.spec}
            reason = Reason("encoder-asked", figures)
            body = EncodersCompared(
                cycle.id, question.id, n_labels, "", (), serving.revision, asked.revision, stored(reason)
            )
        else:
            state = cycle.state(question)
            states = {
                one.spec: replace(
                    state, X=features.load(store, one.revision, cycle.layout.n_items, cycle.inputs.upto_seq)
                )
                for one in ready
            }
            found = representation.compare(states, cycle.labels(question), serving.spec)
            if found is None:
                return
            by_spec = {one.spec: one.revision for one in ready}
            body = EncodersCompared(
                cycle.id, question.id, found.n_labels, found.measure,
                tuple(Figure(spec, by_spec[spec], one.loss, one.p_best) for spec, one in found.found.items()),
                serving.revision, by_spec[found.chosen], stored(found.reason),
            )  # fmt: skip
        with hold.write() as transaction:
            transaction.record(body, actor="system")

    @staticmethod
    def _is_due(cycle: Cycle, rows: Rows) -> bool:
        config = cycle.store.row(rows).config
        if len(candidates.specs(config)) < 2:
            return False
        ready = candidates.ready(rows, config, cycle.layout.n_items)
        there = {one.revision for one in ready}
        if not there - {cycle.inputs.revision}:
            return False
        question, last = cycle.inputs.primary, candidates.last_choice(rows)
        if last is not None and last.cycle >= cycle.id:
            return False
        if (asked := candidates.asked_for(config)) is not None:
            return any(one.spec == asked and one.revision != cycle.inputs.revision for one in ready)
        if not cycle.has_labels(question):
            return False
        known = set() if last is None else {one.revision for one in last.figures}
        before = last.n_labels if last is not None and there <= known else None
        return representation.is_due(len(cycle.labels(question).of(TRAIN)[0]), before)
