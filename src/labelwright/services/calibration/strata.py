"""Strata of items: the pair of answers that people, or else the model, cannot decide between; and how sure it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine import answers as counting
from labelwright.engine.answers import NOBODY
from labelwright.engine.cycle import Cycle
from labelwright.engine.gold import known_answers
from labelwright.engine.layout import POOL, layout
from labelwright.engine.pinned import pinned
from labelwright.engine.project import Project, Question
from labelwright.services.projects.described import describe_answer
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
PEOPLE: Final = "people"
MODEL: Final = "model"
ANY: Final = "any"
Stratum = tuple[str, str, str]  # who cannot decide, and between what


@dataclass(frozen=True)
class Strata:
    """The strata of the items that a session may show.

    Attributes
    ----------
    votes : mapping of int to Counter of str
        By ordinal, how many people gave each answer, in words, where they disagree.
    classes : list of str
        In words, as the model orders them; none where answers are no classes.
    top : int64 array of shape (n_items, 2)
        The model's two likeliest classes in the order of ``classes``; -1 where it says nothing.
    sure : float array of shape (n_items,)
        The model's confidence in [0, 1]; NaN where it says nothing.
    usable : bool array of shape (n_items,)
        Items of the pool that are neither excluded, nor pinned to the guidelines, nor have a known answer.
    """

    votes: dict[int, Counter[str]]
    classes: list[str]
    top: Ints
    sure: Floats
    usable: npt.NDArray[np.bool_]

    def of(self, ordinal: int) -> Stratum:
        """The stratum of an item: people's where they disagree, else the model's, else that of all items."""
        if ordinal in self.votes:
            first, second = sorted(name for name, _ in self.votes[ordinal].most_common(2))
            return PEOPLE, first, second
        return self.of_model(ordinal)

    def of_model(self, ordinal: int) -> Stratum:
        """The model's stratum of an item."""
        one, two = self.top[ordinal]
        if one < 0:
            return (ANY, "", "") if np.isnan(self.sure[ordinal]) else (MODEL, "", "")
        return MODEL, self.classes[one], self.classes[two]

    def borderline(self, n: int) -> list[int]:
        """The usable items of which the model is least sure and that people do not disagree about."""
        order = np.argsort(np.where(self.usable, self.sure, np.nan), kind="stable")  # NaN last
        found = order[: n + len(self.votes)]
        return [int(o) for o in found if self.usable[o] and not np.isnan(self.sure[o]) and o not in self.votes][:n]

    def random(self, rng: np.random.Generator, most_strata: int, n: int) -> dict[Stratum, list[int]]:
        """``n`` usable items sampled at random from each of the largest strata of the model."""
        found: dict[Stratum, list[int]] = {}
        usable = np.flatnonzero(self.usable)
        codes = self._codes(usable)
        values, sizes = np.unique(codes, return_counts=True)
        for code in values[np.argsort(-sizes, kind="stable")][:most_strata]:
            members = usable[codes == code]
            sample = rng.choice(members, size=min(n, len(members)), replace=False)
            found[self.of_model(int(members[0]))] = [int(o) for o in sample]
        return found

    def fresh(self, items: Iterable[int], used: set[int], rng: np.random.Generator) -> list[int]:
        """Items to replace some by: unused ones of the same stratum of which the model is about as sure.

        An item whose stratum has no unused item left is not replaced.
        """
        free = self.usable.copy()
        free[list(used)] = False
        chosen: list[int] = []
        for ordinal in items:
            candidates = rng.permutation(self._mates(ordinal, free))  # random among those of which it is equally sure
            if not len(candidates):
                continue
            apart = np.nan_to_num(np.abs(self.sure[candidates] - self.sure[ordinal]), nan=1.0)
            nearest = int(candidates[np.argmin(apart)])
            free[nearest] = False
            chosen.append(nearest)
        return chosen

    def _mates(self, ordinal: int, free: npt.NDArray[np.bool_]) -> Ints:
        """The free items of an item's stratum."""
        stratum = self.of(ordinal)
        if stratum[0] == PEOPLE:
            return np.array([o for o in self.votes if free[o] and self.of(o) == stratum], dtype=np.int64)
        same = (
            free & (self.top == self.top[ordinal]).all(axis=1) & (np.isnan(self.sure) == np.isnan(self.sure[ordinal]))
        )
        same[list(self.votes)] = False
        return np.flatnonzero(same)

    def _codes(self, ordinals: Ints) -> Ints:
        """A number for the model's stratum of each item."""
        top = np.sort(self.top[ordinals], axis=1)
        return np.asarray(top[:, 0] * (len(self.classes) + 1) + top[:, 1])


def read(store: ProjectStore, rows: Rows, project: Project, question: Question) -> Strata:
    """The strata as they are now."""
    n_items = project.row.n_items
    where = layout(store, rows, n_items)
    said: dict[int, Counter[str]] = defaultdict(Counter)
    for one in counting.counted(rows, where, question.id):
        if one.person_id not in NOBODY and where.split[one.ordinal] == POOL:
            said[one.ordinal][describe_answer(question, one.answer)] += 1
    usable = where.split == POOL
    usable[list(counting.excluded(rows, n_items))] = False
    usable[list(pinned(rows))] = False
    usable[[ordinal for ordinal, _ in known_answers(rows, question.id)]] = False
    votes = {ordinal: one for ordinal, one in said.items() if len(one) > 1}
    classes, top, sure = _by_model(store, project, question)
    return Strata(votes, classes, top, np.where(where.split == POOL, sure, np.nan), usable)


def _by_model(store: ProjectStore, project: Project, question: Question) -> tuple[list[str], Ints, Floats]:
    n_items = project.row.n_items
    top, sure = np.full((n_items, 2), -1, dtype=np.int64), np.full(n_items, np.nan)
    if project.row.cycle == 0:
        return [], top, sure
    cycle = Cycle(store, project.row.cycle)
    frozen = next((one for one in cycle.inputs.questions if one.id == question.id), None)
    predictions = None if frozen is None else cycle.predictions(frozen)
    if frozen is None or predictions is None:
        return [], top, sure
    task = frozen.make_task()
    known = np.asarray(task.confidence(predictions), dtype=np.float64)
    sure[: len(known)] = known
    if not task.one_class or task.n_outputs < 2:
        return [], top, sure
    proba = np.asarray(task.proba(predictions))
    two = np.argpartition(proba, -2, axis=1)[:, -2:]
    top[: len(two)] = np.sort(two, axis=1)
    classes = [describe_answer(question, answer) for answer in task.decode(np.arange(task.n_outputs))]
    return classes, top, sure
