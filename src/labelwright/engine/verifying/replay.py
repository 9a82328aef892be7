"""Replay: label versions, rankings and verdicts come out equal; a refit agrees within a printed tolerance.

Replay reads what was frozen with each cycle, and events. It does not look at the project as it is now.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from labelwright.engine import answers, arms, controls, cycle1, sealed
from labelwright.engine.certificates import replayed
from labelwright.engine.cycle import Cycle
from labelwright.engine.cycle_files import label_arrays
from labelwright.engine.history import history, history_arrays
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.project import load
from labelwright.engine.steps.rank import order
from labelwright.engine.verifying.chain import Collected
from labelwright.engine.verifying.differing import differences, other_machines
from labelwright.engine.verifying.report import Report
from labelwright.loop import steps as pure
from labelwright.loop.state import Labels
from labelwright.policy.fork import ARMS
from labelwright.store import tables as t
from labelwright.store.arrays import digest_of, digest_of_bundle
from labelwright.store.project import ProjectStore
from labelwright.store.record.decisions import VerdictReached
from labelwright.store.rows import Rows
from labelwright.tasks import Predictions, Task

REPLAYED_SINCE: Final = (0, 2, 0)  # strategies of earlier versions had other arithmetic (decisions/0010)
TOLERANCE: Final = 1e-3  # of a probability, or of the target's spread


def replay_rounds(store: ProjectStore, rows: Rows, collected: Collected, report: Report) -> None:
    """Recompute every published cycle, as far as its files are kept."""
    cycles = [Cycle(store, int(c)) for c in rows.scalars(rows.select(t.ranking.c.cycle).order_by(t.ranking.c.cycle))]
    equal, refitted, worst = 0, 0, 0.0
    thinned: list[int] = []
    older: list[int] = []
    blanked: list[int] = []
    last_erasure = max(collected.blanked.values(), default=0)
    for cycle in cycles:
        before = report.n_problems
        _replay_labels(store, rows, cycle, report)
        _replay_verdict(rows, cycle, report)
        primary = cycle.inputs.primary
        stored, model = cycle.slots(), store.arrays.has(cycle.model_path(primary))
        thin = not cycle.has_labels(primary) or not arms.has_predictions(cycle)
        if stored is None or thin or (model and cycle.predictions(primary) is None):
            thinned.append(cycle.id)
            continue
        if _version(cycle) < REPLAYED_SINCE:
            older.append(cycle.id)
            continue
        if cycle.inputs.upto_seq < last_erasure and not cycle.inputs.is_cold:  # what it ranked is there no more
            blanked.append(cycle.id)
            continue
        again = order(cycle)
        for part in ("item_idx", "kind", "score", "propensity"):
            if differ := differences(getattr(stored, part), getattr(again, part)):
                report.complain(f"replay: ranking r-{cycle.id} differs in {part} {differ}.")
        if report.n_problems > before and (machines := other_machines(cycle)):
            report.say(f"replay: predictions of cycle {cycle.id} were computed otherwise: {'; '.join(machines)}")
        equal += report.n_problems == before
        for question in cycle.inputs.questions:
            if question.same_as is None and store.arrays.has(cycle.model_path(question)):
                refitted += 1
                worst = max(worst, _refit_distance(cycle, question))
        worst = max(worst, _control_distance(cycle), _arms_distance(cycle))
    _replay_openings(store, rows, report)
    report.say(f"replay: {equal} of {len(cycles)} rankings, label versions and verdicts equal")
    if thinned:
        report.say(f"replay: predictions of cycles {thinned[0]} to {thinned[-1]} were thinned; not replayable")
    if older:
        since = ".".join(map(str, REPLAYED_SINCE))
        report.say(f"replay: cycles {older[0]} to {older[-1]} were ranked before {since}; not replayable since then")
    if blanked:
        report.say(
            f"replay: items of cycles {blanked[0]} to {blanked[-1]} were erased; "
            f"not replayable since event {last_erasure}, but for labels and verdicts"
        )
    if worst > TOLERANCE:
        report.complain(f"replay: a refit differs by {worst:.2g}, more than {TOLERANCE:g}.")
    report.say(f"replay: {refitted} models refitted, largest difference {worst:.2g} (tolerance {TOLERANCE:g})")


def _version(cycle: Cycle) -> tuple[int, ...]:
    """The version of Labelwright that made a cycle."""
    return tuple(int(part) for part in cycle.inputs.version.split(".")[:3])


def _replay_labels(store: ProjectStore, rows: Rows, cycle: Cycle, report: Report) -> None:
    """Fold the events up to the cycle's moment, resolve them, and compare by digest, whether files are kept or not."""
    frozen, where = cycle.inputs, cycle.layout
    table = t.label_version
    recorded = rows.scalar(rows.select(table.c.arrays).where(table.c.cycle == cycle.id))
    without = answers.excluded_as_of(store, rows, frozen.n_items, frozen.upto_seq)
    for question in frozen.questions:
        voice = cycle.files.voice(question.id)
        if question.same_as is not None or (voice in recorded and not store.arrays.has(voice)):
            continue
        people = answers.counted(rows, where, question.id, frozen.upto_seq)
        used = answers.used(people, answers.given(rows, where, question.id, frozen.upto_seq), where, without)
        labels = pure.resolve(cycle.answered_state(question, used))
        for path, digest in _digests(cycle, question, labels).items():
            if recorded.get(path) != digest:
                report.complain(f"replay: label version lv-{cycle.id} differs in {path}.")


