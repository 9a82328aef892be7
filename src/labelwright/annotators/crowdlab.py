"""People and a model's probabilities together, each weighted by how much better they are than the commonest class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from labelwright.annotators.base import Answers, Params, Resolver
from labelwright.annotators.categorical import resolved_by, votes_of
from labelwright.annotators.majority import Majority
from labelwright.annotators.votes import Fitted, Votes
from labelwright.check import Floats, check_proba, check_same_length, complain
from labelwright.tasks.base import Resolved, Task

LEAST = 1e-6


@dataclass(frozen=True)
class Weights:
    """How much each voice counts.

    Attributes
    ----------
    people, agreement : array of shape (n_people,)
        The weight of a person, and the share of other people's votes that agree with theirs.
    model : float
        The weight of the model.
    likelihood : float
        How often a vote is the label that most gave.
    """

    people: Floats
    agreement: Floats
    model: float
    likelihood: float


def crowdlab(votes: Votes, model_proba: Floats) -> Fitted:
    """Combine votes with out-of-sample probabilities of a model.

    Parameters
    ----------
    model_proba : array of shape (n_items, n_classes)
        Of a model that was not trained on the item.

    Returns
    -------
    Fitted
        Its confusions are those of one accuracy a person, the share of other people's votes that agree.

    Raises
    ------
    InputError
        If the probabilities do not fit the votes, or no item has two votes.

    References
    ----------
    Goh, Tkachenko, Mueller (2022). CROWDLAB: supervised learning to infer consensus labels and quality scores for data
    with multiple annotators, sec. 4, eq. 3 to 9.
    """
    check_same_length("crowdlab", items=votes.n_items, model_proba=len(model_proba))
    check_proba("crowdlab", model_proba)
    weights = weigh(votes, model_proba)
    proba, k = combine(votes, model_proba, weights.people, weights.model, weights.likelihood), votes.n_classes
    right, wrong = weights.agreement, (1 - weights.agreement) / max(k - 1, 1)
    confusion = np.where(np.eye(k, dtype=bool), right[:, None, None], wrong[:, None, None])
    return Fitted(proba, proba.mean(axis=0), confusion)


def weigh(votes: Votes, model_proba: Floats) -> Weights:
    """How much each person and the model count; rows of zeros are items that the model says nothing about."""
    counts, per_item = votes.counts(), votes.per_item
    several, heard = per_item > 1, model_proba.any(axis=1)
    if not (several & heard).any():
        raise complain("crowdlab", "items", "some with two votes or more", "none")
    consensus = (counts + LEAST * model_proba).argmax(axis=1)  # ties go to the model
    likelihood = float((counts[np.arange(votes.n_items), consensus] / per_item)[several].mean())
    commonest = np.bincount(consensus[several], minlength=votes.n_classes).max() / several.sum()
    chance = max(1.0 - float(commonest), LEAST)
    agreement = _agreement(votes, counts, likelihood)
    of_model = float((model_proba.argmax(axis=1) == consensus)[several & heard].mean())
    model = max(1 - (1 - of_model) / chance, LEAST) * float(np.sqrt(per_item.mean()))
    return Weights(np.clip(1 - (1 - agreement) / chance, LEAST, None), agreement, model, likelihood)


def combine(votes: Votes, model_proba: Floats, people: Floats, model: float, likelihood: float) -> Floats:
    """The weighted mean of what the votes and the model say of each item, (n_items, n_classes)."""
    k = votes.n_classes
    spread = np.full((len(votes.item), k), (1 - likelihood) / max(k - 1, 1))
    spread[np.arange(len(votes.item)), votes.label] = likelihood
    mixed = model * model_proba + votes.sum_by_item(people[votes.person][:, None] * spread)
    return np.asarray(mixed / mixed.sum(axis=1, keepdims=True))


class Crowdlab(Resolver):
    """CROWDLAB as a resolver: the model is one voice among people, on the items that it was not trained on.

    Weights are fitted on items that several people answered; before there are such, answers are counted. The reserve
    is resolved without the model, which it measures.

    Examples
    --------
    >>> from labelwright import tasks
    >>> from labelwright.annotators.base import Voice
    >>> task = tasks.make("classification", {"labels": [{"id": "l_1", "name": "a"}, {"id": "l_2", "name": "b"}]})
    >>> said = [{"label": label} for label in ("l_1", "l_1", "l_1", "l_2")]
    >>> voice = Voice(np.array([0, 1]), np.array([[0.9, 0.1], [0.2, 0.8]]))
    >>> answers = Answers(np.array([0, 0, 1, 1]), ["ann", "bob", "ann", "bob"], said, voice)
    >>> one = Crowdlab()
    >>> [resolved.answer["label"] for resolved in one.resolve(task, answers, one.fit(task, answers))]
    ['l_1', 'l_2']
    """

    name: ClassVar[str] = "crowdlab"
    hears_model: ClassVar[bool] = True

    def serves(self, task: Task) -> bool:
        return task.one_class

    def fit(self, task: Task, answers: Answers) -> Params:
        """Weights as plain JSON; empty where no item has two answers and a voice of the model."""
        votes, people = votes_of(self.name, task, answers)
        heard = answers.heard(task.n_outputs)
        if not votes.n_items or not ((votes.per_item > 1) & heard.any(axis=1)).any():
            return {}
        weights = weigh(votes, heard)
        return {
            "people": dict(zip(people, weights.people.tolist(), strict=True)),
            "model": weights.model, "likelihood": weights.likelihood,
        }  # fmt: skip

    def resolve(self, task: Task, answers: Answers, params: Params) -> list[Resolved]:
        stored: Any = params
        if not stored or not len(answers.item):
            return Majority().resolve(task, answers, {})
        votes, people = votes_of(self.name, task, answers)
        stranger = float(np.mean(list(stored["people"].values())))
        weights = np.array([stored["people"].get(person, stranger) for person in people])
        proba = combine(votes, answers.heard(task.n_outputs), weights, stored["model"], stored["likelihood"])
        return resolved_by(task, proba)


def _agreement(votes: Votes, counts: Floats, missing: float) -> Floats:
    """The share of the other votes about a person's items that agree with theirs; ``missing`` where there are none."""
    others = votes.per_item[votes.item] - 1
    agree = counts[votes.item, votes.label] - 1
    pairs = np.bincount(votes.person, weights=others, minlength=votes.n_people)
    agreed = np.bincount(votes.person, weights=agree, minlength=votes.n_people)
    return np.where(pairs > 0, agreed / np.maximum(pairs, 1), missing)
