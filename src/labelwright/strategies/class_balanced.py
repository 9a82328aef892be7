"""Ask another strategy class by class, so that the labeled set becomes even."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heapify, heapreplace
from typing import Any

import numpy as np

from labelwright.check import Floats, Ints, complain
from labelwright.evidence.base import Evidence
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks

FULL = 2**63  # more answers than any class has


class Wrapper(Strategy):
    """Base of strategies that let another one, given by name, pick among some of the candidates.

    The random share of the inner strategy is theirs too.

    Parameters
    ----------
    strategy : str
        Name of the inner strategy.
    inner : mapping, optional
        Its parameters, as plain JSON.
    """

    def __init__(self, strategy: str, inner: Mapping[str, Any] | None) -> None:
        from labelwright.strategies import make, resolve  # the package imports this file

        self._inner = make(strategy, **(inner or {}))
        if "annotations" in self._inner.needs:
            raise complain(self.name, "strategy", "one that asks about candidates only", repr(strategy))
        self.strategy, self.inner = resolve(strategy), dict(inner or {})
        self.needs = tuple(dict.fromkeys((*type(self).needs, *self._inner.needs)))
        share = self._inner.random_share  # one that samples all at random does so within what the wrapper leaves it
        self.random_share = share if share < 1 else 0.0
        self.tasks = tuple(task for task in type(self).tasks if task in self._inner.tasks)
        if not self.tasks:
            raise complain(
                self.name, "strategy", "one for " + " or ".join(type(self).tasks), repr(self._inner.name),
                "Choose another inner strategy.",
            )  # fmt: skip

    def params(self) -> dict[str, Any]:
        """Its own parameters, from which all else that it states follows."""
        return {key: value for key, value in super().params().items() if not hasattr(Strategy, key)}

    def least_random(self, evidence: Evidence) -> float:
        """What the inner strategy samples at random at least."""
        return self._inner.least_random(evidence)


class ClassBalanced(Wrapper):
    """Splits the batch over predicted classes so that labeled set and batch together become as even as they can.

    Each place goes to the class with the fewest answers and places so far; within a class the inner strategy picks, and
    scores are its own. For uneven classes with a model that is decent on the rare ones. Not where the few predictions
    of a class are mostly wrong: it then asks about those mistakes.

    Parameters
    ----------
    strategy : str
        Name of the inner strategy.
    inner : mapping, optional
        Its parameters.

    Notes
    -----
    The paper solves a program over class probabilities; here the likeliest class of each item is taken for its own.
    Cost: one pass over the predictions, then the inner strategy on each predicted class.
    """

    name = "class-balanced"
    family = "wrapper"
    tasks = ("classification",)
    needs = ("proba", "answers", "margin")
    batch_aware = True
    reference = (
        "Bengar, van de Weijer, Lopez Fuentes, Raducanu (2022). Class-balanced active learning for image classification"
    )

    def __init__(self, *, strategy: str = "margin", inner: Mapping[str, Any] | None = None) -> None:
        super().__init__(strategy, inner)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        proba = evidence.proba
        groups = evidence.groups
        open_ = np.arange(evidence.n_items) if groups is None else np.sort(np.unique(groups, return_index=True)[1])
        predicted = proba[open_].argmax(axis=1) if groups is not None else proba.argmax(axis=1)
        n_classes = proba.shape[1]
        counts = np.bincount(evidence.answers, minlength=n_classes)
        available = np.bincount(predicted, minlength=n_classes)
        turns = take_turns(counts, available, proba.sum(axis=0, dtype=np.float64), n)
        indices, scores = np.empty(len(turns), dtype=np.int64), np.empty(len(turns))
        parts: list[tuple[Ints, dict[str, Floats]]] = []
        for k in dict.fromkeys(turns.tolist()):
            at, members = np.flatnonzero(turns == k), open_[predicted == k]
            picks = self._inner.pick(evidence.subset(members), len(at), rng)
            indices[at], scores[at] = members[picks.indices], picks.scores
            parts.append((at, picks.reasons))
        shared = set.intersection(*(set(reasons) for _, reasons in parts))
        merged = {key: np.empty(len(turns)) for key in sorted(shared)}
        for at, reasons in parts:
            for key in merged:
                merged[key][at] = reasons[key]
        return Picks(indices, scores, merged)


def take_turns(counts: Ints, available: Ints, liked: Floats, n: int) -> Ints:
    """The class of each place in a batch: always the one with the fewest answers and places that has items left.

    Parameters
    ----------
    counts, available : int64 arrays of shape (n_classes,)
        Answers so far, and items to pick from.
    liked : array of shape (n_classes,)
        Breaks ties after `available`: the smaller first.

    Examples
    --------
    >>> take_turns(np.array([3, 1, 0]), np.array([9, 9, 1]), np.zeros(3), 4)
    array([2, 1, 1, 1])
    """
    left = available.copy()
    heap = [(int(counts[k]), int(available[k]), float(liked[k]), -int(k)) for k in np.flatnonzero(available)]
    heapify(heap)
    turns: list[int] = []
    while len(turns) < min(n, int(available.sum())):
        count, size, like, minus = heap[0]
        turns.append(-minus)
        left[-minus] -= 1
        heapreplace(heap, (count + 1 if left[-minus] else FULL, size, like, minus))
    return np.array(turns, dtype=np.int64)
