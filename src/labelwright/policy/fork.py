"""Two ways to choose, served side by side: their picks take turns in one order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.check import Ints
from labelwright.policy.base import Slots
from labelwright.policy.kinds.arms import ArmA, ArmB
from labelwright.policy.kinds.chosen import Chosen
from labelwright.policy.kinds.random import Random
from labelwright.words import join

ARMS: Final = (ArmA.name, ArmB.name)
Source = tuple[int, int]  # which of the two orders, and the position there


def interleave(
    first: Slots, second: Slots, *, rng: np.random.Generator, at_random: tuple[bool, bool] = (False, False),
    groups: Ints | None = None,
) -> Slots:  # fmt: skip
    """One order of the picks of two arms, of which one and the other is served in turn.

    Slots that no arm chose (the reserve, the random share, items that others have begun) stay where the first order has
    them. At each pair of the others a coin says which arm picks first; an arm whose pick is taken already picks its
    next one. So neither arm gets more answers than the other, nor the better of two turns. The order ends where one of
    the arms has no pick left.

    Parameters
    ----------
    first, second : Slots
        Of the same candidates.
    at_random : pair of bool
        Whether an arm samples only: the items of its random slots are its picks. At most one of them.
    groups : int64 array of shape (n_items,), optional
        Duplicates: one of each group is asked.

    References
    ----------
    Radlinski, Kurup, Joachims (2008). How does clickthrough data reflect retrieval quality? Sec. 3.2 (team draft).

    Examples
    --------
    >>> def order(*items):
    ...     n = len(items)
    ...     return Slots(np.array(items), np.array(["chosen"] * n), np.zeros(n, np.float32), np.full(n, np.nan))
    >>> both = interleave(order(1, 2, 3), order(1, 5, 6), rng=np.random.default_rng(0))
    >>> len(set(both.item_idx.tolist())), sorted(set(both.kind.tolist()))
    (3, ['arm_a', 'arm_b'])
    """
    orders = (first, second)
    picked = tuple(
        order.kind == (Random.name if sampled else Chosen.name)
        for order, sampled in zip(orders, at_random, strict=True)
    )
    base = int(at_random[0])
    stays = np.flatnonzero(~picked[base])
    taken = _Taken(orders[base].item_idx[stays], groups)
    turns = _turns(orders, picked, taken, rng)
    rows: list[tuple[Source, str]] = []
    for position, is_pick in enumerate(picked[base].tolist()):
        if not is_pick:
            rows.append(((base, position), str(orders[base].kind[position])))
            continue
        if (found := next(turns, None)) is None:
            break
        rows.append((found, ARMS[found[0]]))
    return _together(orders, rows)


class _Taken:
    """Items that have a slot already, with their duplicates."""

    def __init__(self, items: Ints, groups: Ints | None) -> None:
        self.groups = groups
        self.codes = {self._of(item) for item in items.tolist()}

    def _of(self, item: int) -> int:
        return item if self.groups is None else int(self.groups[item])

    def take(self, item: int) -> bool:
        """Take an item; whether it was free."""
        free = (code := self._of(item)) not in self.codes
        self.codes.add(code)
        return free


def _turns(
    orders: tuple[Slots, Slots], picked: tuple[npt.NDArray[np.bool_], ...], taken: _Taken, rng: np.random.Generator
) -> Iterator[Source]:
    """Picks of both arms in turn, as pairs, until one of them has none."""
    left = [iter(np.flatnonzero(mask).tolist()) for mask in picked]
    while True:
        starts = int(rng.integers(2))
        pair: list[Source] = []
        for arm in (starts, 1 - starts):
            free = (position for position in left[arm] if taken.take(int(orders[arm].item_idx[position])))
            pair += [(arm, position) for position in (next(free, None),) if position is not None]
        if len(pair) < len(orders):
            return
        yield from pair


def _together(orders: tuple[Slots, Slots], rows: list[tuple[Source, str]]) -> Slots:
    of = np.array([source[0] for source, _ in rows], dtype=np.int64)
    at = np.array([source[1] for source, _ in rows], dtype=np.int64)
    kind = np.array([kind for _, kind in rows], dtype="<U8")

    def part(values: tuple[npt.NDArray[np.generic] | None, ...], dtype: type[np.floating]) -> npt.NDArray[np.floating]:
        out = np.full(len(rows), np.nan, dtype=dtype)
        for arm, of_arm in enumerate(values):
            if of_arm is not None:
                mine = of == arm
                out[mine] = of_arm[at[mine]]
        return out

    in_arm = np.isin(kind, ARMS)
    propensity = part(tuple(order.propensity for order in orders), np.float64)
    propensity[in_arm] = np.nan  # what an arm asks for is no random sample of what is left
    reasons = {
        name: part(tuple(order.reasons.get(name) for order in orders), np.float32).astype(np.float32)
        for name in sorted({*orders[0].reasons, *orders[1].reasons})
    }
    return Slots(
        np.array([orders[arm].item_idx[position] for (arm, position), _ in rows], dtype=np.int64),
        kind, part(tuple(order.score for order in orders), np.float32).astype(np.float32),
        propensity.astype(np.float64), reasons, " / ".join(order.mode for order in orders),
        join(orders[0].why, orders[1].why) if orders[0].why != orders[1].why else orders[0].why,
    )  # fmt: skip
