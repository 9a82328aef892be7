"""How good people's answers are: against known answers, against others, against themselves, class by class."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from labelwright.annotators.by_person import PersonAgreement, agreement_by_person, consistency
from labelwright.engine.gold import KnownAnswer
from labelwright.engine.project import Question
from labelwright.plain import JsonObject
from labelwright.policy.kinds.gold import Gold
from labelwright.services.projects import shown
from labelwright.services.projects.described import describe_answer
from labelwright.services.team.figure import FigureView
from labelwright.services.team.said import Bools, Ints, Said
from labelwright.store.record.standing import REPEAT
from labelwright.words import Reason

MAX_ITEMS: Final = 50
MAX_CELLS: Final = 200
NO_GOLD = Reason("no-gold-answers")
NO_REPEATS = Reason("no-repeats")
NO_RANDOM = Reason("no-random-answers")
Known = Mapping[tuple[int, str], KnownAnswer]


@dataclass(frozen=True)
class Skill:
    """What is known of the quality of one person's answers.

    Attributes
    ----------
    gold : FigureView
        Accuracy on items whose answer is known, first answers alone.
    agreement : FigureView
        With others about items that nobody chose; shrunk towards the mean of all people where answers are few.
    itself : FigureView
        With the person's own earlier answers, where an item came twice.
    """

    gold: FigureView
    agreement: FigureView
    itself: FigureView


@dataclass(frozen=True)
class Cell:
    """How often a person gave one class where another was expected.

    Attributes
    ----------
    expected, given : str
        Names of classes.
    n : float
        Answers; one that several others disagree about counts in parts.
    items : list of str
        Ids, fifty at most.
    """

    expected: str
    given: str
    n: float
    items: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ClassSkill:
    """How well a person knows a class.

    Attributes
    ----------
    declared : float, optional
        As the lead says.
    gold, others : FigureView
        How often the person gives the class where it is known to be right, and where another person gave it.
    """

    label: str
    name: str
    declared: float | None
    gold: FigureView
    others: FigureView


def value_of(question: Question, answer: JsonObject) -> str:
    """An answer as one value that equals that of an equal answer: its class where it has one.

    >>> from types import SimpleNamespace as Fake
    >>> value_of(Fake(task=Fake(one_class=True)), {"label": "l_1"})
    'l_1'
    """
    if question.task.one_class and "label" in answer:
        return str(answer["label"])
    return json.dumps({k: sorted(v) if isinstance(v, list) else v for k, v in answer.items()}, sort_keys=True)


def values_of(said: Said, question: Question, rows: Ints) -> list[str]:
    """The answers of some rows as values."""
    return [value_of(question, said.answers[k] or {}) for k in rows.tolist()]


def skills(said: Said, question: Question, known: Known) -> dict[str, Skill]:
    """The skill of everybody who said something, by id."""
    agreed, again = agreements(said, question), _consistencies(said, question)
    return {
        person: Skill(
            gold_accuracy(said, question, known, said.person == k),
            _shown(agreed.get(person), NO_RANDOM),
            _shown(again.get(person), NO_REPEATS),
        )
        for k, person in enumerate(said.people)
    }


def agreements(said: Said, question: Question, among: Bools | None = None) -> dict[str, PersonAgreement]:
    """Each person's agreement with others about items drawn at random."""
    rows = said.measuring(question)
    if among is not None:
        rows = rows[among[rows]]
    if not len(rows):
        return {}
    if question.task.one_class:
        found = agreement_by_person(said.ordinal[rows], said.names_of(rows), values_of(said, question, rows))
    else:
        answers = [dict(said.answers[k] or {}) for k in rows.tolist()]
        found = agreement_by_person(said.ordinal[rows], said.names_of(rows), answers, distance=question.task.distance)
    return {one.person: one for one in found}


def gold_rows(said: Said, question: Question, known: Known, own: Bools) -> tuple[Ints, Bools]:
    """Rows of answers to items whose answer is known, and which of them are right."""
    rows = said.measuring(question, (Gold.name,))
    rows = rows[own[rows]]
    rows = rows[[(ordinal, question.id) in known for ordinal in said.ordinal[rows].tolist()]] if len(rows) else rows
    right = [
        question.task.distance(dict(said.answers[k] or {}), dict(known[int(said.ordinal[k]), question.id].answer)) == 0
        for k in rows.tolist()
    ]
    return rows, np.array(right, dtype=bool)


def gold_accuracy(said: Said, question: Question, known: Known, own: Bools) -> FigureView:
    """The share of right answers among those to known items."""
    _, right = gold_rows(said, question, known, own)
    return FigureView.share(float(right.sum()), len(right), NO_GOLD)


