"""Compare encoders and learners, if there are labels enough since the last time or another one is ready."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from labelwright import encoders
from labelwright.engine import candidates, features, refined
from labelwright.engine.cycle import Cycle
from labelwright.engine.project import load
from labelwright.engine.reasons import stored
from labelwright.engine.sourcing import without_source
from labelwright.engine.steps.base import Hold, Step
from labelwright.loop import representation
from labelwright.loop.fitting import with_learners
from labelwright.loop.state import TRAIN
from labelwright.models.automatic import AUTO
from labelwright.plain import JsonObject
from labelwright.store.record.features import EncodersCompared, Figure
from labelwright.store.rows import Rows
from labelwright.words import Reason


class Represent(Step):
    """Record which encoder and learner serve from the next cycle on, and why; the order is served before this."""

    name: ClassVar[str] = "represent"
    after: ClassVar[str] = "drift"
    inputs: ClassVar[tuple[str, ...]] = ("inputs", "encode", "resolve")

    def done(self, cycle: Cycle) -> bool:
        if cycle.inputs.is_cold:
            return True
        with cycle.store.read() as rows:
            return not self._is_due(cycle, rows)

    def run(self, cycle: Cycle, hold: Hold) -> None:
        store = cycle.store
        with store.read() as rows:
            config = store.row(rows).config
            ready = candidates.ready(rows, config, cycle.layout.n_items)
            automatic = load(store, rows).primary.model == AUTO
            refines = refined.of_revision(rows, cycle.inputs.revision)
        revision = cycle.inputs.revision if refines is None else refines.base
        serving = next((one for one in ready if one.revision == revision), None)
        if serving is None:  # the project names it no longer
            spec = cycle.inputs.encoder
            serving = candidates.Candidate(encoders.base_of(spec) or spec, revision)
            ready = [serving, *ready]
        asked = next((one for one in ready if one.spec == candidates.asked_for(config)), None)
        if asked is not None and asked.revision != serving.revision:
            body: EncodersCompared | None = self._asked(cycle, serving, asked, automatic)
        else:
            body = self._compared(cycle, serving, ready if asked is None else [asked], automatic)
        if body is None:
            return
        with hold.write() as transaction:
            transaction.record(self._refined(cycle, transaction.rows, config, body), actor="system")

    @staticmethod
    def _refined(cycle: Cycle, rows: Rows, config: JsonObject, body: EncodersCompared) -> EncodersCompared:
        """The choice, with refined features in the place of those that are chosen where they bring something."""
        body = replace(body, before=cycle.inputs.revision)
        chosen = next((one for one in candidates.plain(rows, config) if one.revision == body.chosen), None)
        if chosen is None:
            return body
        serves = candidates.instead(rows, config, cycle.layout.n_items, chosen, cycle.inputs.revision)
        made = refined.of_revision(rows, serves.revision)
        if made is None:
            return body
        return replace(body, chosen=serves.revision, reason=stored(refined.reason(made, "encoder-refined")))

    @staticmethod
    def _asked(
        cycle: Cycle, serving: candidates.Candidate, asked: candidates.Candidate, automatic: bool
    ) -> EncodersCompared:  # fmt: skip
        question = cycle.inputs.primary
        n_labels = len(cycle.labels(question).of(TRAIN)[0]) if cycle.has_labels(question) else 0
        figures: dict[str, str | int | float] = {"best": asked.spec, "serving": serving.spec}
        reason, model = Reason("encoder-asked", figures), question.model if automatic else ""
        return EncodersCompared(
            cycle.id, question.id, n_labels, "", (), serving.revision, asked.revision, stored(reason), model, model
        )

    @staticmethod
    def _compared(
        cycle: Cycle, serving: candidates.Candidate, ready: list[candidates.Candidate], automatic: bool
    ) -> EncodersCompared | None:
        """The encoders that are ready beside each other, each with every learner where these are chosen too."""
        question, n_items, state = cycle.inputs.primary, cycle.layout.n_items, cycle.state(cycle.inputs.primary)
        state = without_source(state, question.model)  # compared on the labels of the project alone
        by_spec = {one.spec: one.revision for one in ready}
        states = {
            spec: replace(state, X=features.load(cycle.store, revision, n_items, cycle.inputs.upto_seq))
            for spec, revision in by_spec.items()
        }
        pairs = with_learners(states) if automatic else {(spec, question.model): one for spec, one in states.items()}
        now = (serving.spec, question.model)
        pairs.setdefault(now, states[serving.spec])  # boosting on features that were too many for others
        names = {pair: candidates.title(*pair, many=len(ready) > 1, automatic=automatic) for pair in pairs}
        found = representation.compare(
            {names[pair]: one for pair, one in pairs.items()}, cycle.labels(question), names[now],
            what="model" if automatic else "encoder",
        )  # fmt: skip
        if found is None:
            return None
        (spec, model) = next(pair for pair, name in names.items() if name == found.chosen)
        figures = tuple(
            Figure(
                one, by_spec[one], found.found[name].loss, found.found[name].p_best, learner if automatic else ""
            )
            for (one, learner), name in names.items()
        )  # fmt: skip
        return EncodersCompared(
            cycle.id, question.id, found.n_labels, found.measure, figures, serving.revision, by_spec[spec],
            stored(found.reason), question.model if automatic else "", model if automatic else "",
        )  # fmt: skip

    @staticmethod
    def _is_due(cycle: Cycle, rows: Rows) -> bool:
        config = cycle.store.row(rows).config
        automatic = load(cycle.store, rows).primary.model == AUTO
        if len(candidates.specs(config)) < 2 and not automatic:
            return False
        ready = candidates.ready(rows, config, cycle.layout.n_items)
        there = {one.revision for one in ready}
        question, last = cycle.inputs.primary, candidates.last_choice(rows)
        if last is not None and last.cycle >= cycle.id:
            return False
        refines = refined.of_revision(rows, cycle.inputs.revision)
        serving = cycle.inputs.revision if refines is None else refines.base
        now = next((one for one in ready if one.revision == serving), None)
        if now is not None:
            instead = candidates.instead(rows, config, cycle.layout.n_items, now, cycle.inputs.revision)
            if instead.revision != cycle.inputs.revision:
                return True
        if not there - {serving} and not automatic:
            return False
        if (asked := candidates.asked_for(config)) is not None:
            if any(one.spec == asked and one.revision != serving for one in ready):
                return True
            if not automatic:
                return False
            there = {serving}
        if not cycle.has_labels(question):
            return False
        known = set() if last is None else {one.revision for one in last.figures if bool(one.model) == automatic}
        before = last.n_labels if last is not None and there <= known else None
        return representation.is_due(len(cycle.labels(question).of(TRAIN)[0]), before)
