"""What is kept of old cycles: everything of the last twenty; labels and model of the best and of ends of rounds.

Labels, model and predictions are kept of the model that somebody chose to serve, of the best one, and of the versions
that a snapshot names, so that a return to them never needs a training.

Predictions of the reserve are kept of 200 models, so that all of them can be measured on the labels of today; where
there are more, the one goes whose neighbours are nearest. Of the other files only the frozen settings stay, and the
slots that somebody was served. What goes is named in the event of the ranking that makes room, never silently. A label
version stays provable: it is recomputed from the events, and its digest must come out as recorded; one that rests on
what a model says of the items can be recomputed as long as that file is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from labelwright.engine import cycle1
from labelwright.engine.cycle import Cycle
from labelwright.engine.cycle_files import CycleFiles
from labelwright.engine.serving import chosen_cycles
from labelwright.policy.fork import ARMS
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

KEEP_CYCLES: Final = 20
KEEP_RESERVE: Final = 200
KEEP_CONTROL: Final = 20
KEEP_ARM: Final = 40
POSITION: Final = "position"


@dataclass(frozen=True)
class Thinned:
    """Files to delete, and digests of what was written to stand for them."""

    paths: tuple[str, ...] = ()
    kept: dict[str, str] = field(default_factory=dict)


def served_path(folder: str) -> str:
    """Where the slots of a thinned ranking are that somebody was served."""
    return f"{folder}/slots-served.npz"


def thin(cycle: Cycle) -> Thinned:
    """What a new cycle makes superfluous; nothing is deleted here."""
    store, old = cycle.store, Cycle(cycle.store, cycle.id - KEEP_CYCLES)
    reserve = [
        path
        for question in cycle.inputs.questions
        for path in (
            *(_beyond(store, f"{question.id}/reserve.npz", KEEP_RESERVE, KEEP_CYCLES) if old.is_frozen else ()),
            *_beyond(store, f"{question.id}/control.npz", KEEP_CONTROL, 1),
            *(p for arm in ARMS for p in _beyond(store, f"{question.id}/{arm}/reserve.npz", KEEP_ARM, 1)),
        )
    ]
    if not old.is_frozen:
        return Thinned(tuple(reserve))
    with store.read() as rows:
        returnable = _returnable(rows, cycle)
        keep_labels = old.id in returnable | _kept(rows, cycle)
        keep_predictions = old.id in returnable
        served = _served(rows, f"r-{old.id}")
    if old.is_old:
        return Thinned(
            (*cycle1.superfluous(store, old.files.folder, keep_labels, keep_predictions, bool(served)), *reserve)
        )
    paths = reserve + [
        path for question in old.inputs.questions for path in _files(old, question.id, keep_labels, keep_predictions)
    ]
    paths += [] if keep_labels else [old.input_arrays, old.files.history]
    kept: dict[str, str] = {}
    if store.arrays.has(old.files.slots):
        paths.append(old.files.slots)
        if served:
            kept = _keep_served(store, old.files, served)
    return Thinned(tuple(sorted(store.arrays.present(paths))), kept)


def _beyond(store: ProjectStore, name: str, keep: int, newest: int) -> list[str]:
    """The file of predictions of the reserve that is missed least, once there are too many; the newest ones stay."""
    table = t.array_file
    with store.read() as rows:
        listed = rows.scalars(
            rows.select(table.c.path).where(table.c.path.like(f"cycles/%/{name}")).order_by(table.c.path)
        ).all()
    paths = store.arrays.present(listed)
    if len(paths) <= keep:
        return []
    cycles = np.array([int(path.split("/")[1]) for path in paths])
    last = len(paths) - newest
    gaps = cycles[2 : last + 1] - cycles[: last - 1]
    return [paths[1 + int(np.argmin(gaps))]]


def _files(old: Cycle, question_id: str, keep_labels: bool, keep_predictions: bool) -> list[str]:
    files, arrays = old.files, old.store.arrays
    predictions = [] if keep_predictions else list(arrays.files(files.predictions(question_id)))
    for arm in ARMS:  # of a fork: what its models say of the reserve is kept
        predictions += [*arrays.files(files.arm_predictions(question_id, arm)), files.arm_model(question_id, arm)]
    predictions += [] if keep_predictions else [files.computed(question_id)]
    of_labels = [files.labels(question_id), files.model(question_id), files.voice(question_id)]
    return predictions if keep_labels else [*predictions, *of_labels]


def _keep_served(store: ProjectStore, files: CycleFiles, served: list[int]) -> dict[str, str]:
    stored = store.arrays.read_bundle(files.slots)
    positions = np.array([p for p in served if p < len(stored["item_idx"])], dtype=np.int64)
    parts = {name: part[positions] for name, part in stored.items() if part.ndim}
    words = {name: part for name, part in stored.items() if not part.ndim}
    return store.arrays.write_bundle(served_path(files.folder), {**parts, **words, POSITION: positions})


def _returnable(rows: Rows, cycle: Cycle) -> set[int]:
    """Cycles of the best and of the chosen models, and those whose label version a snapshot names."""
    kept = set(chosen_cycles(rows).values())
    for question in cycle.inputs.questions:
        table = t.metric
        higher = question.make_task().higher_is_better(question.metric)
        best = rows.scalar(
            rows.select(table.c.cycle)
            .where(table.c.question_id == question.id, table.c.metric == question.metric)
            .order_by(table.c.value.desc() if higher else table.c.value.asc(), table.c.cycle)
            .limit(1)
        )
        kept |= {best} if best is not None else set()
    version, named = t.label_version, t.snapshot
    query = rows.select(version.c.cycle, version.c.questions).where(version.c.id == named.c.label_version_id)
    for row in rows.all(query):
        kept |= {row.cycle, *(one["same_as"] for one in row.questions.values() if one["same_as"] is not None)}
    return kept


def _kept(rows: Rows, cycle: Cycle) -> set[int]:
    """Cycles that rounds are judged by, and those whose labels still serve."""
    kept: set[int] = set()
    for outcome in rows.scalars(rows.select(t.round_.c.outcome)):
        kept |= {outcome[key] for key in ("cycle_before", "cycle_after") if outcome.get(key) is not None}
    table = t.label_version
    recent = rows.scalars(rows.select(table.c.questions).where(table.c.cycle > cycle.id - KEEP_CYCLES))
    kept |= {one["same_as"] for questions in recent for one in questions.values() if one["same_as"] is not None}
    return kept | {question.same_as for question in cycle.inputs.questions if question.same_as is not None}


def _served(rows: Rows, ranking_id: str) -> list[int]:
    """The positions of a ranking that somebody was shown."""
    found: set[int] = set()
    for table in (t.annotation, t.lease):
        found |= set(
            rows.scalars(
                rows.select(table.c.position).where(table.c.ranking_id == ranking_id, table.c.position.is_not(None))
            )
        )
    return sorted(found)
