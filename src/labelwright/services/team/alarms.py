"""What sequential tests say of people: a reason to look at named items, never a verdict.

Each test accuses an honest person with a chance of one in a hundred, however long they work, under the assumptions in
its docstring in `labelwright.annotators`. What looks like not looking may be a misread guideline or a broken item.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.annotators.copying import copying_test
from labelwright.annotators.evidence import Evidence
from labelwright.annotators.haste import too_fast
from labelwright.annotators.peers import peers_posterior
from labelwright.annotators.spam import gold_test, peer_test
from labelwright.annotators.votes import Votes
from labelwright.engine.project import Question
from labelwright.services.projects import shown
from labelwright.services.team.pace import item_seconds
from labelwright.services.team.said import Bools, Ints, Said
from labelwright.services.team.skill import Known, class_names, gold_rows, value_of

GOLD, PEERS, SPEED, MODEL = "gold", "peers", "speed", "model"
MAX_ITEMS: Final = 50


@dataclass(frozen=True)
class ModelErrors:
    """Items of the reserve that the published model gets wrong, with the class that it gives; it never saw them."""

    ordinal: Ints
    given: list[str]


@dataclass(frozen=True)
class Look:
    """What one test says of one person.

    Attributes
    ----------
    test : str
        "gold", "peers", "speed" or "model".
    alarm : bool
        Whether the evidence has reached its threshold at some time.
    text : str
        In words, with the figures.
    evidence, threshold : float
    n_answers, n_used : int
        Answers that were looked at, and those that could tell something.
    at : str, optional
        When the answer came that raised the alarm.
    items : list of str
        Ids of the items behind it, fifty at most: wrong answers, disagreements, quick answers, repeated errors.
    """

    person_id: str
    test: str
    alarm: bool
    text: str
    evidence: float
    threshold: float
    n_answers: int
    n_used: int
    at: str | None
    items: list[str]


def looks(said: Said, question: Question, known: Known, errors: ModelErrors | None) -> list[Look]:
    """What every test that has answers to look at says, alarms first."""
    found = [_speed(said, k) for k in range(len(said.people))]
    classes = list(class_names(question))
    if question.task.one_class and len(classes) > 1:
        found += [_gold(said, question, known, classes, k) for k in range(len(said.people))]
        found += _peers(said, question, classes)
        found += [] if errors is None else _copying(said, question, errors)
    return sorted((look for look in found if look is not None), key=lambda look: (not look.alarm, -look.evidence))


def _look(said: Said, person: int, test: str, evidence: Evidence, rows: Ints, telling: Bools) -> Look:
    """``rows`` were given to the test in this order; ``telling`` are those that speak against the person."""
    upto = len(rows) if evidence.alarm_at is None else evidence.alarm_at + 1
    ordinals = dict.fromkeys(said.ordinal[rows[:upto][telling[:upto]]].tolist())
    return Look(
        said.people[person], test, evidence.alarm, str(evidence.reason), evidence.value, evidence.threshold,
        evidence.n_answers, evidence.n_used, None if evidence.alarm_at is None else str(said.at[rows[upto - 1]]),
        [shown.item_id_of(ordinal) for ordinal in ordinals][:MAX_ITEMS],
    )  # fmt: skip


def _speed(said: Said, person: int) -> Look | None:
    rows, seconds = item_seconds(said, said.person == person)
    if not len(rows):
        return None
    haste = too_fast(seconds)
    fast = np.zeros(len(rows), dtype=bool)
    fast[haste.machine] = True
    return _look(said, person, SPEED, haste.evidence, rows, fast)


def _gold(said: Said, question: Question, known: Known, classes: list[str], person: int) -> Look | None:
    rows, right = gold_rows(said, question, known, said.person == person)
    given = [value_of(question, said.answers[k] or {}) for k in rows.tolist()]
    truth = [value_of(question, known[int(o), question.id].answer) for o in said.ordinal[rows].tolist()]
    place = {name: k for k, name in enumerate(classes)}
    kept = np.array([a in place and b in place for a, b in zip(given, truth, strict=True)], dtype=bool)
    if not kept.any():
        return None
    coded = [
        np.array([place[value] for value, keep in zip(side, kept, strict=True) if keep], dtype=np.int64)
        for side in (given, truth)
    ]
    return _look(said, person, GOLD, gold_test(coded[0], coded[1], len(classes)), rows[kept], ~right[kept])


def _peers(said: Said, question: Question, classes: list[str]) -> list[Look]:
    rows = said.measuring(question)
    values = np.array([value_of(question, said.answers[k] or {}) for k in rows.tolist()], dtype=np.str_)
    kept = np.isin(values, classes)
    rows, values = rows[kept], values[kept]
    _, of, n_of = np.unique(said.ordinal[rows], return_inverse=True, return_counts=True)
    shared = n_of[of] > 1 if len(rows) else kept[:0]
    rows, values = rows[shared], values[shared]
    if len(rows) == 0 or len(np.unique(values)) < 2:
        return []
    votes, items, people, _ = Votes.of(said.ordinal[rows], said.person[rows], values)
    row_of = {
        (ordinal, person): row
        for ordinal, person, row in zip(
            said.ordinal[rows].tolist(), said.person[rows].tolist(), rows.tolist(), strict=True
        )
    }
    found = []
    for k, person in enumerate(people.tolist()):
        own, posterior = peers_posterior(votes, k)
        own_rows = np.array([row_of[int(items[i]), person] for i in votes.item[own].tolist()], dtype=np.int64)
        order = np.argsort(own_rows)
        own_rows, label, posterior = own_rows[order], votes.label[own][order], posterior[order]
        if len(own_rows):
            differs = label != posterior.argmax(axis=1)
            found.append(_look(said, person, PEERS, peer_test(label, posterior), own_rows, differs))
    return found


def _copying(said: Said, question: Question, errors: ModelErrors) -> list[Look]:
    wrong = dict(zip(errors.ordinal.tolist(), errors.given, strict=True))
    rows = said.measuring(question)
    rows = rows[np.isin(said.ordinal[rows], errors.ordinal)]
    if not len(rows):
        return []
    repeats = np.array(
        [value_of(question, said.answers[k] or {}) == wrong[int(said.ordinal[k])] for k in rows.tolist()], dtype=bool
    )
    _, of = np.unique(said.ordinal[rows], return_inverse=True)
    n, n_repeated = np.bincount(of)[of], np.bincount(of, weights=repeats).astype(np.int64)[of]
    found = []
    for person in np.unique(said.person[rows]).tolist():
        own = (said.person[rows] == person) & (n > 1)
        if own.any():
            evidence = copying_test(repeats[own], n[own] - 1, n_repeated[own] - repeats[own])
            found.append(_look(said, person, MODEL, evidence, rows[own], repeats[own]))
    return found
