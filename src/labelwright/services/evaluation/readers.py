"""Sensitivity and specificity of the people who label, where a question has two answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from labelwright.engine.project import Question
from labelwright.plain import JsonObject
from labelwright.services.evaluation.reserve import labels_of
from labelwright.services.evaluation.second_looks import UNSELECTIVE, decided
from labelwright.services.team.figure import FigureView
from labelwright.services.team.said import Bools, Said
from labelwright.services.team.skill import Known, gold_rows, value_of, values_of
from labelwright.store.rows import Rows
from labelwright.words import Reason

NO_CLASS = Reason("class-not-in-gold")
EVERYBODY = ""


@dataclass(frozen=True)
class Reader:
    """How well a person, or all together, tell the two classes apart.

    Attributes
    ----------
    name : str
        "" for all people together.
    sensitivity : FigureView
        Of the items of the positive class, the share that were given it.
    specificity : FigureView
        The same of the other class.
    """

    name: str
    sensitivity: FigureView
    specificity: FigureView


@dataclass(frozen=True)
class Readers:
    """Readers against one kind of truth.

    Attributes
    ----------
    against : str
        "gold", known answers; or "adjudicated", labels decided in reviews that nobody picked by their answer.
    positive : str
        Name of the class that sensitivity is of.
    """

    against: str
    positive: str
    readers: list[Reader]


def readers(rows: Rows, said: Said, question: Question, known: Known, names: Mapping[str, str] | None) -> list[Readers]:
    """Sensitivity and specificity of first answers; empty unless the question has two classes.

    Parameters
    ----------
    names : mapping of str to str, optional
        Names by id; None for those who may not see who answered.
    """
    labels = labels_of(question.schema)
    if not question.task.one_class or len(labels) != 2:
        return []
    positive = list(labels)[1]
    everybody = np.ones(len(said.seq), dtype=bool)
    of_gold, _ = gold_rows(said, question, known, everybody)
    by_gold = {int(said.ordinal[k]): known[int(said.ordinal[k]), question.id].answer for k in of_gold.tolist()}
    by_review = {one.ordinal: one.answer for one in decided(rows, question) if one.cause in UNSELECTIVE}
    first = said.first & (said.question == question.id) & said.answering & ~said.exposed
    looked_at = first & np.isin(said.ordinal, list(by_review))
    is_gold = np.zeros(len(said.seq), dtype=bool)
    is_gold[of_gold] = True
    found = []
    for against, truth, some in (("gold", by_gold, is_gold), ("adjudicated", by_review, looked_at)):
        if some.any():
            listed = _readers(said, question, truth, some, positive, names)
            found.append(Readers(against, labels[positive], listed))
    return found


def _readers(
    said: Said, question: Question, truth: Mapping[int, JsonObject], some: Bools, positive: str,
    names: Mapping[str, str] | None,
) -> list[Reader]:  # fmt: skip
    rows = np.flatnonzero(some)
    is_positive = np.isin([value_of(question, truth[ordinal]) for ordinal in said.ordinal[rows].tolist()], positive)
    gave = np.isin(values_of(said, question, rows), positive)
    person = said.person[rows]

    def reader(name: str, own: Bools) -> Reader:
        share: Callable[[Bools, Bools], FigureView] = lambda among, hits: FigureView.share(  # noqa: E731
            float((among & hits & own).sum()), float((among & own).sum()), NO_CLASS
        )
        return Reader(name, share(is_positive, gave), share(~is_positive, ~gave))

    everybody = reader(EVERYBODY, np.ones(len(rows), dtype=bool))
    if names is None:
        return [everybody]
    each = [
        reader(names.get(said.people[k], said.people[k]), np.asarray(person == k)) for k in np.unique(person).tolist()
    ]
    return [everybody, *sorted(each, key=lambda one: one.name)]
