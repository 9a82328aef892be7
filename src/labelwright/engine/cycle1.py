"""Cycles that versions before 0.3 made, read as today's types; nothing here is written any more.

Those projects had one question. A cycle's folder held ``frozen.json``, one file an array under ``labels`` and
``slots``, ``model.skops`` and ``predictions``. Seed, model, metric and rules were not frozen; they could not
change then, so they are read from the project's first configuration.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Final

import numpy as np

from labelwright import encoders
from labelwright.engine import answers
from labelwright.engine.answers import Answer, Ints
from labelwright.engine.guards import past_guards
from labelwright.engine.inputs import SEED_STEP, CycleInputs, Frozen, QuestionInputs
from labelwright.engine.layout import OPEN_RESERVE, SEALED, Layout, layout
from labelwright.engine.moment import Moment
from labelwright.engine.project import load, question_as_of
from labelwright.loop.state import Labels, Unfinished
from labelwright.policy import Slots
from labelwright.policy.kinds.chosen import Chosen
from labelwright.policy.kinds.reserve import Reserve
from labelwright.store.project import ProjectStore
from labelwright.store.record.features import FIRST_REVISION
from labelwright.tasks import Task

FORMAT: Final = 1
QUANTISER: Final = 1
LABEL_PARTS: Final = ("item_idx", "y", "confidence", "split", "n_people")
NONE: Final = np.empty(0, dtype=np.int64)


def frozen_path(folder: str) -> str:
    """Where the frozen inputs are."""
    return f"{folder}/frozen.json"


def labels_path(folder: str) -> str:
    """One of the files of the label version, to see whether it was thinned."""
    return f"{folder}/labels/item_idx.npy"


def model_path(folder: str) -> str:
    """Where the model is."""
    return f"{folder}/model.skops"


def frozen(store: ProjectStore, folder: str, cycle_id: int) -> Frozen:
    """The inputs, as far as they were frozen; the answers that count are folded anew."""
    stored = json.loads(store.arrays.read_bytes(frozen_path(folder)))
    with store.read() as rows:
        project = load(store, rows)
        question = question_as_of(rows, project.primary, stored["schema_version"])
        where = layout(store, rows, stored["n_items"])
        people = answers.counted(rows, where, question.id, stored["upto_seq"])
        guards = past_guards(rows, cycle_id)
    inputs = CycleInputs(
        cycle=cycle_id,
        upto_seq=stored["upto_seq"],
        n_items=stored["n_items"],
        seed=project.seed * SEED_STEP + cycle_id,
        kind=project.kind,
        encoder=encoders.default(project.kind),
        revision=FIRST_REVISION,
        questions=(
            QuestionInputs(
                question.id, question.task_name, question.schema, question.schema_version, question.model,
                question.metric, question.resolver, True, True, None,
            ),
        ),
        policy=stored["policy"],
        rules=project.rules,
        guards=guards,
        quantiser=QUANTISER,
        version=stored.get("version", "0.1.0"),
        format=FORMAT,
    )  # fmt: skip
    parts = {name: _ordinals(store, folder, name) for name in ("busy", "drawn", "round")}
    waiting = _unfinished(people, where, parts["busy"], int(stored["policy"]["overlap"]))
    moment = Moment(parts["busy"], parts["drawn"], parts["round"], waiting)
    seqs = {question.id: np.array([answer.seq for answer in people], dtype=np.int64)}
    return Frozen(inputs, seqs, NONE, moment)


def labels(store: ProjectStore, folder: str, task: Task) -> Labels:
    """The label version."""
    parts = {part: store.arrays.read(f"{folder}/labels/{part}.npy", mapped=False) for part in LABEL_PARTS}
    decoded = task.decode(parts["y"])
    return Labels(
        item_idx=parts["item_idx"], answers=decoded, y=parts["y"], confidence=parts["confidence"],
        split=parts["split"], n_people=parts["n_people"], posterior=[{} for _ in decoded],
    )  # fmt: skip


def label_parts(labels_: Labels) -> dict[str, np.ndarray]:
    """A label version by the names of the files it had."""
    return {f"labels/{part}.npy": getattr(labels_, part) for part in LABEL_PARTS}


def slots(store: ProjectStore, folder: str) -> Slots | None:
    """The published order."""
    if not store.arrays.has(f"{folder}/slots/item_idx.npy"):
        return None
    parts = {
        name: store.arrays.read(f"{folder}/slots/{name}.npy") for name in ("item_idx", "kind", "score", "propensity")
    }
    reasons = {
        path.rpartition("/reason-")[2].removesuffix(".npy"): store.arrays.read(path)
        for path in store.arrays.files(f"{folder}/slots")
        if "/reason-" in path
    }
    return Slots(parts["item_idx"], parts["kind"], parts["score"], parts["propensity"], reasons)


def _unfinished(people: list[Answer], where: Layout, busy: Ints, overlap: int) -> Unfinished:
    """Items with fewer people than the overlap; those versions forgot what they had been asked for."""
    n_people = Counter(answer.ordinal for answer in people if where.split[answer.ordinal] != SEALED)
    closed = set(busy.tolist())
    waiting = np.array(sorted(o for o, n in n_people.items() if n < overlap and o not in closed), dtype=np.int64)
    kinds = np.where(where.split[waiting] == OPEN_RESERVE, Reserve.name, Chosen.name).astype("<U8")
    return Unfinished(waiting, kinds, np.full(len(waiting), np.nan))


def _ordinals(store: ProjectStore, folder: str, name: str) -> np.ndarray:
    """Ordinals that were frozen; none where that version did not."""
    path = f"{folder}/labels/{name}.npy"
    return store.arrays.read(path, mapped=False) if store.arrays.has(path) else NONE


def superfluous(
    store: ProjectStore, folder: str, keep_labels: bool, keep_predictions: bool, was_served: bool
) -> list[str]:
    """The files that may go; slots that somebody was served stay whole."""
    kept = {"predictions": keep_predictions, "labels": keep_labels, "slots": was_served}
    parts = [part for part, keep in kept.items() if not keep]
    found = [path for part in parts for path in store.arrays.files(f"{folder}/{part}")]
    return sorted([*found, *([] if keep_labels or not store.arrays.has(model_path(folder)) else [model_path(folder)])])
