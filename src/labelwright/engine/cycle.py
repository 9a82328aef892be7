"""One cycle of one project: where its parts lie, and what was frozen when it began."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, select

from labelwright import models
from labelwright.engine import snapshot
from labelwright.loop.state import Labels
from labelwright.models.base import Model
from labelwright.policy import Policy
from labelwright.policy.guard import GuardVerdict
from labelwright.stopping.base import StoppingRule
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.tasks import Task
from labelwright.tasks.predictions import Predictions

GUARD: Final = "guard"
NONE: Final = np.empty(0, dtype=np.int64)
ARRAY_PARTS: Final = ("item_idx", "y", "confidence", "split", "n_people")


class Cycle:
    """One cycle of one project: its paths, its frozen inputs."""

    def __init__(self, store: ProjectStore, cycle_id: int) -> None:
        self.store = store
        self.id = cycle_id
        self.path = f"cycles/{cycle_id:06d}"
        with store.read() as connection:
            self.project = store.row(connection)
        frozen = self.frozen() if self.has("frozen.json") else None
        self.policy = Policy.from_config(frozen["policy"] if frozen else self.project.config["policy"])
        self.seed = int(self.project.config.get("seed", 0)) * 1_000_003 + cycle_id

    def has(self, path: str) -> bool:
        """Whether an output is there."""
        return (self.store.arrays.folder / self.path / path).exists()

    def frozen(self) -> dict[str, Any]:
        """What ``resolve`` froze for all later steps."""
        frozen: dict[str, Any] = json.loads(self.store.arrays.read_bytes(f"{self.path}/frozen.json"))
        return frozen

    def task(self) -> Task:
        """The task under the frozen schema version."""
        with self.store.read() as connection:
            return snapshot.current_task(self.store, connection, self.frozen()["schema_version"])

    def layout(self) -> snapshot.Layout:
        """The frozen items' splits and groups."""
        with self.store.read() as connection:
            return snapshot.layout(self.store, connection, self.frozen()["n_items"])

    def labels(self, task: Task) -> Labels:
        """The frozen label version."""
        return read_labels(self.store, self.path, task)

    def model(self) -> Model | None:
        """The fitted model, if there was something to fit."""
        if not self.has("model.skops"):
            return None
        return models.load(self.store.arrays.read_bytes(f"{self.path}/model.skops"))

    def state(self, task: Task, rules: tuple[StoppingRule, ...] = ()) -> Any:
        """The pure state with frozen labels in place of answers."""
        parts = {name: self._frozen_items(name) for name in ("busy", "drawn", "round")}
        names = {constraint.column for constraint in self.policy.rules()}
        with self.store.read() as connection:
            columns = snapshot.columns(self.store, connection, names, self.frozen()["n_items"])
            guards = past_guards(self.store, connection, self.id)
        return snapshot.state(
            self.store, self.project, task, self.layout(), None, seed=self.seed, policy=self.policy,
            busy=parts["busy"], drawn=parts["drawn"], round_items=parts["round"], columns=columns, guards=guards,
            rules=rules,
        )  # fmt: skip

    def _frozen_items(self, name: str) -> Any:
        """Ordinals that ``resolve`` froze; none where a version before this one did not."""
        path = f"{self.path}/labels/{name}.npy"
        return self.store.arrays.read(path, mapped=False) if self.has(f"labels/{name}.npy") else NONE


def past_guards(store: ProjectStore, connection: Connection, upto_cycle: int) -> tuple[GuardVerdict, ...]:
    """The guard's verdicts up to a cycle, its own among them."""
    rows = connection.scalars(
        select(t.decision.c.data)
        .where(
            t.decision.c.project_id == store.project_id, t.decision.c.kind == GUARD, t.decision.c.cycle <= upto_cycle
        )
        .order_by(t.decision.c.seq)
    )
    known = [field.name for field in fields(GuardVerdict)]
    return tuple(GuardVerdict(**{name: data[name] for name in known}) for data in rows)


def read_predictions(cycle: Cycle, task: Task) -> Predictions | None:
    """The stored predictions of all items, if there is a model."""
    if not cycle.has("predictions/values.npy"):
        return None
    names = [n for n in ("values", "draws") if cycle.has(f"predictions/{n}.npy")]
    parts = {n: cycle.store.arrays.read(f"{cycle.path}/predictions/{n}.npy") for n in names}
    return Predictions.from_arrays(task.form, parts)


def write_labels(store: ProjectStore, path: str, labels: Labels) -> dict[str, str]:
    """Write a label version's arrays."""
    digests: dict[str, str] = {}
    for part in ARRAY_PARTS:
        digests |= store.arrays.write(f"{path}/labels/{part}.npy", getattr(labels, part))
    return digests


def read_labels(store: ProjectStore, path: str, task: Task) -> Labels:
    """Read a label version's arrays."""
    parts = {part: store.arrays.read(f"{path}/labels/{part}.npy", mapped=False) for part in ARRAY_PARTS}
    decoded = task.decode(parts["y"])
    return Labels(**parts, answers=decoded, posterior=[{} for _ in decoded])
