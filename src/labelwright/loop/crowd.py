"""Simulated people, who take published slots under the rules of the server; an oracle gives their answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Ints
from labelwright.loop.state import State, Unfinished
from labelwright.policy.assign import ANSWER, Head, assign
from labelwright.policy.base import Slots
from labelwright.policy.kinds.relabel import Relabel
from labelwright.policy.rules import Rules, enough_answers

Answering = Callable[[Ints], npt.NDArray[Any]]  # item ordinals -> encoded answers


@dataclass(frozen=True)
class Turn:
    """One answer to each of some slots: positions in the head, increasing, and who answers each."""

    positions: Ints
    people: list[str]


def person(k: int) -> str:
    """The name of the k-th simulated person."""
    return f"oracle-{k}"


def head_of(state: State, slots: Slots) -> Head:
    """The slots to take; slots that ask again need people who have not answered yet."""
    n_answers = np.bincount(state.item_idx, minlength=state.n_items)[slots.item_idx]
    names = [*state.people, ""]  # the code of anyone is -1
    only = None if slots.whom is None else [names[code] for code in slots.whom.tolist()]
    return Head(slots.item_idx, slots.kind, np.where(slots.kind == Relabel.name, n_answers, 0), only=only)


def turns(head: Head, answers: Sequence[tuple[int, str, str]], overlap: int) -> list[Turn]:
    """Who answers which slot, until each has enough answers; the t-th turn holds the t-th answer to each slot.

    Parameters
    ----------
    head : Head
    answers : sequence of (item_idx, person, kind)
        Those given before.
    overlap : int

    Examples
    --------
    >>> head = Head(np.array([7, 3]), np.array(["chosen", "relabel"]), np.array([0, 1]))
    >>> [(turn.positions.tolist(), turn.people) for turn in turns(head, [(3, "oracle-0", "answer")], overlap=1)]
    [([0, 1], ['oracle-0', 'oracle-1'])]
    """
    rules = Rules(overlap=overlap, limit=len(head.item_idx))
    leases: list[tuple[int, str]] = []
    takers: list[list[str]] = [[] for _ in head.item_idx]
    n_people = overlap + (0 if head.n_before is None else int(head.n_before.max(initial=0)))
    for k in range(n_people):
        for position in assign(head, person(k), leases, answers, rules):
            takers[position].append(person(k))
            leases.append((int(head.item_idx[position]), person(k)))
    return [
        Turn(
            np.array([p for p, people in enumerate(takers) if len(people) > t], dtype=np.int64),
            [people[t] for people in takers if len(people) > t],
        )
        for t in range(max((len(people) for people in takers), default=0))
    ]


def answered(state: State, slots: Slots, overlap: int, answer: Answering) -> State:
    """The state after simulated people have taken the slots and answered them."""
    head = head_of(state, slots)
    asked = np.isin(state.item_idx, slots.item_idx)
    before = [(int(i), who, ANSWER) for i, who, used in zip(state.item_idx, state.person, asked, strict=True) if used]
    items, people, answers = [state.item_idx], list(state.person), list(state.answer)
    for turn in turns(head, before, overlap):
        items.append(slots.item_idx[turn.positions])
        people += turn.people
        answers += state.task.decode(answer(slots.item_idx[turn.positions]))
    item_idx = np.concatenate(items).astype(np.int64)
    return replace(
        state, item_idx=item_idx, person=people, answer=answers, unfinished=_unfinished(head, slots, item_idx, overlap)
    )


def _unfinished(head: Head, slots: Slots, item_idx: Ints, overlap: int) -> Unfinished:
    """Slots that somebody, but not enough people, answered."""
    n_before = np.zeros(len(slots), dtype=np.int64) if head.n_before is None else head.n_before
    n_people = np.bincount(item_idx, minlength=int(slots.item_idx.max(initial=-1)) + 1)[slots.item_idx] - n_before
    rules = Rules(overlap=overlap)
    left = [
        k
        for k, (kind, n) in enumerate(zip(slots.kind.tolist(), n_people.tolist(), strict=True))
        if n > 0 and not enough_answers(kind, n, rules)
    ]
    return Unfinished(slots.item_idx[left], slots.kind[left], slots.propensity[left])
