"""Replay: label versions, rankings and verdicts come out equal; a refit agrees within a printed tolerance."""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from labelwright.engine import snapshot
from labelwright.engine.cycle import ARRAY_PARTS, Cycle, read_predictions
from labelwright.engine.goals import history, project_rules
from labelwright.engine.verifying.report import Report
from labelwright.loop import steps as pure
from labelwright.store import tables as t
from labelwright.store.arrays import digest_of
from labelwright.store.project import ProjectStore

REPLAYED_SINCE = (0, 2, 0)  # strategies of earlier versions had other arithmetic (decisions/0010)
TOLERANCE = 1e-3  # of a probability, or of the target's spread


def replay_rounds(store: ProjectStore, connection: Connection, report: Report) -> None:
    """Recompute every published cycle whose arrays are kept."""
    rankings = connection.execute(
        select(t.ranking).where(t.ranking.c.project_id == store.project_id).order_by(t.ranking.c.cycle)
    ).all()
    equal = refit = 0
    worst, thinned, older = 0.0, [], []
    for ranking in rankings:
        cycle = Cycle(store, ranking.cycle)
        found = len(report.problems)
        _replay_labels(store, connection, cycle, report)
        _replay_verdict(store, connection, cycle, report)
        if not cycle.has("labels/item_idx.npy") or (ranking.model_id and not cycle.has("predictions/values.npy")):
            thinned.append(ranking.cycle)
            continue
        if _version(cycle) < REPLAYED_SINCE:
            older.append(ranking.cycle)
            continue
        _replay_ranking(cycle, report)
        equal += len(report.problems) == found
        if ranking.model_id is not None:
            refit += 1
            worst = max(worst, _refit_distance(cycle))
    report.say(f"replay: {equal} of {len(rankings)} rankings, label versions and verdicts equal")
    if thinned:
        report.say(f"replay: predictions of cycles {thinned[0]} to {thinned[-1]} were thinned; not replayable")
    if older:
        since = ".".join(map(str, REPLAYED_SINCE))
        report.say(f"replay: cycles {older[0]} to {older[-1]} were ranked before {since}; not replayable since then")
    if worst > TOLERANCE:
        report.complain(f"replay: a refit differs by {worst:.2g}, more than {TOLERANCE:g}.")
    report.say(f"replay: {refit} models refitted, largest difference {worst:.2g} (tolerance {TOLERANCE:g})")


def _version(cycle: Cycle) -> tuple[int, ...]:
    """The version that made a cycle; the first one did not say."""
    return tuple(int(part) for part in cycle.frozen().get("version", "0.1.0").split(".")[:3])


def _replay_labels(store: ProjectStore, connection: Connection, cycle: Cycle, report: Report) -> None:
    frozen, task, where = cycle.frozen(), cycle.task(), cycle.layout()
    found = snapshot.answers_as_of(store, connection, where.split, frozen["upto_seq"])
    state = snapshot.state(store, cycle.project, task, where, found, seed=cycle.seed, policy=cycle.policy)
    labels = pure.resolve(state)
    recorded = connection.execute(
        select(t.label_version.c.arrays).where(
            t.label_version.c.project_id == store.project_id, t.label_version.c.cycle == cycle.id
        )
    ).scalar_one()
    for part in ARRAY_PARTS:  # by digest, so that it holds where the arrays themselves were thinned
        if digest_of(getattr(labels, part)) != recorded[f"{cycle.path}/labels/{part}.npy"]:
            report.complain(f"replay: label version lv-{cycle.id} differs in {part}.")


def _replay_ranking(cycle: Cycle, report: Report) -> None:
    task = cycle.task()
    slots = pure.rank(cycle.state(task), cycle.labels(task), read_predictions(cycle, task), cycle.model())
    for part in ("item_idx", "kind", "score", "propensity"):
        stored = cycle.store.arrays.read(f"{cycle.path}/slots/{part}.npy")
        again: Any = getattr(slots, part)
        if not np.array_equal(stored, again, equal_nan=part in ("score", "propensity")):
            report.complain(f"replay: ranking r-{cycle.id} differs in {part}.")


def _replay_verdict(store: ProjectStore, connection: Connection, cycle: Cycle, report: Report) -> None:
    row = connection.execute(
        select(t.decision.c.data).where(
            t.decision.c.project_id == store.project_id, t.decision.c.kind == "verdict",
            t.decision.c.cycle == cycle.id,
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        return
    rules = project_rules(cycle.project.config)
    looks = history(store, connection, cycle.project.config, upto_cycle=cycle.id)
    verdicts = [(r.name, bool(v.stop), v.reason) for r, v in zip(rules, (r.judge(looks) for r in rules), strict=True)]
    if verdicts != [(v["rule"], v["stop"], v["reason"]) for v in row.data["verdicts"]]:
        report.complain(f"replay: the verdict of cycle {cycle.id} differs.")


def _refit_distance(cycle: Cycle) -> float:
    task = cycle.task()
    state = cycle.state(task)
    model = pure.fit(state, cycle.labels(task))
    stored = read_predictions(cycle, task)
    if model is None or stored is None:
        return 0.0
    some = np.linspace(0, state.n_items - 1, min(state.n_items, 5000)).astype(np.int64)
    again, before = model.predict(state.X[some]).values, stored.values[some]
    scale = 1.0 if task.form != "value" else max(float(np.std(before)), 1e-9)
    return float(np.abs(again - before).max() / scale)
