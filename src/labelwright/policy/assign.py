"""Who gets which published slot: one pure function for server and simulator."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import check_count, check_same_length

ANSWER = "answer"


@dataclass(frozen=True)
class Head:
    """The first slots of the published ranking, in order.

    ``item_idx`` are item ordinals (n_slots,), ``kind`` the kind of each slot (n_slots,).
    """

    item_idx: npt.NDArray[np.int64]
    kind: npt.NDArray[np.str_]

    def __post_init__(self) -> None:
        check_same_length("head", item_idx=len(self.item_idx), kind=len(self.kind))


@dataclass(frozen=True)
class Rules:
    """What limits who gets what.

    Parameters
    ----------
    overlap : int
        Distinct people that answer an item, at least 1.
    limit : int
        How many slots to give at most, at least 0.
    exclude_kinds : frozenset of str
        Kinds of slots that this caller may not get (a grid never holds reserve or gold).
    overlap_by_kind : mapping of str to int
        Where a kind of slot has an overlap of its own, such as reserve or gold.
    """

    overlap: int = 1
    limit: int = 1
    exclude_kinds: frozenset[str] = frozenset()
    overlap_by_kind: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_count("rules", "overlap", self.overlap)
        check_count("rules", "limit", self.limit, low=0)
        for kind, overlap in self.overlap_by_kind.items():
            check_count("rules", f"overlap of {kind}", overlap)

    def overlap_of(self, kind: str) -> int:
        """How many distinct people may answer a slot of this kind."""
        return self.overlap_by_kind.get(kind, self.overlap)


def assign(
    head: Head,
    person: str,
    open_leases: Sequence[tuple[int, str]],
    answers: Sequence[tuple[int, str, str]],
    rules: Rules,
) -> list[int]:
    """The published slots that a person may get now, in published order.

    A slot may go to a person if live leases plus distinct people with a standing answer on its item
    are below the overlap, and the person has neither a lease nor an answer, skip or flag on it. A
    skipped or flagged item therefore goes on to other people.

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
    taken: Counter[int] = Counter(int(item) for item, _ in open_leases)
    answered: defaultdict[int, set[str]] = defaultdict(set)
    mine = {int(item) for item, who in open_leases if who == person}
    for item, who, kind in answers:
        if kind == ANSWER:
            answered[int(item)].add(who)
        if who == person:
            mine.add(int(item))
    positions: list[int] = []
    items: list[Any] = head.item_idx.tolist()
    kinds: list[Any] = head.kind.tolist()
    for position, (item, kind) in enumerate(zip(items, kinds, strict=True)):
        if len(positions) >= rules.limit:
            break
        if kind in rules.exclude_kinds or item in mine:
            continue
        if taken[item] + len(answered.get(item, ())) < rules.overlap_of(kind):
            positions.append(position)
            mine.add(item)
    return positions
