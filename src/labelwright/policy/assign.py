"""Who gets which published slot: one pure function for server and simulator."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import check_same_length
from labelwright.policy.rules import Rules, enough_answers

ANSWER = "answer"


@dataclass(frozen=True)
class Head:
    """The first slots of the published ranking, in order.

    Parameters
    ----------
    item_idx : int64 array of shape (n_slots,)
        Item ordinals.
    kind : str array of shape (n_slots,)
        Name of the kind of each slot.
    n_before : int64 array of shape (n_slots,), optional
        People who had answered the item before the slot was made and do not count for it, as for slots that ask again;
        none by default.
    least : int64 array of shape (n_slots,), optional
        The overlap of the slice of each item; none by default.
    only : sequence of str, optional
        The one person who may get each slot, "" for anyone; anyone by default.
    """

    item_idx: npt.NDArray[np.int64]
    kind: npt.NDArray[np.str_]
    n_before: npt.NDArray[np.int64] | None = None
    least: npt.NDArray[np.int64] | None = None
    only: Sequence[str] | None = None

    def __post_init__(self) -> None:
        n_slots = len(self.item_idx)
        check_same_length(
            "head", item_idx=n_slots, kind=len(self.kind),
            n_before=n_slots if self.n_before is None else len(self.n_before),
            least=n_slots if self.least is None else len(self.least),
            only=n_slots if self.only is None else len(self.only),
        )  # fmt: skip


def assign(
    head: Head,
    person: str,
    open_leases: Sequence[tuple[int, str]],
    answers: Sequence[tuple[int, str, str]],
    rules: Rules,
) -> list[int]:
    """The published slots that a person may get now, in published order.

    A slot may go to a person if live leases plus distinct people with a standing answer on its item
    are below the overlap, it is not for another person, and the person has neither a lease nor an
    answer, skip or flag on it. A skipped or flagged item therefore goes on to other people.

    Parameters
    ----------
    head : Head
    person : str
    open_leases : sequence of (item_idx, person)
        Live leases only; the clock is the caller's.
    answers : sequence of (item_idx, person, kind)
        Standing answers, skips and flags: what was undone or replaced is not among them.
    rules : Rules

    Returns
    -------
    positions : list of int
        Positions in the head, increasing, at most ``rules.limit``; an item once.

    Notes
    -----
    Cost: linear in leases, answers and slots.

    Examples
    --------
    >>> head = Head(np.array([7, 3, 9]), np.array(["chosen", "reserve", "chosen"]))
    >>> assign(head, "ann", [(7, "bob")], [(3, "ann", "skip")], Rules(limit=2))
    [2]
    """
    n_leases: Counter[int] = Counter(int(item) for item, _ in open_leases)
    answered: defaultdict[int, set[str]] = defaultdict(set)
    touched = {int(item) for item, who in open_leases if who == person}
    for item, who, kind in answers:
        if kind == ANSWER:
            answered[int(item)].add(who)
        if who == person:
            touched.add(int(item))
    positions: list[int] = []
    items: list[Any] = head.item_idx.tolist()
    kinds: list[Any] = head.kind.tolist()
    n_before = [0] * len(items) if head.n_before is None else head.n_before.tolist()
    least = [0] * len(items) if head.least is None else head.least.tolist()
    for position, (item, kind, before, of_slice) in enumerate(zip(items, kinds, n_before, least, strict=True)):
        if len(positions) >= rules.limit:
            break
        if kind in rules.exclude_kinds or item in touched:
            continue
        if head.only is not None and head.only[position] not in ("", person):
            continue
        if not enough_answers(kind, n_leases[item] + len(answered.get(item, ())) - before, rules, least=of_slice):
            positions.append(position)
            touched.add(item)
    return positions
