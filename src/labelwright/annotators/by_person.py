"""Agreement in detail: each person with the others, and with themselves."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.annotators.agreement import Distance
from labelwright.annotators.votes import Values
from labelwright.check import Floats, check_between, check_same_length, complain
from labelwright.stats.estimate import Estimate
from labelwright.words import NO_REASON, Reason

WEAK, STRONG = 2.0, 30.0  # the fewest and the most answers that the mean person counts for
MIN_PEOPLE: Final = 3  # from which the spread of people is estimated


@dataclass(frozen=True)
class PersonAgreement:
    """How far a person agrees with others, or with themselves.

    Attributes
    ----------
    person : str
    raw : float
        The mean agreement as it was seen; NaN without comparisons.
    estimate : Estimate
        Shrunk towards the mean of all people, the more the fewer comparisons there are; ``n`` counts them. For somebody
        without any it is that of a person of whom nothing is known.
    reason : Reason
        Why there is no comparison; none where there is one.
    """

    person: str
    raw: float
    estimate: Estimate
    reason: Reason


def agreement_by_person(
    items: Values, annotators: Values, answers: Sequence[object], *, distance: Distance | None = None,
    level: float = 0.95,
) -> list[PersonAgreement]:  # fmt: skip
    """How far each person agrees with the others about the same items, sorted by name.

    Parameters
    ----------
    items, annotators : sequences of n values
    answers : sequence of n answers
        Of any kind, such as those of a task.
    distance : callable, optional
        Of two answers, from 0 to 1, such as a task's ``distance``; agreement is one minus it. Without it, answers are
        equal or not.
    level : float
        Of the intervals, which are those of a beta posterior.

    Raises
    ------
    InputError
        If lengths differ, somebody answered an item twice, or a distance is outside 0 to 1.

    Notes
    -----
    An answer is one comparison, with the mean of all others about the item. Cost: one distance for each pair of
    answers to an item.

    References
    ----------
    Empirical Bayes of a beta-binomial by moments: Kleinman (1973). Proportions with extraneous variance, sec. 2.

    Examples
    --------
    >>> answers = [0.0, 0.5, 1.0, 1.0, 0.0]
    >>> found = agreement_by_person([1, 1, 2, 2, 3], list("ababc"), answers, distance=lambda a, b: abs(a - b))
    >>> [(one.person, one.raw, one.estimate.n) for one in found]
    [('a', 0.75, 2), ('b', 0.75, 2), ('c', nan, 0)]
    >>> print(found[2].reason)
    Nobody else answered the items of this person.
    """
    check_same_length("agreement_by_person", items=len(items), annotators=len(annotators), answers=len(answers))
    names = [str(name) for name in np.asarray(annotators).tolist()]
    by_item: dict[Hashable, list[int]] = {}
    for position, item in enumerate(np.asarray(items).tolist()):
        by_item.setdefault(item, []).append(position)
    scores = np.full(len(answers), np.nan)
    for item, positions in by_item.items():
        if len({names[k] for k in positions}) < len(positions):
            raise complain(
                "agreement_by_person", "answers", "one of each annotator to an item", f"two to '{item}'",
                "Keep the first one of each.",
            )  # fmt: skip
        if len(positions) > 1:
            scores[positions] = _with_others([answers[k] for k in positions], distance)
    return _shrunk("agreement_by_person", names, scores, level, Reason("person-alone"))


def consistency(
    annotators: Values, first: Sequence[object], repeated: Sequence[object], *, distance: Distance | None = None,
    level: float = 0.95,
) -> list[PersonAgreement]:  # fmt: skip
    """How far each person agrees with themselves, sorted by name.

    Parameters
    ----------
    annotators : sequence of n values
        One row a repeat.
    first, repeated : sequences of n answers
        The first answer to an item and the later one, given without seeing it.
    distance, level
        As for `agreement_by_person`.

    Examples
    --------
    >>> found = consistency(["ann"] * 20, ["x"] * 20, ["x"] * 19 + ["y"])
    >>> print(found[0].estimate)
    0.948 [0.827, 0.998] n=20
    """
    check_same_length("consistency", annotators=len(annotators), first=len(first), repeated=len(repeated))
    scores = np.array([1 - _apart(a, b, distance) for a, b in zip(first, repeated, strict=True)])
    return _shrunk("consistency", [str(a) for a in np.asarray(annotators).tolist()], scores, level, NO_REASON)


def _with_others(answers: Sequence[object], distance: Distance | None) -> Floats:
    """The mean agreement of each answer with the others, (n_answers,)."""
    n = len(answers)
    agreed = np.zeros((n, n))
    for k in range(n):
        for other in range(k):
            agreed[k, other] = agreed[other, k] = 1 - _apart(answers[k], answers[other], distance)
    return np.asarray(agreed.sum(axis=1) / (n - 1))


def _apart(a: object, b: object, distance: Distance | None) -> float:
    if distance is None:
        return float(a != b)
    value = distance(a, b)
    check_between("agreement", "distance", value, 0.0, 1.0, "Divide it by the largest there can be.")
    return value


def _shrunk(who: str, names: list[str], scores: Floats, level: float, alone: Reason) -> list[PersonAgreement]:
    """A beta posterior for each person, with the prior that all people together suggest."""
    from scipy.special import betaincinv

    check_between(who, "level", level, 1e-9, 1 - 1e-9)
    if not names:
        return []
    people, person = np.unique(names, return_inverse=True)
    compared = np.isfinite(scores)
    n = np.bincount(person[compared], minlength=len(people)).astype(np.float64)
    total = np.bincount(person[compared], weights=scores[compared], minlength=len(people)).astype(np.float64)
    squares = np.bincount(person[compared], weights=scores[compared] ** 2, minlength=len(people))
    mean, strength = _prior(n, total, float(squares.sum()))
    a, b = mean * strength + total, (1 - mean) * strength + n - total
    low, high = betaincinv(a, b, 0.5 - level / 2), betaincinv(a, b, 0.5 + level / 2)
    return [
        PersonAgreement(
            str(name), float(total[k] / n[k]) if n[k] else float("nan"),
            Estimate(float(a[k] / (a[k] + b[k])), float(low[k]), float(high[k]), int(n[k])),
            NO_REASON if n[k] else alone,
        )
        for k, name in enumerate(people)
    ]  # fmt: skip


def _prior(n: Floats, total: Floats, square: float) -> tuple[float, float]:
    """Mean and strength, in answers, of the beta distribution of people."""
    mean = (float(total.sum()) + 0.5) / (float(n.sum()) + 1)
    compared = n > 0
    n_people, n_answers = int(compared.sum()), float(n.sum())
    if n_people < MIN_PEOPLE or n_answers <= n_people:
        return mean, WEAK
    share, size = total[compared] / n[compared], n[compared]
    within = (square - float((size * share**2).sum())) / (n_answers - n_people)
    spread = float((size * (share - mean) ** 2).sum()) - (n_people - 1) * within
    between = spread / (n_answers - float((size**2).sum()) / n_answers)
    return mean, float(min(max(mean * (1 - mean) / between - 1, WEAK), STRONG)) if between > 0 else STRONG