def _digests(cycle: Cycle, question: QuestionInputs, labels: Labels) -> dict[str, str]:
    if not cycle.is_old:
        return {cycle.files.labels(question.id): digest_of_bundle(label_arrays(labels))}
    folder = cycle.files.folder
    return {f"{folder}/{name}": digest_of(part) for name, part in cycle1.label_parts(labels).items()}


def _replay_verdict(rows: Rows, cycle: Cycle, report: Report) -> None:
    table = t.decision
    data = rows.scalar(rows.select(table.c.data).where(table.c.kind == VerdictReached.kind, table.c.cycle == cycle.id))
    if data is None:
        return
    recorded = VerdictReached.read(data, VerdictReached.body_version)
    frozen = cycle.inputs
    looks = history(rows, frozen.primary, upto_cycle=cycle.id, cost=frozen.cost, looks=frozen.looks)
    if recorded.history is not None and digest_of_bundle(history_arrays(looks)) != recorded.history:
        report.complain(f"replay: the history that cycle {cycle.id} was judged by differs.")
    again = [(rule.name, rule.make().judge(looks)) for rule in cycle.inputs.rules]
    if [(name, bool(verdict.stop)) for name, verdict in again] != [(v.rule, v.stop) for v in recorded.verdicts]:
        report.complain(f"replay: the verdict of cycle {cycle.id} differs.")


def _replay_openings(store: ProjectStore, rows: Rows, report: Report) -> None:
    """Test again what was certified, on the labels and predictions of that moment."""
    found = sealed.openings(rows)
    project = load(store, rows) if found else None
    for _, opened in found:
        if project is not None and replayed(store, rows, project, opened) is False:
            report.complain(f"replay: opening {opened.opening} of the sealed labels differs.")
    if found:
        report.say(f"replay: {len(found)} openings of sealed labels")


def _control_distance(cycle: Cycle) -> float:
    """As for served models, of one that was trained on the control arm alone, on the items of the reserve."""
    question = cycle.inputs.primary
    stored = cycle.control(question)
    again = None if stored is None else controls.predicted(cycle, question)
    if stored is None or again is None or not len(stored.item_idx):
        return 0.0
    return _distance(question.make_task(), stored.predictions, again.predictions)


def _arms_distance(cycle: Cycle) -> float:
    """The same of the models of the two arms of a fork, if one ran."""
    question, worst = cycle.inputs.primary, 0.0
    for arm, name in enumerate(ARMS if cycle.inputs.fork is not None else ()):
        stored = arms.of_reserve(cycle, question, name)
        model = None if stored is None else pure.fit(arms.state(cycle, arm), arms.labels(cycle, arm))
        if stored is None or model is None or not len(stored.item_idx):
            continue
        again = model.predict(arms.state(cycle, arm).X[stored.item_idx])
        worst = max(worst, _distance(question.make_task(), stored.predictions, again))
    return worst


def _refit_distance(cycle: Cycle, question: QuestionInputs) -> float:
    """The largest difference between stored predictions and those of a model that is fitted anew."""
    labels, stored = cycle.labels(question), cycle.predictions(question)
    state, task = cycle.state(question), question.make_task()
    model = pure.fit(state, labels)
    if model is None or stored is None:
        return 0.0
    some = np.linspace(0, state.n_items - 1, min(state.n_items, 5000)).astype(np.int64)
    return _distance(task, task.take(stored, some), model.predict(state.X[some]))


def _distance(task: Task, stored: Predictions, refitted: Predictions) -> float:
    again, before = task.proba(refitted), task.proba(stored)
    scale = max(float(np.std(before)), 1e-9) if before.ndim == 1 else 1.0  # numbers in units of their spread
    return float(np.abs(again - before).max() / scale)
