"""Features of a range of items from their files alone: of ranges, with those of replaced contents laid over them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from labelwright.engine.work.checked import check_digest
from labelwright.errors import IntegrityError
from labelwright.plain import Json, JsonObject
from labelwright.store.arrays import Arrays

Features = npt.NDArray[np.float32]


def file_params(path: str, first: int, n_items: int, replaces: bool) -> JsonObject:
    """A file of features as a shard's work is told of it."""
    return {"path": path, "first": first, "n_items": n_items, "replaces": replaces}


def covers(file: JsonObject, first: int, stop: int) -> bool:
    """Whether a file of a range holds some of the rows; a file of replaced contents may.

    >>> covers(file_params("a.npy", 0, 10, False), 5, 8), covers(file_params("a.npy", 0, 10, False), 10, 20)
    (True, False)
    """
    start, n_items = int(str(file["first"])), int(str(file["n_items"]))
    return bool(file["replaces"]) or (start < stop and start + n_items > first)


def read_rows(
    arrays: Arrays, files: Sequence[Json], first: int, stop: int, digests: dict[str, str] | None = None
) -> Features:
    """Rows ``first`` to ``stop``, (n, n_dims) float32; a memory map where one file holds them all.

    Parameters
    ----------
    files : sequence of JSON objects
        As `file_params` gives them, in the order in which they are laid over each other.
    digests : dict of str to str, optional
        What each file must be; left out where they were checked.

    Raises
    ------
    IntegrityError
        If files are missing or altered, or do not hold all of the rows.
    """
    parts: list[Features] = []
    whole: Features | None = None
    for file in files:
        assert isinstance(file, dict)
        if not covers(file, first, stop):
            continue
        path = str(file["path"])
        if digests is not None:
            check_digest(arrays, path, digests[path])
        stored = arrays.read(path)
        if not file["replaces"]:
            start = int(str(file["first"]))
            parts.append(stored[max(first - start, 0) : stop - start])
            continue
        whole = np.array(_joined(parts) if whole is None else whole)  # a copy: files are never written
        ordinals = np.asarray(stored[:, 0], dtype=np.int64)
        inside = (ordinals >= first) & (ordinals < stop)
        whole[ordinals[inside] - first] = np.asarray(stored[inside, 1:], dtype=np.float32)
    rows = _joined(parts) if whole is None else whole
    if len(rows) != stop - first:
        raise IntegrityError(
            f"features: files must hold items {first} to {stop - 1}, got {len(rows)} rows.", "Run verify."
        )
    return rows


def _joined(parts: list[Features]) -> Features:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
