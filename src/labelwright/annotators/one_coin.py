"""Each person has one accuracy; their errors are spread evenly."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.annotators.dawid_skene import DawidSkene
from labelwright.annotators.votes import Votes
from labelwright.check import Floats

STRENGTH = 4.0  # answers that the mean person counts for in everybody's accuracy


class OneCoin(DawidSkene):
    """Dawid and Skene's model with one parameter a person, for few answers of each.

    References
    ----------
    Zhang, Chen, Zhou, Jordan (2016). Spectral methods meet EM: a provably optimal algorithm for crowdsourcing, sec. 2
    (the one-coin model).

    Examples
    --------
    >>> votes = Votes.of([0, 0, 0, 1, 1, 1], list("abcabc"), ["x", "x", "y", "y", "y", "x"])[0]
    >>> fitted = OneCoin().estimate(votes)
    >>> bool(fitted.confusion[0, 0, 0] > fitted.confusion[2, 0, 0])
    True
    """

    name: ClassVar[str] = "one-coin"

    def _confusion(self, votes: Votes, proba: Floats) -> Floats:
        k = votes.n_classes
        right = np.bincount(votes.person, weights=proba[votes.item, votes.label], minlength=votes.n_people)
        mean = (right.sum() + 1) / (len(votes.item) + 2)
        accuracy = (right + STRENGTH * mean) / (votes.per_person + STRENGTH)
        wrong = (1 - accuracy) / max(k - 1, 1)
        return np.asarray(np.where(np.eye(k, dtype=bool), accuracy[:, None, None], wrong[:, None, None]))
