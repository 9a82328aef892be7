"""The contract of a resolver: several people's answers to an item become one label."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_same_length
from labelwright.tasks.base import Answer, Resolved, Task

DECIDED: Final = "review"
"""The person of an answer that a review decided: it is the label, whatever the others said."""

Params = Mapping[str, object]
"""What a resolver was fitted with, such as people's skills: plain JSON, stored with the label version."""


@dataclass(frozen=True)
class Voice:
    """What a model says of items that it was not trained on.

    Parameters
    ----------
    item : int64 array of shape (n,), increasing
    proba : array of shape (n, n_classes)
    """

    item: npt.NDArray[np.int64]
    proba: Floats

    def __post_init__(self) -> None:
        check_same_length("voice", item=len(self.item), proba=len(self.proba))


@dataclass(frozen=True)
class Answers:
    """Who answered what, one row an answer, in the order the answers came.

    Parameters
    ----------
    item : int64 array of shape (n,)
        Item ordinals.
    person : sequence of n str
    answer : sequence of n answers of the task
    voice : Voice, optional
        For resolvers that hear a model.

    Raises
    ------
    InputError
        If the lengths differ.
    """

    item: npt.NDArray[np.int64]
    person: Sequence[str]
    answer: Sequence[Answer]
    voice: Voice | None = None

    def __post_init__(self) -> None:
        check_same_length("answers", item=len(self.item), person=len(self.person), answer=len(self.answer))

    def items(self) -> npt.NDArray[np.int64]:
        """The items that were answered, sorted, each once."""
        return np.unique(self.item)

    def heard(self, n_classes: int) -> Floats:
        """What the model says of each of `items`, (n_items, n_classes); zeros where it says nothing."""
        items = self.items()
        proba = np.zeros((len(items), n_classes))
        if self.voice is not None and self.voice.proba.shape[1] == n_classes:  # else a class was added since
            _, own, theirs = np.intersect1d(items, self.voice.item, assume_unique=True, return_indices=True)
            proba[own] = self.voice.proba[theirs]
        return proba

    def first_by_item(self) -> Iterator[list[int]]:
        """For each of `items`, the positions of each person's first answer, in the order they came.

        >>> answers = Answers(np.array([7, 3, 7, 7]), ["ann", "ann", "bob", "ann"], [{"label": "l_1"}] * 4)
        >>> list(answers.first_by_item())
        [[1], [0, 2]]
        """
        by_item: dict[int, dict[str, int]] = {}
        for position, (item, person) in enumerate(zip(self.item.tolist(), self.person, strict=True)):
            by_item.setdefault(item, {}).setdefault(person, position)
        for item in sorted(by_item):
            yield list(by_item[item].values())


class Resolver(ABC):
    """Makes one label of each item's answers; a new one is one file in this package.

    Fitting and resolving are apart, so that what was fitted can be stored with a label version, and the same label
    comes out for the screen, the export and the model.

    Attributes
    ----------
    name : str
        Stored in databases: a changed algorithm is a new name.
    hears_model : bool
        Whether what a model says of an item, out of sample, counts beside the answers.
    """

    name: ClassVar[str]
    hears_model: ClassVar[bool] = False

    def serves(self, task: Task) -> bool:
        """Whether it can make labels of answers to this task; every task unless a resolver says otherwise."""
        return True

    @abstractmethod
    def fit(self, task: Task, answers: Answers) -> Params:
        """Learn what resolving needs, as plain JSON; empty where it needs nothing."""

    @abstractmethod
    def resolve(self, task: Task, answers: Answers, params: Params) -> list[Resolved]:
        """One label for each of ``answers.items()``, in that order; a person's first answer counts."""


def resolve(resolver: Resolver, task: Task, answers: Answers, params: Params) -> list[Resolved]:
    """One label for each of ``answers.items()``: what a review decided, else what the resolver makes of the answers.

    Examples
    --------
    >>> from labelwright import annotators, tasks
    >>> task = tasks.make("classification", {"labels": [{"id": "l_1", "name": "a"}, {"id": "l_2", "name": "b"}]})
    >>> answers = Answers(np.array([7, 7, 7]), ["ann", "bob", DECIDED], [{"label": x} for x in ("l_1", "l_1", "l_2")])
    >>> resolve(annotators.make("majority"), task, answers, {})[0].answer
    {'label': 'l_2'}
    """
    resolved = resolver.resolve(task, answers, params)
    place = {item: k for k, item in enumerate(answers.items().tolist())}
    for item, person, answer in zip(answers.item.tolist(), answers.person, answers.answer, strict=True):
        if person == DECIDED:
            resolved[place[item]] = task.merge([answer])
    return resolved
