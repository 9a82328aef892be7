"""Agreement within a session, and how it changed since the session that it repeats."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from labelwright.annotators.agreement import agreement
from labelwright.annotators.by_class import agreement_by_pair
from labelwright.engine.differing import differ
from labelwright.engine.project import Question
from labelwright.plain import JsonObject
from labelwright.services.projects.described import describe_answer
from labelwright.stats import Estimate, wilson
from labelwright.stats.difference import difference

RAW, ALPHA, AC1 = "raw", "krippendorff", "ac1"
UNKNOWN = Estimate(math.nan, math.nan, math.nan, 0)


@dataclass(frozen=True)
class Said:
    """One answer of a session, by the ordinal of its item."""

    ordinal: int
    person: str
    answer: JsonObject


@dataclass(frozen=True)
class Figure:
    """A figure with its interval; None where it is not known.

    Attributes
    ----------
    n : int
        Items that two or more people answered.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int

    @classmethod
    def of(cls, estimate: Estimate) -> Figure:
        """An estimate, as JSON can say it."""
        value, low, high = (x if math.isfinite(x) else None for x in (estimate.value, estimate.low, estimate.high))
        return cls(value, low, high, estimate.n)


@dataclass(frozen=True)
class PairLine:
    """How often people split between two answers, in words; the share is of all pairs of answers that name them."""

    first: str
    second: str
    n_confused: int
    share: Figure


@dataclass(frozen=True)
class Agreement:
    """How far people agree in a session.

    Attributes
    ----------
    measures : dict of str to Figure
        "raw", the share of pairs of people that agree; "krippendorff"; "ac1" where an answer is one class.
    pairs : list of PairLine
        Where an answer is one class, the most frequent confusion first.
    """

    measures: dict[str, Figure]
    pairs: list[PairLine]


@dataclass(frozen=True)
class Change:
    """A measure in the earlier session, in this one, and the difference with an interval."""

    measure: str
    before: Figure
    after: Figure
    difference: Figure


def of(question: Question, said: Sequence[Said]) -> Agreement:
    """The measures of a session."""
    pairs: list[PairLine] = []
    if question.task.one_class and said:
        words = [describe_answer(question, one.answer) for one in said]
        found = agreement_by_pair([one.ordinal for one in said], [one.person for one in said], words)
        pairs = [PairLine(p.first, p.second, p.n_confused, Figure.of(p.estimate)) for p in found if p.n_confused]
    return Agreement({name: Figure.of(one) for name, one in estimates(question, said).items()}, pairs)


def changes(question: Question, before: Sequence[Said], after: Sequence[Said]) -> list[Change]:
    """Each measure before and after; the items of the two sessions are independent."""
    earlier, later = estimates(question, before), estimates(question, after)
    return [
        Change(
            name, Figure.of(earlier[name]), Figure.of(later[name]), Figure.of(difference(later[name], earlier[name]))
        )
        for name in earlier
    ]


def estimates(question: Question, said: Sequence[Said]) -> dict[str, Estimate]:
    """The measures with their intervals, over items.

    The raw share has Wilson's interval with items as trials, which is wide enough as each item's share lies between 0
    and 1, and known where all agree. The others are bootstrapped; where no resample differs, as when all agree, nothing
    is known of their spread, and their limits are NaN.
    """
    by_item: dict[int, list[JsonObject]] = defaultdict(list)
    for one in said:
        by_item[one.ordinal].append(one.answer)
    shares = [_share(question, answers) for answers in by_item.values() if len(answers) > 1]
    task = question.task
    wanted = [ALPHA, AC1] if task.one_class else [ALPHA]
    if not shares:
        return dict.fromkeys([RAW, *wanted], UNKNOWN)
    items, people = [one.ordinal for one in said], [one.person for one in said]
    answers = [json.dumps(one.answer, sort_keys=True) for one in said]
    distance = None if task.one_class else lambda a, b: task.distance(json.loads(a), json.loads(b)) ** 2
    found = {RAW: wilson(sum(shares), len(shares))}
    for measure in wanted:
        figure = agreement(items, people, answers, measure=measure, distance=distance if measure == ALPHA else None)
        varies = figure.high > figure.low
        found[measure] = figure if varies else Estimate(figure.value, math.nan, math.nan, figure.n)
    return found


def _share(question: Question, answers: Sequence[JsonObject]) -> float:
    """The share of pairs of people who agree about an item."""
    agree = [not differ(question, a, b) for a, b in combinations(answers, 2)]
    return sum(agree) / len(agree)
