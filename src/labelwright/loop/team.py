"""A simulated team at work: whoever is free first takes the next slot under the rules of the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.loop.annotator import Annotator
from labelwright.loop.crowd import head_of
from labelwright.loop.state import State
from labelwright.policy.assign import ANSWER, assign
from labelwright.policy.base import Slots
from labelwright.policy.rules import Rules

SKIP = "skip"


@dataclass(frozen=True)
class Shift:
    """What a team has done so far.

    Parameters
    ----------
    free : float64 array of shape (n_people,)
        Seconds since the start at which each is free again.
    hours : float
        Time at work, summed over people.
    cost : float
        Money, by the rates of those who answered.
    """

    free: npt.NDArray[np.float64]
    hours: float = 0.0
    cost: float = 0.0


@dataclass(frozen=True)
class Team:
    """The people of a simulation and what they are asked about.

    Parameters
    ----------
    people : tuple of Annotator
        Distinct names.
    y : array of shape (n_items,) or (n_items, n_labels)
        Encoded true labels.
    n_classes : int, optional
        None where an item has several labels or a number.
    real : mapping of str to mapping of int to answer
        Encoded real answers, of the people who have such.
    """

    people: tuple[Annotator, ...]
    y: npt.NDArray[Any]
    n_classes: int | None
    real: Mapping[str, Mapping[int, object]]

    @property
    def costs(self) -> dict[str, float]:
        """Expected money of an answer of each person; hours where nobody is paid."""
        if self.paid:
            return {person.name: person.cost for person in self.people}
        return {person.name: replace(person, cost_per_hour=1.0).cost for person in self.people}

    @property
    def paid(self) -> bool:
        """Whether somebody has a rate."""
        return any(person.cost_per_hour for person in self.people)

    def start(self, seed: int) -> Shift:
        """The beginning of a run: people come in at times of their own."""
        waits = np.array([person.seconds / person.presence for person in self.people])
        return Shift(np.random.default_rng([seed, 2]).random(len(waits)) * waits)

    def answered(self, state: State, slots: Slots, overlap: int, shift: Shift) -> tuple[State, Shift]:
        """The state after people have taken the slots and answered them, and what that took.

        Each slot is answered until it has enough answers or nobody is left who may answer it. What a person answers
        to an item, and how long it takes, depends on the seed, the person and the item alone: it is the same under
        every strategy.
        """
        head, rules = head_of(state, slots), Rules(overlap=overlap)
        asked = np.isin(state.item_idx, slots.item_idx)
        done = [(int(i), who, ANSWER) for i, who, used in zip(state.item_idx, state.person, asked, strict=True) if used]
        for person in self.people:
            if person.answers is not None:
                unknown = (int(i) for i in slots.item_idx if int(i) not in person.answers)
                done += [(item, person.name, SKIP) for item in unknown]
        free, hours, cost = shift.free.copy(), shift.hours, shift.cost
        waiting = np.ones(len(self.people), dtype=bool)
        items: list[int] = []
        names: list[str] = []
        codes: list[object] = []
        while waiting.any():
            k = int(np.where(waiting, free, np.inf).argmin())
            person = self.people[k]
            taken = assign(head, person.name, [], done, rules)
            if not taken:
                waiting[k] = False
                continue
            item = int(slots.item_idx[taken[0]])
            code, seconds = self._answer(k, item, state.seed)
            free[k] += seconds / person.presence
            hours += seconds / 3600
            cost += seconds / 3600 * person.cost_per_hour
            done.append((item, person.name, ANSWER))
            items.append(item)
            names.append(person.name)
            codes.append(code)
        answers = state.task.decode(np.array(codes, dtype=self.y.dtype)) if codes else []
        after = replace(
            state,
            item_idx=np.concatenate([state.item_idx, items]).astype(np.int64),
            person=[*state.person, *names],
            answer=[*state.answer, *answers],
        )
        return after, Shift(free, hours, cost)

    def _answer(self, k: int, item: int, seed: int) -> tuple[object, float]:
        """The encoded answer of the k-th person to an item, and its seconds."""
        person, rng = self.people[k], np.random.default_rng([seed, 3, k, item])
        seconds = person.seconds * float(np.exp(person.spread * rng.normal()))
        if person.answers is not None:
            return self.real[person.name][item], seconds
        return person.draw(item, self.y, self.n_classes, rng), seconds
