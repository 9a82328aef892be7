"""New items and answered ones on one scale: where is one more answer worth most?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_proba, check_same_length, complain
from labelwright.kernels.blocks import each_block

TINY = 1e-6  # least weight of a source, and least error of the most frequent class
LEAST = 1e-30  # what a probability of 0 counts as in the loss
COARSE = (0.1, 0.2, 0.5, 0.8, 1.0, 2.0, 3.0, 5.0, 8.0)  # temperatures tried first
FINE = 4  # steps between neighbours of the best

Doubles = npt.NDArray[np.float64]


def activelab(
    proba_labeled: Floats, proba: Floats, item: Ints, annotator: Ints, answer: Ints, max_bytes: int | None = None
) -> tuple[Doubles, Doubles]:
    """How little is known of each item's class: from the model for new items, from model and people for answered ones.

    Near 1 - 1/n_classes where nothing is known, near 0 where many good annotators and the model agree.

    Parameters
    ----------
    proba_labeled : array of shape (n_labeled, n_classes)
        The model's class probabilities of the answered items.
    proba : array of shape (n_items, n_classes)
        Those of the new items.
    item, annotator, answer : int64 arrays of shape (n_answers,)
        Who answered what: a position among the answered items, any code, a class. Each answered item has one
        answer or more, one a person.

    Returns
    -------
    score_labeled : array of shape (n_labeled,)
    score : array of shape (n_items,)
        Between 0 and 1, no unit, comparable with each other. Higher means ask first.

    Raises
    ------
    InputError
        If the shapes do not fit, or an answered item has no answer.

    Notes
    -----
    One minus the paper's score: (Q (W + w_M) + w / K) / (W + w_M + w) for an answered item, with Q the CROWDLAB
    quality of its consensus, W the summed weights of who answered, w_M the model's weight and w the mean weight of
    an annotator; (w_M max p + w / K) / (w_M + w) for a new one. Where no item has two answers, all weights are 1
    and Q is the model's probability of the answer. Else the model's probabilities are first sharpened or
    flattened by the temperature that fits the answers best.

    References
    ----------
    Goh, Mueller (2023). ActiveLab: active learning with re-labeling by multiple annotators.
    Goh, Tkachenko, Mueller (2022). CROWDLAB: supervised learning to infer consensus labels and quality scores.

    Examples
    --------
    >>> known, new = np.array([[0.9, 0.1]]), np.array([[0.9, 0.1], [0.5, 0.5]])
    >>> item, annotator, answer = np.array([0]), np.array([0]), np.array([1])  # not what the model says
    >>> [part.round(4).tolist() for part in activelab(known, new, item, annotator, answer)]
    [[0.7667], [0.3, 0.5]]
    """
    check_proba("activelab", proba_labeled)
    check_proba("activelab", proba)
    check_same_length("activelab", item=len(item), annotator=len(annotator), answer=len(answer))
    check_same_length("activelab", classes_of_labeled=proba_labeled.shape[1], classes=proba.shape[1])
    n_labeled, n_classes = proba_labeled.shape
    votes = np.zeros((n_labeled, n_classes))
    np.add.at(votes, (item, answer), 1)
    n_answers = votes.sum(axis=1)
    if n_labeled and n_answers.min() < 1:
        raise complain("activelab", "annotations", "one or more an item", f"none for item {int(n_answers.argmin())}")
    who = np.unique(annotator, return_inverse=True)[1]
    if (n_answers <= 1).all():
        temperature, model, people = 1.0, 1.0, np.ones(int(who.max(initial=0)) + 1)
        quality = (votes * proba_labeled).sum(axis=1)
    else:
        temperature = fit_temperature(votes / n_answers[:, None], proba_labeled)
        scores = crowdlab(tempered(proba_labeled, temperature), votes, item, who, answer)
        model, people, quality = scores.model, scores.people, scores.quality
    mean = people.mean()
    known = np.bincount(item, weights=people[who], minlength=n_labeled) + model
    sure_labeled = (quality * known + mean / n_classes) / (known + mean)
    sure = (model * _tempered_top(proba, temperature, max_bytes) + mean / n_classes) / (model + mean)
    return 1 - sure_labeled, 1 - sure


@dataclass(frozen=True)
class Trust:
    """How far a consensus and those who made it can be trusted.

    ``consensus`` int64 (n_labeled,), a class each; ``quality`` (n_labeled,), its probability; ``people``
    (n_annotators,) and ``model``, weights of at least 1e-6.
    """

    consensus: npt.NDArray[np.int64]
    quality: Doubles
    people: Doubles
    model: float


def crowdlab(proba: Floats, votes: Doubles, item: Ints, who: Ints, answer: Ints) -> Trust:
    """Weigh the model and the annotators by how far each agrees with the others; some item has two answers.

    Parameters
    ----------
    proba : array of shape (n_labeled, n_classes)
    votes : array of shape (n_labeled, n_classes)
        Answers for each class.
    item, who, answer : int64 arrays of shape (n_answers,)
        Positions, annotators from 0 on, classes.

    Notes
    -----
    Once with the majority as consensus, then with the likeliest class of the outcome. Of tied classes the
    majority is the one that the model prefers, then the rarer one.

    References
    ----------
    Goh, Tkachenko, Mueller (2022). CROWDLAB: supervised learning to infer consensus labels and quality scores.
    """
    first = _majority(proba, votes)
    posterior, _, _ = _weigh(proba, votes, first, item, who, answer)
    best = posterior.max(axis=1, keepdims=True)
    tied = (posterior == best).sum(axis=1) > 1
    consensus = np.where(tied, first, posterior.argmax(axis=1))
    posterior, people, model = _weigh(proba, votes, consensus, item, who, answer)
    return Trust(consensus, posterior[np.arange(len(posterior)), consensus], people, model)


def _majority(proba: Floats, votes: Doubles) -> npt.NDArray[np.int64]:
    tied = votes == votes.max(axis=1, keepdims=True)
    liked = np.where(tied, proba, -1)
    tied &= liked == liked.max(axis=1, keepdims=True)
    return np.asarray(np.where(tied, -votes.sum(axis=0), -np.inf).argmax(axis=1), dtype=np.int64)


def _weigh(
    proba: Floats, votes: Doubles, consensus: Ints, item: Ints, who: Ints, answer: Ints
) -> tuple[Doubles, Doubles, float]:
    """Class probabilities from all sources, the annotators' weights and the model's."""
    n_classes = proba.shape[1]
    n_answers = votes.sum(axis=1)
    several = n_answers > 1
    hit = float((votes[np.arange(len(votes)), consensus] / n_answers)[several].mean())
    miss = (1 - hit) / (n_classes - 1)
    agreed = consensus[several]
    error = max(float((agreed != np.bincount(agreed, minlength=n_classes).argmax()).mean()), TINY)
    others = np.bincount(who, weights=n_answers[item] - 1)
    alike = np.bincount(who, weights=votes[item, answer] - 1)
    agreement = np.divide(alike, others, out=np.full(len(others), np.nan), where=others > 0)
    agreement[others == 0] = agreement[others > 0].mean()  # who never met another
    people = np.maximum(1 - (1 - agreement) / error, TINY)
    wrong = float((proba[several].argmax(axis=1) != agreed).mean())
    model = max(1 - wrong / error, TINY) * float(np.sqrt(n_answers.mean()))
    weight = people[who]
    posterior = proba * model + miss * np.bincount(item, weights=weight, minlength=len(votes))[:, None]
    np.add.at(posterior, (item, answer), weight * (hit - miss))
    posterior /= (np.bincount(item, weights=weight, minlength=len(votes)) + model)[:, None]
    return posterior, people, model


# --- temperature


def fit_temperature(shares: Doubles, proba: Floats) -> float:
    """The temperature at which the model's probabilities fit the shares of answers best, on a grid.

    >>> sure = np.array([[0.9, 0.1], [0.9, 0.1]])
    >>> fit_temperature(np.array([[0.5, 0.5], [0.6, 0.4]]), sure) > 5
    True
    """

    def loss(temperature: float) -> float:
        return float(-(shares * np.log(np.maximum(tempered(proba, temperature), LEAST))).sum(axis=1).mean())

    at = int(np.argmin([loss(t) for t in COARSE]))
    below = np.linspace(COARSE[max(at - 1, 0)], COARSE[at], FINE, endpoint=False) if at else np.empty(0)
    above = np.linspace(COARSE[at], COARSE[min(at + 1, len(COARSE) - 1)], FINE + 1)
    fine = [float(t) for t in (*above, *below)]
    return fine[int(np.argmin([loss(t) for t in fine]))]


def tempered(proba: Floats, temperature: float) -> Doubles:
    """p^(1/T), made to sum to 1 again; 0 stays 0.

    >>> tempered(np.array([[0.8, 0.2]]), 0.5).round(4)
    array([[0.9412, 0.0588]])
    """
    with np.errstate(divide="ignore"):
        logs = np.log(proba.astype(np.float64)) / temperature
    parts = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(parts / parts.sum(axis=1, keepdims=True))


def _tempered_top(proba: Floats, temperature: float, max_bytes: int | None) -> Doubles:
    """The largest tempered probability of each item, (n_items,), in blocks."""
    out = np.empty(len(proba))

    def work(cut: slice) -> None:
        out[cut] = tempered(np.asarray(proba[cut]), temperature).max(axis=1)

    each_block(work, len(proba), 48 * proba.shape[1], max_bytes, "activelab")
    return out
