"""Where a ranking that was computed again differs from the stored one, and on what machines the two were computed."""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.cycle import Cycle
from labelwright.engine.work.machine import fingerprint

SHOWN: Final = 5
SCORE_TOLERANCE: Final = 1e-6  # relative: a few steps of float32; order and kinds are equal or wrong
PARTS: Final = ("shards",)  # of what is kept, that say nothing of a machine


def positions(differ: npt.NDArray[np.bool_]) -> str:
    """The first positions that differ, counted from 1 as on *Progress*.

    >>> positions(np.array([False, True, True])), positions(np.ones(9, dtype=bool))
    ('at positions 2, 3', 'at 9 positions, the first of them 1, 2, 3, 4, 5')
    """
    where = (np.flatnonzero(differ) + 1).tolist()
    first = ", ".join(map(str, where[:SHOWN]))
    return f"at positions {first}" if len(where) <= SHOWN else f"at {len(where)} positions, the first of them {first}"


def other_machines(cycle: Cycle) -> list[str]:
    """What the predictions of a cycle were computed with, where that is not what this process computes with."""
    path = cycle.files.computed(cycle.inputs.primary.id)
    if cycle.is_old or not cycle.store.arrays.has(path):
        return []
    here = fingerprint()
    said = list[str]()
    for machine in json.loads(cycle.store.arrays.read_bytes(path)):
        others = {name: value for name, value in machine.items() if name not in PARTS and here.get(name) != value}
        if others:
            listed = ", ".join(f"{name} {value}" for name, value in sorted(others.items()))
            said.append(f"{machine['shards']} shard(s) with {listed}")
    return said


def differences(stored: npt.NDArray[Any], again: npt.NDArray[Any]) -> str:
    """Where two arrays of slots differ, or nothing; numbers may differ by the last bits of another processor.

    >>> differences(np.array([1, 2]), np.array([1, 2])), differences(np.array([1, 2]), np.array([2, 1, 3]))
    ('', 'in length, 2 and 3 slots')
    """
    if stored.shape != again.shape:
        return f"in length, {len(stored)} and {len(again)} slots"
    if stored.dtype.kind == "f":
        same = np.isclose(stored, again, rtol=SCORE_TOLERANCE, atol=0.0, equal_nan=True)
    else:
        same = stored == again
    return "" if same.all() else positions(~same)
