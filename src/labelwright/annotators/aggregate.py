"""``labelwright.aggregate``: one label of several people's, and how good each person is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from labelwright.annotators.crowd_kit import CROWD_KIT, crowd_kit
from labelwright.annotators.crowdlab import crowdlab
from labelwright.annotators.dawid_skene import DawidSkene
from labelwright.annotators.one_coin import OneCoin
from labelwright.annotators.votes import Fitted, Values, Votes
from labelwright.check import Floats, check_one_of, complain
from labelwright.stats.intervals import wilson

if TYPE_CHECKING:
    import pandas as pd

METHODS: Final = ("auto", "majority", "one-coin", "dawid-skene", "crowdlab", *CROWD_KIT)
FEW, MANY = 10, 30  # answers of a person below which nobody is modelled, and for each class above which all is


@dataclass(frozen=True)
class Aggregated:
    """Labels of several people made into one for each item.

    Attributes
    ----------
    labels : Series by item
        The likeliest class.
    proba : DataFrame, item by class
        The posterior.
    method : str
        The one that was used.
    measure : callable
        Gives ``skill``.
    """

    labels: pd.Series[Any]
    proba: pd.DataFrame
    method: str
    measure: Callable[[], pd.DataFrame] = field(repr=False)

    @cached_property
    def skill(self) -> pd.DataFrame:
        """By annotator: accuracy, low, high, n_answers; made when it is first asked for.

        The accuracy is the chance of a right answer under the model of people (one-coin where the method has none),
        which takes errors of different people as independent. Where they err together, as on hard items, accuracies
        come out too high and intervals too narrow. NaN for somebody who shares no item.
        """
        return self.measure()


def aggregate(
    items: Values, annotators: Values, answers: Values, *, method: str = "auto", model_proba: Floats | None = None
) -> Aggregated:
    """Make one label of several people's answers, and measure the people, without knowing the truth.

    Parameters
    ----------
    items, annotators, answers : sequences of n values
        One row an answer: about what, by whom, which class.
    method : str
        ``majority`` counts; ``one-coin`` gives each person an accuracy, ``dawid-skene`` a confusion matrix;
        ``crowdlab`` adds a model's voice; ``glad`` gives items a difficulty and ``mace`` looks for people who do not
        look, both with crowd-kit (``pip install 'labelwright[crowd]'``). ``auto`` takes crowdlab where there is a model
        and at most three answers an item, else one that the answers are enough for: majority below ten answers a person
        in the median, dawid-skene from thirty answers a person and class, else one-coin.
    model_proba : array of shape (n_items, n_classes), optional
        Out-of-sample probabilities, of items and classes in sorted order.

    Raises
    ------
    InputError
        If lengths differ, somebody answered an item twice, or ``crowdlab`` has no model.
    MissingExtraError
        If crowd-kit is not installed for ``glad`` or ``mace``.

    References
    ----------
    Dawid, Skene (1979), see `labelwright.annotators.dawid_skene`; Goh, Tkachenko, Mueller (2022), see
    `labelwright.annotators.crowdlab`.

    Examples
    --------
    >>> a = aggregate(["x", "x", "x", "y"], ["ann", "bob", "cyd", "ann"], ["cat", "cat", "dog", "dog"])
    >>> a.labels.to_dict(), a.method
    ({'x': 'cat', 'y': 'dog'}, 'majority')
    """
    import pandas as pd

    check_one_of("aggregate", "method", method, METHODS)
    votes, item_names, person_names, label_names = Votes.of(items, annotators, answers)
    proba = None if model_proba is None else np.asarray(model_proba, dtype=np.float64)
    used = choose(votes, has_model=proba is not None) if method == "auto" else method
    if used == "crowdlab" and proba is None:
        raise complain("aggregate", "model_proba", "given for crowdlab", "None", "Give a model's probabilities.")
    fitted = _fit(votes, used, proba)
    labels = pd.Series(label_names[fitted.proba.argmax(axis=1)], index=item_names, name="label")
    proba_by_item = pd.DataFrame(fitted.proba, index=item_names, columns=label_names)

    def measure() -> pd.DataFrame:
        return _skill(votes, fitted if used == "dawid-skene" else OneCoin().estimate(votes), person_names)

    return Aggregated(labels, proba_by_item, used, measure)


def choose(votes: Votes, *, has_model: bool) -> str:
    """The method that the answers are enough for."""
    if has_model and votes.per_item.mean() <= 3:
        return "crowdlab"
    answers = float(np.median(votes.per_person))
    if answers < FEW or votes.n_people < 3:
        return "majority"
    return "dawid-skene" if answers >= MANY * votes.n_classes else "one-coin"


def _fit(votes: Votes, method: str, model_proba: Floats | None) -> Fitted:
    if method == "majority":
        share: Floats = votes.counts() / votes.per_item[:, None]
        return Fitted(share, share.mean(axis=0), np.zeros((votes.n_people, votes.n_classes, votes.n_classes)))
    if method == "crowdlab":
        assert model_proba is not None
        return crowdlab(votes, model_proba)
    if method in CROWD_KIT:
        return crowd_kit(votes, method)
    return (OneCoin() if method == "one-coin" else DawidSkene()).estimate(votes)


def _skill(votes: Votes, fitted: Fitted, names: npt.NDArray[Any]) -> pd.DataFrame:
    """Each person's accuracy under the model, with Wilson's interval at the number of answers that it rests on.

    Where the others leave the best class of an item the chance q, comparing an answer with it says
    ((K q - 1) / (K - 1))^2 as much as comparing it with the truth: its root corrects a rate of agreement.
    """
    import pandas as pd

    k = votes.n_classes
    accuracy = np.einsum("k,jkk->j", fitted.prior, fitted.confusion)
    known = fitted.without_own(votes).max(axis=1)
    worth = ((k * known - 1) / max(k - 1, 1)) ** 2 if k > 1 else np.ones(len(known))
    shared = votes.per_item[votes.item] > 1
    n = np.bincount(votes.person[shared], weights=worth[shared], minlength=votes.n_people)
    estimates = [wilson(float(a) * m, m) if m > 0 else None for a, m in zip(accuracy, n.tolist(), strict=True)]
    missing = float("nan")
    return pd.DataFrame(
        {
            "accuracy": [missing if e is None else e.value for e in estimates],
            "low": [missing if e is None else e.low for e in estimates],
            "high": [missing if e is None else e.high for e in estimates],
            "n_answers": votes.per_person,
        },
        index=names,
    )
