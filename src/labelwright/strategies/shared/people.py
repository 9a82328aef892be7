"""How well people answer, as far as their answers and the model tell, for strategies that ask again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labelwright.annotators.categorical import posterior
from labelwright.annotators.dawid_skene import DawidSkene
from labelwright.annotators.one_coin import OneCoin
from labelwright.annotators.votes import Votes
from labelwright.check import Floats
from labelwright.evidence.annotations import Annotations

ACCURACY, WEIGHT = 0.8, 10.0  # of people of whom nothing is known, and how many answers that counts for
MANY = 30  # answers a person and class from which whole confusion matrices are estimated
MOST = 0.99  # accuracy that nobody is taken to exceed
LEAST = 1e-12


@dataclass(frozen=True)
class Skills:
    """How people answer.

    ``confusion`` (n_people, n_classes, n_classes) by code; ``at_best`` the same if they are better than estimated by
    one standard error; ``average`` (n_classes, n_classes), that of who comes next; ``costs`` (n_people,) expected cost
    of an answer, None where not known; ``cost`` that of who comes next.
    """

    confusion: Floats
    at_best: Floats
    average: Floats
    costs: npt.NDArray[np.float64] | None
    cost: float


def skills(given: Annotations, proba: Floats) -> Skills:
    """Estimate how people answer.

    Parameters
    ----------
    given : Annotations
        One answer of a person to an item.
    proba : array of shape (n_labeled, n_classes)
        The model's probabilities of the answered items.

    Notes
    -----
    How often people are right on average is told by items with two answers or more (the one-coin model), since the
    model agrees with answers that it was trained on; 80 % before there are such. How much a person differs from the
    average is told by how often the model agrees with all of that person's answers. From 30 answers a person and class
    on, Dawid and Skene's matrices take the place of both. Whoever comes next is one of those who answered, as often as
    they did.

    Examples
    --------
    >>> given = Annotations(np.arange(4), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]))
    >>> proba = np.array([[0.9, 0.1], [0.1, 0.9], [0.9, 0.1], [0.9, 0.1]])  # the last answer is not the model's
    >>> bool(skills(given, proba).confusion[0, 0, 0] > skills(given, proba).confusion[1, 0, 0])
    True
    """
    n_classes = proba.shape[1]
    n_people = max(int(given.annotator.max(initial=-1)) + 1, 0 if given.costs is None else len(given.costs))
    n_own = np.bincount(given.annotator, minlength=n_people)
    several = np.bincount(given.item, minlength=len(proba))[given.item] > 1
    accuracy = np.full(n_people, ACCURACY)
    confusion = None
    if several.any():
        votes, codes = _votes(given, several, n_classes)
        many = float(np.median(votes.per_person)) >= MANY * n_classes
        fitted = (DawidSkene() if many else OneCoin()).estimate(votes)
        share = votes.per_person[:, None, None] / len(votes.item)
        mean = (fitted.confusion * share).sum(axis=0)  # (n_classes, n_classes)
        accuracy[:] = (np.trace(mean) / n_classes * len(votes.item) + ACCURACY * WEIGHT) / (len(votes.item) + WEIGHT)
        if many:
            confusion = np.broadcast_to(mean, (n_people, n_classes, n_classes)).copy()
            confusion[codes] = fitted.confusion
    if confusion is None:
        confusion = _one_coin(accuracy + _better(given, proba, n_own), n_classes)
    weight = n_own / n_own.sum() if n_own.any() else np.full(n_people, 1 / n_people)
    cost = 1.0
    if given.costs is not None:
        who = n_own[: len(given.costs)]
        cost = float(who @ given.costs / who.sum()) if who.any() else float(given.costs.mean())
    average: Floats = np.tensordot(weight, confusion, axes=1)
    return Skills(confusion, _at_best(confusion, n_own), average, given.costs, cost)


def believed(given: Annotations, proba: Floats, people: Skills) -> Floats:
    """The class of each answered item by the model and the answers, (n_labeled, n_classes): Bayes' rule."""
    order = np.lexsort((given.annotator, given.item))
    item, person, answer = given.item[order], given.annotator[order], np.asarray(given.answer[order], dtype=np.int64)
    votes = Votes(item, person, answer, len(proba), len(people.confusion), proba.shape[1])
    return posterior(votes, np.maximum(np.asarray(proba, dtype=np.float64), LEAST), people.confusion)


def _better(given: Annotations, proba: Floats, n_own: npt.NDArray[np.int64]) -> Floats:
    """How much more than average the model agrees with each person, (n_people,); with few answers near 0."""
    agreed = np.asarray(proba, dtype=np.float64)[given.item, np.asarray(given.answer, dtype=np.int64)]
    overall = float(agreed.mean()) if len(agreed) else 0.0
    total = np.bincount(given.annotator, weights=agreed - overall, minlength=len(n_own))
    return np.asarray(total / (n_own + WEIGHT))


def _at_best(confusion: Floats, n_own: npt.NDArray[np.int64]) -> Floats:
    """Confusions of people who are right more often than estimated by one standard error."""
    n_classes = confusion.shape[1]
    right = np.trace(confusion, axis1=1, axis2=2) / n_classes
    error = np.sqrt(right * (1 - right) / (n_own + WEIGHT))
    share = np.minimum(error / np.maximum(1 - right, LEAST), 1)[:, None, None]
    return np.asarray(confusion + share * (np.eye(n_classes) - confusion))


def _votes(given: Annotations, some: npt.NDArray[np.bool_], n_classes: int) -> tuple[Votes, npt.NDArray[np.int64]]:
    """Some of the answers as votes, and the codes of their people."""
    item = np.unique(given.item[some], return_inverse=True)[1]
    codes, person = np.unique(given.annotator[some], return_inverse=True)
    order = np.lexsort((person, item))
    answer = np.asarray(given.answer[some], dtype=np.int64)
    return Votes(item[order], person[order], answer[order], int(item.max()) + 1, len(codes), n_classes), codes


def _one_coin(accuracy: Floats, n_classes: int) -> Floats:
    """A confusion for each accuracy, (n_people, n_classes, n_classes), errors spread evenly."""
    right = np.clip(accuracy, 1 / n_classes, MOST)[:, None, None]
    return np.where(np.eye(n_classes, dtype=bool), right, (1 - right) / max(n_classes - 1, 1))
