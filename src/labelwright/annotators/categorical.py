"""Resolvers that model people: what a person's vote for a class says about the true one.

A new model of people is one file with one subclass of ``Categorical``. Where the true class and a person are given,
votes are taken as independent; the posterior of an item is the prior times the chance of each of its votes.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np

from labelwright.annotators.base import Answers, Params, Resolver
from labelwright.annotators.votes import Fitted, Votes, normalised
from labelwright.check import Floats, complain
from labelwright.tasks.base import Resolved, Task


class Categorical(Resolver):
    """A resolver of votes for one class of several.

    Its parameters are the prior and the confusion of each person; a person who is met later has the mean confusion.
    """

    @abstractmethod
    def estimate(self, votes: Votes) -> Fitted:
        """Fit the people and the items' classes together."""

    def serves(self, task: Task) -> bool:
        return task.one_class

    def fit(self, task: Task, answers: Answers) -> Params:
        """Prior and confusions as plain JSON."""
        votes, people = votes_of(self.name, task, answers)
        if not votes.n_items:
            return {"prior": [1 / votes.n_classes] * votes.n_classes, "confusion": {}}
        fitted = self.estimate(votes)
        return {
            "prior": fitted.prior.tolist(),
            "confusion": {person: fitted.confusion[k].tolist() for k, person in enumerate(people)},
        }

    def resolve(self, task: Task, answers: Answers, params: Params) -> list[Resolved]:
        """The likeliest class of each item under the fitted prior and confusions."""
        votes, people = votes_of(self.name, task, answers)
        if not votes.n_items:
            return []
        prior, known = _matrices(params)
        if len(prior) != votes.n_classes or not known:  # a label was added since, or nobody had answered
            prior, known = _matrices(self.fit(task, answers))
        unknown = np.mean(list(known.values()), axis=0)
        confusion = np.array([known.get(person, unknown) for person in people])
        proba = posterior(votes, prior, confusion)
        return resolved_by(task, proba)


def resolved_by(task: Task, proba: Floats) -> list[Resolved]:
    """The likeliest class of each item as its label, with the chances of all, (n_items, n_classes)."""
    names = [_label_of(answer) for answer in task.decode(np.arange(proba.shape[1]))]
    best = proba.argmax(axis=1)
    return [
        Resolved(
            answer=answer,
            confidence=float(proba[i, best[i]]),
            posterior={name: float(p) for name, p in zip(names, proba[i], strict=True) if p > 1e-4},
        )
        for i, answer in enumerate(task.decode(best))
    ]


def posterior(votes: Votes, prior: Floats, confusion: Floats) -> Floats:
    """The chance of each class for each item, (n_items, n_classes): Dawid and Skene (1979), eq. 2.5."""
    log_chance = np.log(np.maximum(confusion, 1e-12))
    return normalised(votes.sum_by_item(log_chance[votes.person, :, votes.label]) + np.log(np.maximum(prior, 1e-12)))


def votes_of(who: str, task: Task, answers: Answers) -> tuple[Votes, list[str]]:
    """The first answer of each person to each item, as votes."""
    if not task.one_class:
        raise complain(who, "the task", "one with one class an item", f"'{task.name}'", "Use majority.")
    positions = sorted(k for of_item in answers.first_by_item() for k in of_item)
    people = sorted({answers.person[k] for k in positions})
    code = {person: k for k, person in enumerate(people)}
    _, item = np.unique(answers.item[positions], return_inverse=True)
    label = np.asarray(task.encode([answers.answer[k] for k in positions]), dtype=np.int64)
    person = np.array([code[answers.person[k]] for k in positions], dtype=np.int64)
    order = np.lexsort((person, item))
    votes = Votes(item[order], person[order], label[order], len(answers.items()), len(people), task.n_outputs)
    return votes, people


def _matrices(params: Params) -> tuple[Floats, dict[str, Floats]]:
    stored: Any = params
    people: Mapping[str, Any] = stored["confusion"]
    return np.array(stored["prior"]), {person: np.array(matrix) for person, matrix in people.items()}


def _label_of(answer: Mapping[str, object]) -> str:
    return str(answer["label"])