def confusion(said: Said, question: Question, known: Known, own: Bools) -> tuple[list[Cell], list[Cell]]:
    """What a person gave where an answer is known, and where others gave one; the most frequent first."""
    rows, _ = gold_rows(said, question, known, own)
    by_gold: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
    for row in rows.tolist():
        ordinal = int(said.ordinal[row])
        truth = value_of(question, known[ordinal, question.id].answer)
        by_gold[truth, value_of(question, said.answers[row] or {})].append((ordinal, 1.0))
    by_others: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
    for ordinal, given, other, share in _beside_others(said, question, own):
        by_others[other, given].append((ordinal, share))
    return _cells(question, by_gold), _cells(question, by_others)


def class_skills(
    said: Said, question: Question, known: Known, own: Bools, declared: Mapping[str, float]
) -> list[ClassSkill]:
    """A person's skill at each class, in the order of the classes; empty where answers are not one class."""
    if not question.task.one_class:
        return []
    rows, right = gold_rows(said, question, known, own)
    truth = np.array([value_of(question, known[int(o), question.id].answer) for o in said.ordinal[rows].tolist()])
    beside = _beside_others(said, question, own)
    found = []
    for label, name in class_names(question).items():
        of_class = truth == label
        total = sum(share for _, _, other, share in beside if other == label)
        hits = sum(share for _, given, other, share in beside if other == given == label)
        found.append(
            ClassSkill(
                label, name, declared.get(label),
                FigureView.share(float(right[of_class].sum()), float(of_class.sum()), Reason("class-not-in-gold")),
                FigureView.share(hits, total, Reason("class-alone")),
            )
        )  # fmt: skip
    return found


def class_names(question: Question) -> dict[str, str]:
    """Names of a question's labels by id."""
    labels: list[JsonObject] = list(question.schema.get("labels") or ())  # type: ignore[arg-type]
    return {str(label["id"]): str(label["name"]) for label in labels}


def name_of(question: Question, value: str) -> str:
    """What people read for a value."""
    if value.startswith("{"):
        return describe_answer(question, json.loads(value))
    return class_names(question).get(value, value)


def _beside_others(said: Said, question: Question, own: Bools) -> list[tuple[int, str, str, float]]:
    """For each answer of a person about an item drawn at random: item, class, another's class, and its weight."""
    rows = said.measuring(question)
    mine = rows[own[rows]]
    shared = rows[np.isin(said.ordinal[rows], said.ordinal[mine]) & ~own[rows]]
    others: dict[int, list[str]] = defaultdict(list)
    for ordinal, value in zip(said.ordinal[shared].tolist(), values_of(said, question, shared), strict=True):
        others[ordinal].append(value)
    return [
        (ordinal, given, other, 1 / len(others[ordinal]))
        for ordinal, given in zip(said.ordinal[mine].tolist(), values_of(said, question, mine), strict=True)
        for other in others.get(ordinal, ())
    ]


def _cells(question: Question, found: Mapping[tuple[str, str], list[tuple[int, float]]]) -> list[Cell]:
    cells = [
        Cell(
            name_of(question, expected), name_of(question, given), round(sum(share for _, share in entries), 3),
            [shown.item_id_of(o) for o in dict.fromkeys(o for o, _ in entries)][:MAX_ITEMS],
        )
        for (expected, given), entries in found.items()
    ]  # fmt: skip
    return sorted(cells, key=lambda cell: -cell.n)[:MAX_CELLS]


def _consistencies(said: Said, question: Question) -> dict[str, PersonAgreement]:
    """Each person's agreement with their own first answers."""
    repeats = np.flatnonzero((said.kind == REPEAT) & (said.question == question.id))
    firsts = np.flatnonzero(said.first & (said.question == question.id) & np.isin(said.ordinal, said.ordinal[repeats]))
    earlier = {(int(said.person[k]), int(said.ordinal[k])): k for k in firsts.tolist()}
    pairs = [(k, earlier.get((int(said.person[k]), int(said.ordinal[k])))) for k in repeats.tolist()]
    pairs = [(k, before) for k, before in pairs if before is not None and said.answers[k] and said.answers[before]]
    if not pairs:
        return {}
    later, before = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    found = consistency(
        said.names_of(later), [dict(said.answers[k] or {}) for k in before.tolist()],
        [dict(said.answers[k] or {}) for k in later.tolist()], distance=question.task.distance,
    )  # fmt: skip
    return {one.person: one for one in found}


def _shown(found: PersonAgreement | None, reason: Reason) -> FigureView:
    if found is None:
        return FigureView.none(reason)
    return FigureView.of(found.estimate) if found.estimate.n else FigureView.none(found.reason)
