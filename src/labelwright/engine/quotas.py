"""What the saved slices that a policy names held when a cycle was frozen.

A slice is found by what its items have in common, so that it holds other items as answers and items come. The ranking
of a cycle rests on what was frozen, and replay reads that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine import parts
from labelwright.engine.annotated import read_annotated
from labelwright.engine.project import Project
from labelwright.errors import ConflictError, IntegrityError
from labelwright.policy.constraints import Constraint, slice_column, slice_values
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

PREFIX: Final = "slice-"  # among the arrays of a cycle's inputs
Bools = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class FrozenSlice:
    """What is frozen of a slice.

    Attributes
    ----------
    id, name : str
    n_inside : int
        Items that it held.
    complete : bool
        Whether all items were searched, where it is found by words.
    digest : str
        SHA-256 of its items as bits, eight to the byte.
    """

    id: str
    name: str
    n_inside: int
    complete: bool
    digest: str

    @property
    def array(self) -> str:
        """The name of its bits among the arrays."""
        return f"{PREFIX}{self.id}"


def named_in(rules: Sequence[Constraint]) -> list[str]:
    """Names of the slices that constraints name, each once.

    >>> named_in([Constraint("slice", "never", "Spam"), Constraint("domain", "never", "law")])
    ['Spam']
    """
    return list(dict.fromkeys(rule.of_slice for rule in rules if rule.of_slice is not None))


def frozen_slices(store: ProjectStore, rows: Rows, project: Project) -> tuple[tuple[FrozenSlice, ...], dict[str, Bits]]:
    """The slices that the policy names, and their items as bits by the names of the arrays.

    Raises
    ------
    ConflictError
        If there is no slice of a name; removing one that a quota names is refused, so that this cannot be.
    """
    found: list[FrozenSlice] = []
    bits: dict[str, Bits] = {}
    table = t.saved_slice
    for name in named_in(project.policy.rules()):
        row = rows.first(rows.select(table.c.id).where(table.c.name == name))
        if row is None:
            raise ConflictError(f"policy: a quota names the slice '{name}', and there is none.", "Drop the quota.")
        inside = parts.in_slice(store, rows, project, row.id, lambda one: read_annotated(store, rows, project, one))
        packed = np.packbits(inside.keep)
        one = FrozenSlice(row.id, name, int(inside.keep.sum()), inside.complete, _digest(packed))
        found.append(one)
        bits[one.array] = packed
    return tuple(found), bits


def slice_columns(
    slices: Sequence[FrozenSlice], bits: Mapping[str, Bits], n_items: int
) -> dict[str, npt.NDArray[np.str_]]:
    """Frozen slices as the columns that a ranking reads, each (n_items,).

    Raises
    ------
    IntegrityError
        If the bits of a slice are not those that were frozen.
    """
    columns = {}
    for one in slices:
        if _digest(bits[one.array]) != one.digest:
            raise IntegrityError(f"cycle: the items of the slice '{one.name}' must be those that were frozen.")
        columns[slice_column(one.name)] = slice_values(np.unpackbits(bits[one.array], count=n_items).astype(bool))
    return columns


def _digest(packed: Bits) -> str:
    return hashlib.sha256(packed.tobytes()).hexdigest()
