"""What people's errors on the reserve mean for the accuracy: by known answers, or else by how they agree."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.check import Floats
from labelwright.engine.project import Question
from labelwright.errors import InputError
from labelwright.evaluation.label_errors import accuracy_despite_label_errors
from labelwright.services.evaluation.reserve import OnReserve, labels_of
from labelwright.services.team.figure import FigureView
from labelwright.services.team.said import BY_CHANCE, Said
from labelwright.services.team.skill import Known, gold_rows, value_of
from labelwright.stats.estimate import Estimate
from labelwright.stats.intervals import wilson
from labelwright.words import Reason

NEEDED: Final = 10  # known answers of each class
NO_BASIS = Reason("errors-no-basis")
NOT_ONE_CLASS = Reason("errors-not-one-class")
AS_CHANCE = Reason("errors-as-chance")
GOLD, AGREEMENT, NONE = "gold", "agreement", "none"


@dataclass(frozen=True)
class PeoplesErrors:
    """How often people are wrong, and the accuracy with that taken into account.

    Attributes
    ----------
    basis : str
        "gold", answers to items whose answer is known; "agreement", of two people on items that nobody chose, if their
        errors are independent and equal for all classes; "none".
    error : FigureView
        The share of single answers that are wrong.
    measured, corrected : FigureView
        The accuracy against people's labels, and against the truth.
    """

    basis: str
    error: FigureView
    measured: FigureView
    corrected: FigureView


def errors(measured: OnReserve, said: Said, known: Known) -> PeoplesErrors:
    """The accuracy of the model, people's errors taken into account, or why that cannot be said."""
    question = measured.question
    if not question.task.one_class:
        none = FigureView.none(NOT_ONE_CLASS)
        return PeoplesErrors(NONE, none, none, none)
    accuracy = measured.figure(measured.task.metric("accuracy"))
    counts = known_counts(said, question, known)
    fewest = int(counts.sum(axis=1).min()) if len(counts) else 0
    if fewest >= NEEDED:
        wrong = float(counts.sum() - np.trace(counts))
        error = FigureView.share(wrong, float(counts.sum()), NO_BASIS)
        corrected = _corrected(measured, counts)
        return PeoplesErrors(GOLD, error, accuracy, FigureView.none(AS_CHANCE) if corrected is None else corrected)
    agreed = _agreement(said, question)
    if agreed is None:
        n = int(counts.sum())
        why = Reason("errors-few-known", {"n": n, "fewest": fewest, "needed": NEEDED}) if n else NO_BASIS
        return PeoplesErrors(NONE, FigureView.none(why), accuracy, FigureView.none(why))
    return by_agreement(measured, agreed, accuracy)


def known_counts(said: Said, question: Question, known: Known) -> Floats:
    """First answers to known items, (n_classes, n_classes): in the row of the known class, how it was answered."""
    position = {label: k for k, label in enumerate(labels_of(question.schema))}
    counts = np.zeros((len(position), len(position)))
    rows, _ = gold_rows(said, question, known, np.ones(len(said.seq), dtype=bool))
    for row in rows.tolist():
        truth = position.get(value_of(question, known[int(said.ordinal[row]), question.id].answer))
        given = position.get(value_of(question, said.answers[row] or {}))
        if truth is not None and given is not None:
            counts[truth, given] += 1
    return counts


def error_from_agreement(agreement: float, n_classes: int) -> float:
    """How often one answer is wrong if two agree so often, their errors being independent and alike in all classes.

    Parameters
    ----------
    agreement : float
        In [0, 1].
    n_classes : int
        At least 2.

    Returns
    -------
    float
        The smaller solution e of (1 - e)^2 + e^2 / (n_classes - 1) = agreement; NaN where they agree less than by
        chance.

    Examples
    --------
    >>> round(error_from_agreement(0.82, 2), 6)  # 0.9 * 0.9 + 0.1 * 0.1
    0.1
    >>> error_from_agreement(1.0, 3), error_from_agreement(0.3, 2)
    (0.0, nan)
    """
    a = 1 + 1 / (n_classes - 1)
    root = 1 - a * (1 - agreement)
    return (1 - math.sqrt(root)) / a if root >= 0 else math.nan


def _agreement(said: Said, question: Question) -> Estimate | None:
    """How often the first two people agree about an item that nobody chose; None where fewer than 30 items say."""
    rows = said.measuring(question, BY_CHANCE)
    answers: dict[int, list[str]] = defaultdict(list)
    for row in rows.tolist():
        answers[int(said.ordinal[row])].append(value_of(question, said.answers[row] or {}))
    pairs = [values[:2] for values in answers.values() if len(values) > 1]
    return wilson(sum(one == other for one, other in pairs), len(pairs)) if len(pairs) >= 3 * NEEDED else None


def by_agreement(measured: OnReserve, agreed: Estimate, accuracy: FigureView) -> PeoplesErrors:
    """People's errors from how often two agree; the interval spans those at both limits of the agreement."""
    n_classes = measured.task.n_outputs
    errors_ = [error_from_agreement(share, n_classes) for share in (agreed.value, agreed.high, agreed.low)]
    found = [None if math.isnan(e) else _corrected(measured, _alike(e, n_classes)) for e in errors_]
    if any(one is None for one in found):
        none = FigureView.none(AS_CHANCE)
        return PeoplesErrors(AGREEMENT, none, accuracy, none)
    ends = [one for one in found if one is not None]
    value, low = ends[0].value or 0.0, min(one.low or 0.0 for one in ends)
    high = max(1.0 if one.high is None else one.high for one in ends)
    error = FigureView.of(Estimate(errors_[0], errors_[1], errors_[2], agreed.n))
    return PeoplesErrors(AGREEMENT, error, accuracy, FigureView.of(Estimate(value, low, high, measured.n)))


def _alike(error: float, n_classes: int) -> Floats:
    """Chances of answers if every class is taken for every other equally often."""
    off = error / (n_classes - 1)
    return np.full((n_classes, n_classes), off) + np.eye(n_classes) * (1 - error - off)


def _corrected(measured: OnReserve, confusion: Floats) -> FigureView | None:
    favoured = np.asarray(measured.task.answer(measured.predictions))
    groups = measured.sample.group if measured.sample.grouped else None
    try:
        return FigureView.of(accuracy_despite_label_errors(favoured, measured.y, confusion, groups=groups))
    except InputError:  # rows that are alike
        return None
