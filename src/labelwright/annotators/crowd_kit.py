"""GLAD and MACE of the library crowd-kit, for `labelwright.aggregate`, and MACE for projects.

GLAD cannot be stored with a label version: its labels rest on a difficulty of each item. They are an extra, because
crowd-kit brings nltk and transformers.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any, ClassVar, Final

import numpy as np

from labelwright.annotators.categorical import Categorical
from labelwright.annotators.votes import Fitted, Votes
from labelwright.check import Floats
from labelwright.errors import MissingExtraError
from labelwright.tasks.base import Task

CROWD_KIT: Final = ("glad", "mace")


def crowd_kit(votes: Votes, method: str) -> Fitted:
    """Fit one of crowd-kit's models of people with its default settings.

    Parameters
    ----------
    votes : Votes
    method : str
        ``glad``: people have an ability and items a difficulty. ``mace``: a person answers an item truly or, with a
        chance of their own, without looking; fitted by variational Bayes from ten starts with seeds.

    Returns
    -------
    Fitted
        The confusions of GLAD are 0: it has none, because how good a person is depends on the item.

    Raises
    ------
    MissingExtraError
        If crowd-kit is not installed.

    References
    ----------
    Whitehill et al. (2009). Whose vote should count more: optimal integration of labels from labelers of unknown
    expertise; Hovy et al. (2013). Learning whom to trust with MACE; Ustalov, Pavlichenko, Tseitlin (2024). Learning
    from crowds with Crowd-Kit, JOSS 9.
    """
    import pandas as pd

    models = _models(method)
    data = pd.DataFrame({"task": votes.item, "worker": votes.person, "label": votes.label})
    made = models.GLAD() if method == "glad" else models.MACE(random_state=0)
    found = made.fit_predict_proba(data)
    confusion: Floats = np.zeros((votes.n_people, votes.n_classes, votes.n_classes))
    if method == "mace":
        confusion = _confusion(votes, made)
    proba = found.reindex(index=range(votes.n_items), columns=range(votes.n_classes), fill_value=0.0)
    values = proba.to_numpy(dtype=np.float64)
    values = values / values.sum(axis=1, keepdims=True)
    return Fitted(values, values.mean(axis=0), confusion)


def _confusion(votes: Votes, made: Any) -> Floats:
    """What a person says who answers truly, or else by a habit of theirs: Hovy et al. (2013), fig. 1."""
    people, labels = (list(dict.fromkeys(of.tolist())) for of in (votes.person, votes.label))  # in the order met
    habit = np.zeros((votes.n_people, votes.n_classes))
    habit[np.ix_(people, labels)] = made.thetas_
    spams, knows = np.zeros(votes.n_people), np.ones(votes.n_people)
    spams[people], knows[people] = made.spamming_.T
    chance = knows[:, None, None] * np.eye(votes.n_classes) + (spams[:, None] * habit)[:, None, :]
    return np.asarray(chance / chance.sum(axis=2, keepdims=True))  # variational weights add up to less than 1


class Mace(Categorical):
    """MACE as a resolver, where crowd-kit is installed; classes are equally frequent beforehand.

    References
    ----------
    Hovy et al. (2013). Learning whom to trust with MACE, sec. 3.
    """

    name: ClassVar[str] = "mace"

    def serves(self, task: Task) -> bool:
        return task.one_class and find_spec("crowdkit") is not None

    def estimate(self, votes: Votes) -> Fitted:
        fitted = crowd_kit(votes, self.name)
        return replace(fitted, prior=np.full(votes.n_classes, 1 / votes.n_classes))


def _models(method: str) -> Any:
    try:
        return import_module("crowdkit.aggregation")
    except ImportError:
        raise MissingExtraError(
            f"aggregate: crowd-kit must be installed for {method}.", "pip install 'labelwright[crowd]'"
        ) from None
