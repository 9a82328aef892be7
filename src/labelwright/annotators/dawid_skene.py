"""Each person has a confusion matrix of their own."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.annotators.categorical import Categorical, posterior
from labelwright.annotators.votes import Fitted, Votes
from labelwright.check import Floats

MAX_ROUNDS = 200
TOLERANCE = 1e-6
UNKNOWN = 0.8  # accuracy of people who share no item with anybody
STRENGTH = 2.0  # answers that the mean person's row counts for in everybody's


class DawidSkene(Categorical):
    """Expectation maximisation over classes, prior and confusions.

    Each row of a person's confusion is shrunk to that of all people together, which counts for two answers, so that
    somebody with few answers is taken for an average person. It begins at the shares of votes. Only items that several
    people answered say how good people are: one answer alone agrees with itself, so such items take no part in the
    fit, and get the posterior that it gives them.

    References
    ----------
    Dawid, Skene (1979). Maximum likelihood estimation of observer error-rates using the EM algorithm, eq. 2.3 to 2.5.

    Examples
    --------
    >>> votes = Votes.of([0, 0, 0, 1, 1, 1], list("abcabc"), ["x", "x", "y", "y", "y", "x"])[0]
    >>> DawidSkene().estimate(votes).proba.argmax(axis=1)
    array([0, 1])
    """

    name: ClassVar[str] = "dawid-skene"

    def estimate(self, votes: Votes) -> Fitted:
        shared = votes.shared()
        if not shared.n_items:
            return self._unshared(votes)
        proba: Floats = shared.counts() / shared.per_item[:, None]
        for _ in range(MAX_ROUNDS):
            prior = (proba.sum(axis=0) + 0.5) / (shared.n_items + 0.5 * votes.n_classes)
            confusion = self._confusion(shared, proba)
            before, proba = proba, posterior(shared, prior, confusion)
            if float(np.abs(proba - before).max()) < TOLERANCE:
                break
        if shared.n_items == votes.n_items:
            return Fitted(proba, prior, confusion)
        return Fitted(posterior(votes, prior, confusion), prior, confusion)

    def _unshared(self, votes: Votes) -> Fitted:
        """Nobody can be compared with anybody: everybody is right more often than not, and classes are even."""
        k = votes.n_classes
        confusion = np.full((votes.n_people, k, k), (1 - UNKNOWN) / max(k - 1, 1))
        confusion[:, np.arange(k), np.arange(k)] = UNKNOWN
        prior: Floats = np.full(k, 1 / k)
        return Fitted(posterior(votes, prior, confusion), prior, confusion)

    def _confusion(self, votes: Votes, proba: Floats) -> Floats:
        """The confusions that the classes make likely, (n_people, n_classes, n_classes)."""
        counts = pair_counts(votes, proba)
        pooled = counts.sum(axis=0) + 0.5
        mean = pooled / pooled.sum(axis=1, keepdims=True)
        smoothed = counts + STRENGTH * mean
        return np.asarray(smoothed / smoothed.sum(axis=2, keepdims=True))


def pair_counts(votes: Votes, proba: Floats) -> Floats:
    """How often each person is expected to have given each class where each is true, (n_people, n_true, n_given)."""
    n, k = votes.n_people, votes.n_classes
    cell, weight = votes.person * k + votes.label, proba[votes.item]
    counted = [np.bincount(cell, weights=weight[:, true], minlength=n * k).reshape(n, k) for true in range(k)]
    return np.stack(counted, axis=1)
