"""Who gave which class to which item, as arrays; and what a model of the people makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_same_length, complain

Values = Sequence[Any] | npt.NDArray[Any]


@dataclass(frozen=True)
class Votes:
    """Answers that name one class of several, one row an answer, ordered by item.

    Parameters
    ----------
    item, person, label : int64 arrays of shape (n_votes,)
        Positions from 0; ``item`` never decreases, and each item and person has a vote at least.
    n_items, n_people, n_classes : int

    Examples
    --------
    >>> votes = Votes.of(["b", "a", "a"], ["ann", "ann", "bob"], ["yes", "no", "no"])[0]
    >>> votes.item, votes.label
    (array([0, 0, 1]), array([0, 0, 1]))
    """

    item: Ints
    person: Ints
    label: Ints
    n_items: int
    n_people: int
    n_classes: int

    @classmethod
    def of(
        cls, items: Values, people: Values, labels: Values
    ) -> tuple[Votes, npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:  # fmt: skip
        """Votes, and the names of their items, people and classes, sorted.

        Raises
        ------
        InputError
            If the lengths differ, there is no vote, or somebody has two for an item.
        """
        check_same_length("votes", items=len(items), annotators=len(people), answers=len(labels))
        if not len(items):
            raise complain("votes", "answers", "one or more", "none")
        item_names, item = np.unique(np.asarray(items), return_inverse=True)
        person_names, person = np.unique(np.asarray(people), return_inverse=True)
        label_names, label = np.unique(np.asarray(labels), return_inverse=True)
        order = np.lexsort((person, item))
        item, person, label = (part[order].astype(np.int64) for part in (item, person, label))
        twice = np.flatnonzero((item[1:] == item[:-1]) & (person[1:] == person[:-1]))
        if len(twice):
            k = twice[0]
            raise complain(
                "votes", "answers", "one of each annotator to an item",
                f"two of '{person_names[person[k]]}' to '{item_names[item[k]]}'", "Keep the first one of each.",
            )  # fmt: skip
        votes = cls(item, person, label, len(item_names), len(person_names), len(label_names))
        return votes, item_names, person_names, label_names

    @property
    def starts(self) -> Ints:
        """Where the votes about each item begin."""
        return np.searchsorted(self.item, np.arange(self.n_items))

    @property
    def per_item(self) -> Ints:
        """How many votes each item has."""
        return np.bincount(self.item, minlength=self.n_items)

    @property
    def per_person(self) -> Ints:
        """How many votes each person gave."""
        return np.bincount(self.person, minlength=self.n_people)

    def shared(self) -> Votes:
        """The votes about items that several people answered; people and classes keep their codes.

        >>> Votes.of([0, 0, 1], list("aba"), ["x", "y", "x"])[0].shared().n_items
        1
        """
        several = self.per_item > 1
        if several.all():
            return self
        kept = several[self.item]
        code = np.cumsum(several) - 1
        n_items = int(several.sum())
        return Votes(code[self.item[kept]], self.person[kept], self.label[kept], n_items, self.n_people, self.n_classes)

    def counts(self) -> Floats:
        """How often each class was given to each item, (n_items, n_classes)."""
        flat = np.bincount(self.item * self.n_classes + self.label, minlength=self.n_items * self.n_classes)
        return flat.reshape(self.n_items, self.n_classes).astype(np.float64)

    def sum_by_item(self, of_votes: Floats) -> Floats:
        """Rows of votes, (n_votes, n), summed by item, (n_items, n)."""
        return np.add.reduceat(of_votes, self.starts, axis=0)


@dataclass(frozen=True)
class Fitted:
    """What a model of the people found.

    Attributes
    ----------
    proba : float64 array of shape (n_items, n_classes)
        The posterior of each item's class.
    prior : float64 array of shape (n_classes,)
    confusion : float64 array of shape (n_people, n_classes, n_classes)
        The chance that a person gives the second class where the first is true.
    """

    proba: Floats
    prior: Floats
    confusion: Floats

    def without_own(self, votes: Votes) -> Floats:
        """For each vote, the posterior that the others' votes alone would give, (n_votes, n_classes)."""
        own = self.confusion[votes.person, :, votes.label]
        rest = self.proba[votes.item] / np.maximum(own, 1e-12)
        total = rest.sum(axis=1, keepdims=True)
        return np.where(total > 0, rest / np.maximum(total, 1e-300), self.prior)


def normalised(log_weights: Floats) -> Floats:
    """Rows of logarithms as probabilities."""
    weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
