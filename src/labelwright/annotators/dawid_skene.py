"""Each person has a confusion matrix of their own."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.annotators.categorical import Categorical, posterior
from labelwright.annotators.votes import Fitted, Votes
from labelwright.check import Floats

MAX_ROUNDS = 200
TOLERANCE = 1e-6
STRENGTH = 2.0  # answers that the mean person's row counts for in everybody's


class DawidSkene(Categorical):
    """Expectation maximisation over classes, prior and confusions.

    Each row of a person's confusion is shrunk to that of all people together, which counts for two answers, so that
    somebody with few answers is taken for an average person. It begins at the shares of votes.

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
        proba: Floats = votes.counts() / votes.per_item[:, None]
        for _ in range(MAX_ROUNDS):
            prior = (proba.sum(axis=0) + 0.5) / (votes.n_items + 0.5 * votes.n_classes)
            confusion = self._confusion(votes, proba)
            before, proba = proba, posterior(votes, prior, confusion)
            if float(np.abs(proba - before).max()) < TOLERANCE:
                break
        return Fitted(proba, prior, confusion)

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
