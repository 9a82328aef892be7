"""What limits who gets which slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from labelwright.check import check_count
from labelwright.policy import kinds


@dataclass(frozen=True)
class Rules:
    """Limits on who gets which slot.

    Parameters
    ----------
    overlap : int
        Distinct people that answer an item, at least 1.
    limit : int
        How many slots to give at most, at least 0.
    exclude_kinds : frozenset of str
        Names of kinds of slot that this caller may not get, such as those that no grid holds.
    overlap_by_kind : mapping of str to int
        The overlap of kinds of slot that have one of their own, such as reserve or gold.
    """

    overlap: int = 1
    limit: int = 1
    exclude_kinds: frozenset[str] = frozenset()
    overlap_by_kind: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_count("rules", "overlap", self.overlap)
        check_count("rules", "limit", self.limit, low=0)
        for kind, overlap in self.overlap_by_kind.items():
            check_count("rules", f"overlap of {kind}", overlap)

    def overlap_of(self, kind: str) -> int:
        """How many distinct people answer a slot of this kind."""
        return kinds.get(kind).overlap(self)


def enough_answers(kind: str, n_people: int, rules: Rules, *, least: int = 0) -> bool:
    """Whether a slot needs no more people.

    This is the one definition; assigning, publishing, counting and the annotation service all use it.

    Parameters
    ----------
    kind : str
        Name of the kind of slot.
    n_people : int
        Distinct people with a standing answer to it; callers that ask about the present add those who hold a lease.
    rules : Rules
    least : int
        The overlap of the item's slice, where it has one of its own: the larger one of both holds.

    Examples
    --------
    >>> enough_answers("chosen", 1, Rules(overlap=2)), enough_answers("chosen", 2, Rules(overlap=2))
    (False, True)
    """
    return n_people >= max(rules.overlap_of(kind), least)
