"""Ask about a new item, or again about an answered one, and whom: by the information of the answer for its cost."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_between, check_count, check_one_of, check_same_length
from labelwright.evidence.annotations import Annotations
from labelwright.evidence.base import Evidence
from labelwright.kernels.top import top_n
from labelwright.scores.answers import answer_information
from labelwright.strategies.activelab import answers_of
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.people import Skills, believed, skills
from labelwright.strategies.shared.selection import ANYONE, LABELED, POOL, Picks

BEST, ANY = "best", "anyone"


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
    ``answers`` so far, and ``expert``, 1 where one person is asked by name. Confusions are those of
    `labelwright.strategies.shared.people.skills`. With "best" a person counts as one standard error better than
    estimated, so that nobody stays unknown. Without annotations each labeled item has one answer by one
    unknown person. Information about the class was chosen over information about the model, which is the disagreement
    of a bagged committee seen through the confusions: on four simulated crowds that led to lower accuracies. Cost: two
    passes over the predictions, and with "best" one more for each person.
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

    @property
    def by_name(self) -> bool:
        return self.whom == BEST

    def most(self, evidence: Evidence) -> int:
        """New items, and answered ones that may be asked again and are not sure yet."""
        given, known = answers_of(evidence), evidence.proba_labeled
        return evidence.n_items + len(self._again(given, known, believed(given, known, skills(given, known))))

    def _again(self, given: Annotations, known: Floats, belief: Floats) -> npt.NDArray[np.int64]:
        again = given.may_be_asked_again(len(known), self.max_answers)
        return np.asarray(again[belief[again].max(axis=1) < self.sure])

    def _score(self, evidence: Evidence) -> Floats:
        people = skills(answers_of(evidence), evidence.proba_labeled)
        return answer_information(evidence.proba, people.average, evidence.max_bytes, who=self.name) / people.cost

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        given, known = answers_of(evidence), evidence.proba_labeled
        check_same_length(self.name, y_labeled=len(evidence.answers), predictions_labeled=len(known))
        people = skills(given, known)
        belief = believed(given, known, people)
        again = self._again(given, known, belief)
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
            gain = answer_information(beliefs, people.at_best[code], who=self.name) / people.costs[code]
            gain[n_new:][has_answered[again, code]] = 0
            better = gain > scores * (1 + 1e-9)
            scores[better], whom[better] = gain[better], code
