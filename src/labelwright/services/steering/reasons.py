"""Why an item was shown, in words; read from the file of the ranking that it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labelwright.engine.cycle_files import CycleFiles, folder_of
from labelwright.engine.thinning import POSITION, served_path
from labelwright.errors import UnavailableError
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
    return explain_all(store, rows, ranking_id, [(slot_kind or Chosen.name, position)])[0]


def explain_all(
    store: ProjectStore, rows: Rows, ranking_id: str | None, slots: Sequence[tuple[str, int | None]]
) -> list[Why]:
    """The same of several slots of a ranking, each a kind and a position; the file is read once."""
    table = t.ranking
    ranking = rows.first(rows.select(table.c.cycle, table.c.strategy, table.c.n_labels).where(table.c.id == ranking_id))
    try:
        scores = None if ranking is None else _Scores.read(store, ranking.cycle)
    except UnavailableError:  # they are in a store that is away; the kind of slot is told all the same
        scores = None
    strategy, n_labels = (None, None) if ranking is None else (ranking.strategy, ranking.n_labels)
    explained = []
    for name, position in slots:
        kind = kinds.get(name)
        code, parts = kind.reason, list[WhyPart]()
        if scores is not None and position is not None and kind.name in kinds.chosen():
            mode, values = scores.at(position)
            code = SEED if mode == "seed" else code
            parts = [WhyPart(part, value, of_part(part, value)) for part, value in values.items()]
        shown = None if position is None else position + 1
        explained.append(Why(kind.name, in_words(Reason(code)), strategy, shown, n_labels, parts))
    return explained


@dataclass(frozen=True)
class _Scores:
    """What the strategy did, and the parts of the scores of slots, from whatever file of a cycle is kept.

    Attributes
    ----------
    parts : mapping of str to array
        By name.
    positions : int64 array, optional
        Of the rows of ``parts``, where only those that were served are kept.
    """

    mode: str
    parts: Mapping[str, npt.NDArray[np.floating]]
    positions: npt.NDArray[np.int64] | None = None

    @classmethod
    def read(cls, store: ProjectStore, cycle: int) -> _Scores:
        arrays, files = store.arrays, CycleFiles(folder_of(cycle))
        served = served_path(files.folder)
        if not arrays.has(files.slots) and not arrays.has(served):
            return cls._of_version_1(store, files.folder)
        stored = arrays.read_bundle(files.slots if arrays.has(files.slots) else served)
        parts = {name.removeprefix("reason-"): stored[name] for name in sorted(stored) if name.startswith("reason-")}
        return cls(str(stored["mode"]), parts, None if arrays.has(files.slots) else stored[POSITION])

    @classmethod
    def _of_version_1(cls, store: ProjectStore, folder: str) -> _Scores:
        """The same from the files of a version before 0.3."""
        arrays, mode = store.arrays, f"{folder}/slots/mode.txt"
        paths = {path.rpartition("/")[2].removesuffix(".npy"): path for path in arrays.files(f"{folder}/slots")}
        parts = {n.removeprefix("reason-"): arrays.read(path) for n, path in paths.items() if n.startswith("reason-")}
        return cls(arrays.read_bytes(mode).decode() if arrays.has(mode) else "", parts)

    def at(self, position: int) -> tuple[str, dict[str, float]]:
        """The mode and the parts of one slot; nothing where it is not kept."""
        if self.positions is not None:
            found = np.flatnonzero(self.positions == position)
            if not len(found):
                return "", {}
            position = int(found[0])
        values = {name: float(part[position]) for name, part in self.parts.items() if position < len(part)}
        return self.mode, {name: value for name, value in values.items() if np.isfinite(value)}
