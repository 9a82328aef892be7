"""The steps of a cycle on the store. Each reads what earlier steps wrote, and may be run again after a kill.

The arithmetic is ``labelwright.loop.steps``; here are only reading and writing. A step first looks
whether its output is there already: arrays have fixed paths under ``cycles/NNNNNN``, rows are keyed by
the cycle.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import sklearn
from sqlalchemy import select

from labelwright import __version__, models
from labelwright.engine import features, snapshot
from labelwright.engine.cycle import GUARD, Cycle, read_predictions, write_labels
from labelwright.engine.goals import history, project_rules
from labelwright.engine.publish import publish
from labelwright.loop import steps as pure
from labelwright.store import tables as t


def encode(cycle: Cycle) -> None:
    """Features for new items."""
    features.encode(cycle.store, cycle.project.config["kind"], cycle.project.n_items)


def resolve(cycle: Cycle) -> int:
    """Freeze the answers as an immutable label version; return how many labels it has."""
    store, version_id = cycle.store, f"lv-{cycle.id}"
    with store.read() as connection:
        done = connection.scalar(
            select(t.label_version.c.n_labels).where(
                t.label_version.c.project_id == store.project_id, t.label_version.c.id == version_id
            )
        )
        if done is not None:
            return int(done)
        project = store.row(connection)
        n_items = cycle.project.n_items
        task = snapshot.current_task(store, connection, project.schema_version)
        where = snapshot.layout(store, connection, n_items)
        found = snapshot.answers(store, connection, where.split, project.wanted_seq)
    state = snapshot.state(store, project, task, where, found, seed=cycle.seed, policy=cycle.policy)
    labels = pure.resolve(state)
    frozen = {
        "upto_seq": project.wanted_seq, "n_items": n_items, "schema_version": project.schema_version,
        "seed": cycle.seed, "policy": cycle.policy.to_config(), "n_labels": len(labels.of("train")[0]),
        "version": __version__,
    }  # fmt: skip
    digests = write_labels(store, cycle.path, labels)
    for name in ("busy", "drawn", "round"):
        digests |= store.arrays.write(f"{cycle.path}/labels/{name}.npy", getattr(found, name))
    digests |= store.arrays.write_bytes(f"{cycle.path}/frozen.json", json.dumps(frozen, sort_keys=True).encode())
    with store.write() as transaction:
        store.arrays.remember(transaction.connection, "labels", digests)
        transaction.record(
            "label-version",
            {
                "id": version_id, "cycle": cycle.id, "upto_seq": frozen["upto_seq"], "n_labels": len(labels),
                "arrays": digests, "resolver": f"{task.name}.merge", "schema_version": project.schema_version,
            },
            actor="system",
        )  # fmt: skip
    return len(labels)


def fit(cycle: Cycle) -> bool:
    """Fit the model; whether there was anything to fit."""
    if cycle.has("model.skops"):
        return True
    task = cycle.task()
    model = pure.fit(cycle.state(task), cycle.labels(task))
    if model is None:
        return False
    cycle.store.arrays.write_bytes(f"{cycle.path}/model.skops", models.dump(model))
    return True


def evaluate(cycle: Cycle) -> None:
    """Measure on the reserve and enter the model into the record."""
    store, model_id = cycle.store, f"m-{cycle.id}"
    model = cycle.model()
    with store.read() as connection:
        done = connection.scalar(
            select(t.model.c.id).where(t.model.c.project_id == store.project_id, t.model.c.id == model_id)
        )
    if model is None or done is not None:
        return
    task, frozen = cycle.task(), cycle.frozen()
    found = pure.evaluate(cycle.state(task), cycle.labels(task), model)
    measured = {found.metric: found.estimate, **found.extra} if found.estimate is not None else {}
    metrics = [
        {
            "split": "reserve", "metric": name, "value": float(e.value), "low": float(e.low), "high": float(e.high),
            "n": int(e.n), "n_labels": frozen["n_labels"],
        }
        for name, e in measured.items()
        if e is not None and np.isfinite([e.value, e.low, e.high]).all()
    ]  # fmt: skip
    path = f"{cycle.path}/model.skops"
    digests = {path: store.arrays.digest(path) or ""}
    with store.write() as transaction:
        store.arrays.remember(transaction.connection, "model", digests)
        transaction.record(
            "model",
            {
                "id": model_id, "cycle": cycle.id, "name": model.name, "n_labels": frozen["n_labels"],
                "arrays": digests, "params": {**model.params(), "versions": versions()}, "metrics": metrics,
                "label_version": f"lv-{cycle.id}",
            },
            actor="system",
        )  # fmt: skip


def predict(cycle: Cycle) -> None:
    """Predictions of all items, as they will be read back."""
    model = cycle.model()
    if model is None or cycle.has("predictions/values.npy"):
        return
    predictions = pure.predict(cycle.state(cycle.task()), model)
    parts = predictions.to_arrays()
    for name in sorted(parts, key=lambda n: n == "values"):  # "values" last: its presence means all are there
        cycle.store.arrays.write(f"{cycle.path}/predictions/{name}.npy", parts[name])


def judge(cycle: Cycle) -> None:
    """Hold the history against goal and rules; enter the verdicts into the record."""
    rules = project_rules(cycle.project.config)
    if not rules or cycle.model() is None:
        return
    store = cycle.store
    with store.read() as connection:
        done = connection.scalar(
            select(t.decision.c.seq).where(
                t.decision.c.project_id == store.project_id, t.decision.c.kind == "verdict",
                t.decision.c.cycle == cycle.id,
            )
        )  # fmt: skip
        looks = history(store, connection, cycle.project.config, upto_cycle=cycle.id)
    if done is not None or not len(looks):
        return
    verdicts = pure.judge(cycle.state(cycle.task(), rules), looks)
    with store.write() as transaction:
        transaction.record(
            "decision",
            {
                "decision": "verdict", "cycle": cycle.id,
                "verdicts": [
                    {
                        "rule": rule.name, "stop": bool(v.stop), "value": _number(v.value), "limit": _number(v.limit),
                        "reason": v.reason,
                    }
                    for rule, v in zip(rules, verdicts, strict=True)
                ],
            },
            actor="system",
        )  # fmt: skip


def watch(cycle: Cycle) -> None:
    """Hold chosen labels against random ones, where that is due; enter the verdict into the record."""
    store, task = cycle.store, cycle.task()
    with store.read() as connection:
        done = connection.scalar(
            select(t.decision.c.seq).where(
                t.decision.c.project_id == store.project_id, t.decision.c.kind == GUARD, t.decision.c.cycle == cycle.id
            )
        )
    if done is not None or cycle.model() is None:
        return
    verdict = pure.watch(cycle.state(task), cycle.labels(task))
    if verdict is not None:
        with store.write() as transaction:
            transaction.record("decision", {"decision": GUARD, "cycle": cycle.id, **asdict(verdict)}, actor="system")


def rank(cycle: Cycle) -> None:
    """Order the pool by the policy; write the slots as arrays."""
    if cycle.has("slots/item_idx.npy"):
        return
    task = cycle.task()
    predictions = read_predictions(cycle, task)
    slots = pure.rank(cycle.state(task), cycle.labels(task), predictions, cycle.model())
    arrays = cycle.store.arrays
    for name, part in slots.reasons.items():
        arrays.write(f"{cycle.path}/slots/reason-{name}.npy", part)
    arrays.write_bytes(f"{cycle.path}/slots/mode.txt", slots.mode.encode())
    arrays.write_bytes(f"{cycle.path}/slots/why.txt", slots.why.encode())
    for name in ("kind", "score", "propensity", "item_idx"):
        arrays.write(f"{cycle.path}/slots/{name}.npy", getattr(slots, name))


def finish(cycle: Cycle) -> None:
    """Publish."""
    higher = cycle.task().higher_is_better(cycle.project.config["metric"])
    publish(cycle.store, cycle.id, cycle.path, cycle.frozen(), seed=cycle.seed, higher_is_better=higher)


STEPS: Final[dict[str, Callable[[Cycle], Any]]] = {
    "encode": encode,
    "resolve": resolve,
    "fit": fit,
    "evaluate": evaluate,
    "predict": predict,
    "judge": judge,
    "watch": watch,
    "rank": rank,
    "publish": finish,
}


def versions() -> dict[str, str]:
    """What a refit depends on."""
    return {
        "labelwright": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scikit-learn": sklearn.__version__,
    }


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
