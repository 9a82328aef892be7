"""When a person is checked, and with what: known answers and repeats, mixed in so that nobody can tell them apart.

Which of a person's items is a check follows from a hash of the person and of how many items they got so far, so the
server and the simulator of teams agree, and asking again for work changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from labelwright.policy.kinds.gold import Gold
from labelwright.policy.kinds.repeat import Repeat

FIRST, MORE_AT_FIRST, MOST_AT_FIRST = 20, 5.0, 0.25  # a new person is checked more often
APART: Final = 10  # items between an answer and its repeat, at least


@dataclass(frozen=True)
class Known:
    """An item whose answer is known.

    Attributes
    ----------
    item : int
        Its ordinal.
    stratum : str
        What checks are balanced by, such as the class and how often people err.
    """

    item: int
    stratum: str


def kind_due(person: str, n_taken: int, *, gold_share: float, repeat_share: float, seed: int = 0) -> str | None:
    """The kind of check that a person's next item is, None where it is ordinary work.

    Parameters
    ----------
    person : str
    n_taken : int
        Items that the person got so far.
    gold_share, repeat_share : float
        Of all items, in [0, 0.5]. Among the first twenty items gold comes five times as often, at most one in four.
    seed : int
        Of the project.

    Examples
    --------
    >>> [kind_due("ann", k, gold_share=0.05, repeat_share=0) for k in range(6)]
    [None, 'gold', None, None, None, None]
    """
    gold = gold_share
    if n_taken < FIRST:
        gold, repeat_share = max(gold_share, min(MORE_AT_FIRST * gold_share, MOST_AT_FIRST)), 0.0
    u = _uniform(seed, person, "check", n_taken)
    if u < gold:
        return Gold.name
    return Repeat.name if u < gold + repeat_share else None


def gold_for(person: str, known: Sequence[Known], touched: Collection[int], *, seed: int = 0) -> int | None:
    """The item with a known answer that a person is checked with next, never one that they had before.

    The stratum of which they had the fewest comes first, so that checks are balanced by class.

    Parameters
    ----------
    known : sequence of Known
    touched : collection of int
        Items that the person answered, skipped, flagged or holds.

    Examples
    --------
    >>> known = [Known(3, "cat"), Known(5, "dog"), Known(8, "cat")]
    >>> gold_for("ann", known, {3})
    5
    """
    had = Counter(one.stratum for one in known if one.item in touched)
    left = [one for one in known if one.item not in touched]
    if not left:
        return None
    return min(left, key=lambda one: (had[one.stratum], _uniform(seed, person, "gold", one.item))).item


def repeat_for(person: str, answered: Sequence[int], repeated: Collection[int], *, seed: int = 0) -> int | None:
    """The item that a person is asked about again, one of those answered a while ago, each at most once.

    Parameters
    ----------
    answered : sequence of int
        Items that the person answered, in order.
    repeated : collection of int
        Those that came again already.

    Examples
    --------
    >>> repeat_for("ann", [4, 7] + list(range(20, 30)), {4})
    7
    """
    left = [item for item in answered[: max(len(answered) - APART, 0)] if item not in repeated]
    return min(left, key=lambda item: _uniform(seed, person, "repeat", item)) if left else None


def is_sampled(item: int, share: float, seed: int = 0) -> bool:
    """Whether an item is in a random sample of that share, the same one whenever it is asked.

    >>> sum(is_sampled(item, 0.1) for item in range(1000)) in range(70, 130)
    True
    """
    return _uniform(seed, "", "review", item) < share


def _uniform(seed: int, person: str, what: str, number: int) -> float:
    digest = blake2b(f"{seed}:{person}:{what}:{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
