"""Ask about a new item, or again about an answered one, and whom: by the information of the answer for its cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labelwright.annotators.categorical import posterior
from labelwright.annotators.dawid_skene import DawidSkene
from labelwright.annotators.one_coin import OneCoin
from labelwright.annotators.votes import Votes
from labelwright.check import Floats, check_between, check_count, check_one_of, check_same_length
from labelwright.evidence.annotations import Annotations
from labelwright.evidence.base import Evidence
from labelwright.kernels.top import top_n
from labelwright.scores.answers import answer_information
from labelwright.strategies.activelab import answers_of
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import ANYONE, LABELED, POOL, Picks

ACCURACY, WEIGHT = 0.8, 10.0  # of a person of whom nothing is known, and how many answers that counts for
MANY = 30  # answers a person and class from which a whole confusion matrix is estimated
BEST, ANY = "best", "anyone"
LEAST = 1e-12


class RelabelOrNew(Strategy):
    """One scale for new items, second answers and experts: what the answer says about the class, for what it costs.

    The score is the mutual information of an answer and the item's class, through the confusion matrix of who gives
    it, divided by the expected cost of that answer. The model says what is believed of a new item; the model and the
    answers so far say it of an answered one. For people who err in a tenth of their answers or more. Not where answers
    are reliable: a second one adds nothing then, and `margin` picks the same new items.

    Parameters
    ----------
    max_answers : int
        An item with that many answers is not asked again.
    sure : float
        Nor is one whose likeliest class has at least this probability, in [0.5, 1].
    whom : {"anyone", "best"}
        "anyone" expects the average person. "best" asks the person whose answer says most for its cost, where it is
        known who there is and what an answer costs: for teams with an expert, not for crowds in which all are alike.

    Notes
    -----
    Picks have the source "labeled" where an item is to be asked again. Parts: ``gain-new`` or ``gain-again``,
    ``answers`` so far, and ``expert``, 1 where one person is asked by name. Confusions are those of the one-coin model,
    or of Dawid and Skene's from 30 answers a person and class on, from items with two answers or more; before there are
    any, people are taken to be right in 80 % of answers. Without annotations each labeled item has one answer by one
    unknown person. `select` and `simulate` ask again; the queue of a project takes its new items only. Information
    about the class was chosen over information about the model, which is the disagreement of a bagged committee seen
    through the confusions: on four simulated crowds that led to lower accuracies. Cost: two passes over the
    predictions, and with "best" one more for each person.
    """

    name = "relabel-or-new"
    family = "relabel"
    tasks = ("classification",)
    needs = ("proba", "labeled", "answers", "annotations")
    reference = (
        "Lindley (1956). On a measure of the information provided by an experiment, sec. 2; "
        "Welinder, Perona (2010). Online crowdsourcing: rating annotators and obtaining cost-effective labels"
    )

    def __init__(self, *, max_answers: int = 5, sure: float = 0.95, whom: str = ANY) -> None:
        self.max_answers = check_count(self.name, "max_answers", max_answers)
        check_between(self.name, "sure", sure, 0.5, 1)
        check_one_of(self.name, "whom", whom, (ANY, BEST))
        self.sure, self.whom = sure, whom

    def _score(self, evidence: Evidence) -> Floats:
        people = skills(answers_of(evidence), evidence.proba.shape[1])
        return answer_information(evidence.proba, people.average, evidence.max_bytes, who=self.name) / people.cost

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        given, known = answers_of(evidence), evidence.proba_labeled
        check_same_length(self.name, y_labeled=len(evidence.answers), predictions_labeled=len(known))
        people = skills(given, known.shape[1])
        belief = believed(given, known, people)
        again = given.may_be_asked_again(len(known), self.max_answers)
        again = again[belief[again].max(axis=1) < self.sure]
        new = self._score(evidence)
        scores = np.concatenate(
            [new, answer_information(belief[again], people.average, evidence.max_bytes, who=self.name) / people.cost]
        )
        of, n_new = evidence.keys(rng), len(new)

        def keys(at: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
            words = np.uint64(2**64 - 1) - at.astype(np.uint64)  # labeled items come after all others
            if (at < n_new).any():
                words[at < n_new] = of(at[at < n_new]) >> np.uint64(1)
            return words

        whom = np.full(len(scores), ANYONE)
        if self.whom == BEST and people.costs is not None:
            self._ask_by_name(scores, whom, people, given, evidence.proba, belief, again)
        best = top_n(scores, n, keys)
        is_new = best < n_new
        indices, answered = best.copy(), np.zeros(n)
        indices[~is_new] = again[best[~is_new] - n_new]
        answered[~is_new] = np.bincount(given.item, minlength=len(known))[indices[~is_new]]
        parts = {
            "gain-new": np.where(is_new, scores[best], np.nan),
            "gain-again": np.where(is_new, np.nan, scores[best]),
            "answers": answered,
            "expert": (whom[best] != ANYONE).astype(np.float64),
        }
        source = np.where(is_new, POOL, LABELED)
        asked = whom[best] if people.costs is not None else None
        return Picks(indices, scores[best], parts, source=source, whom=asked)

    def _ask_by_name(
        self, scores: Floats, whom: npt.NDArray[np.int64], people: Skills, given: Annotations, proba: Floats,
        belief: Floats, again: npt.NDArray[np.int64],
    ) -> None:  # fmt: skip
        """Raise the scores of items whose answer by one person says more for its cost than by anyone."""
        assert people.costs is not None
        n_new = len(scores) - len(again)
        beliefs = np.concatenate([np.asarray(proba, dtype=np.float64), belief[again]])
        has_answered = np.zeros((len(belief), len(people.costs)), dtype=bool)
        theirs = given.annotator < len(people.costs)
        has_answered[given.item[theirs], given.annotator[theirs]] = True
        for code in range(len(people.costs)):
            gain = answer_information(beliefs, people.confusion[code], who=self.name) / people.costs[code]
            gain[n_new:][has_answered[again, code]] = 0
            better = gain > scores * (1 + 1e-9)
            scores[better], whom[better] = gain[better], code


@dataclass(frozen=True)
class Skills:
    """How people answer.

    ``confusion`` (n_people, n_classes, n_classes) by code; ``average`` (n_classes, n_classes), that of who comes next;
    ``costs`` (n_people,) expected cost of an answer, None where not known; ``cost`` that of who comes next.
    """

    confusion: Floats
    average: Floats
    costs: npt.NDArray[np.float64] | None
    cost: float


def skills(given: Annotations, n_classes: int) -> Skills:
    """Confusions of people from items with two answers or more; people with few are near the average.

    Whoever comes next is one of those who answered, as often as they did.
    """
    n_people = max(int(given.annotator.max(initial=-1)) + 1, 0 if given.costs is None else len(given.costs))
    start = _one_coin(ACCURACY, n_classes)
    weight = np.bincount(given.annotator, minlength=n_people).astype(np.float64)
    weight = weight / weight.sum() if weight.sum() else np.full(n_people, 1 / n_people)
    confusion = np.broadcast_to(start, (n_people, n_classes, n_classes)).copy()
    several = np.bincount(given.item)[given.item] > 1
    if several.any():
        votes, codes = _votes(given, several, n_classes)
        many = np.median(votes.per_person) >= MANY * n_classes
        fitted = (DawidSkene() if many else OneCoin()).estimate(votes)
        n_answers = len(votes.item)
        share = votes.per_person[:, None, None] / n_answers
        mean = ((fitted.confusion * share).sum(axis=0) * n_answers + WEIGHT * start) / (n_answers + WEIGHT)
        confusion[:] = mean
        own = votes.per_person[:, None, None]
        confusion[codes] = (fitted.confusion * own + WEIGHT * mean) / (own + WEIGHT)
    average = np.tensordot(weight, confusion, axes=1)
    known = weight[: len(given.costs)] if given.costs is not None else None
    if given.costs is None or known is None:
        return Skills(confusion, average, None, 1.0)
    total = known.sum()
    return Skills(confusion, average, given.costs, float(known @ given.costs / total if total else given.costs.mean()))


def believed(given: Annotations, proba: Floats, people: Skills) -> Floats:
    """The class of each answered item by the model and the answers, (n_labeled, n_classes): Bayes' rule."""
    order = np.lexsort((given.annotator, given.item))
    item, person, answer = given.item[order], given.annotator[order], np.asarray(given.answer[order], dtype=np.int64)
    votes = Votes(item, person, answer, len(proba), len(people.confusion), proba.shape[1])
    return posterior(votes, np.maximum(np.asarray(proba, dtype=np.float64), LEAST), people.confusion)


def _votes(given: Annotations, some: npt.NDArray[np.bool_], n_classes: int) -> tuple[Votes, npt.NDArray[np.int64]]:
    """Some of the answers as votes, and the codes of their people."""
    item = np.unique(given.item[some], return_inverse=True)[1]
    codes, person = np.unique(given.annotator[some], return_inverse=True)
    order = np.lexsort((person, item))
    answer = np.asarray(given.answer[some], dtype=np.int64)
    return Votes(item[order], person[order], answer[order], int(item.max()) + 1, len(codes), n_classes), codes


def _one_coin(accuracy: float, n_classes: int) -> Floats:
    wrong = (1 - accuracy) / max(n_classes - 1, 1)
    return np.where(np.eye(n_classes, dtype=bool), accuracy, wrong)
