"""Why an item was shown, in words; read from the file of the ranking that it came from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelwright.engine.cycle_files import CycleFiles, folder_of
from labelwright.engine.thinning import POSITION, served_path
from labelwright.policy import kinds
from labelwright.policy.kinds.chosen import Chosen
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows
from labelwright.words import Reason, in_words, of_part

SEED = "slot-seed"


@dataclass(frozen=True)
class WhyPart:
    """One part of a score, in words and as a number."""

    name: str
    value: float
    text: str


@dataclass(frozen=True)
class Why:
    """Why an item was shown; available only after the answer."""

    kind: str
    text: str
    strategy: str | None
    position: int | None
    n_labels: int | None
    parts: list[WhyPart]


def explain(
    store: ProjectStore, rows: Rows, slot_kind: str | None, ranking_id: str | None, position: int | None
) -> Why:
    """The parts of the score at the moment when the item was shown."""
    kind = kinds.get(slot_kind or Chosen.name)
    table = t.ranking
    ranking = rows.first(rows.select(table.c.cycle, table.c.strategy, table.c.n_labels).where(table.c.id == ranking_id))
    code, parts = kind.reason, list[WhyPart]()
    if ranking is not None and position is not None and kind.name == Chosen.name:
        mode, scores = _scores(store, ranking.cycle, position)
        code = SEED if mode == "seed" else code
        parts = [WhyPart(name, value, of_part(name, value)) for name, value in scores.items()]
    strategy = None if ranking is None else ranking.strategy
    return Why(
        kind.name, in_words(Reason(code)), strategy, None if position is None else position + 1,
        None if ranking is None else ranking.n_labels, parts,
    )  # fmt: skip


def _scores(store: ProjectStore, cycle: int, position: int) -> tuple[str, dict[str, float]]:
    """What the strategy did, and the parts of a slot's score, from whatever file is kept."""
    arrays, files = store.arrays, CycleFiles(folder_of(cycle))
    if arrays.has(files.slots):
        stored, at = arrays.read_bundle(files.slots), position
    elif arrays.has(served_path(files.folder)):
        stored = arrays.read_bundle(served_path(files.folder))
        found = np.flatnonzero(stored[POSITION] == position)
        if not len(found):
            return "", {}
        at = int(found[0])
    else:
        return _scores_1(store, files.folder, position)
    parts = {name.removeprefix("reason-"): part for name, part in stored.items() if name.startswith("reason-")}
    values = {name: float(part[at]) for name, part in sorted(parts.items()) if at < len(part)}
    return str(stored["mode"]), {name: value for name, value in values.items() if np.isfinite(value)}


def _scores_1(store: ProjectStore, folder: str, position: int) -> tuple[str, dict[str, float]]:
    """The same from the files of a version before 0.3."""
    arrays = store.arrays
    mode = arrays.read_bytes(f"{folder}/slots/mode.txt").decode() if arrays.has(f"{folder}/slots/mode.txt") else ""
    values: dict[str, float] = {}
    for path in arrays.files(f"{folder}/slots"):
        name = path.rpartition("/")[2].removesuffix(".npy")
        if name.startswith("reason-"):
            part = arrays.read(path)
            if position < len(part) and np.isfinite(part[position]):
                values[name.removeprefix("reason-")] = float(part[position])
    return mode, values
