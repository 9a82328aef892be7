"""Second looks at labels of the reserve, such that correcting them does not flatter the model.

Who reviews only what the model gets wrong finds only errors whose correction agrees with the model. So as many items
that agree, or whose numbers are close, are drawn at random and sent along, and nothing in a review tells which is
which.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.engine.project import Question
from labelwright.errors import InputError
from labelwright.plain import JsonObject
from labelwright.services.evaluation.reserve import Bools, Ints, OnReserve, asked, on_reserve
from labelwright.services.projects import access, shown
from labelwright.services.quality.deciding import KEEP
from labelwright.services.quality.opening import POLICY, open_review, standing_answers
from labelwright.services.site import Site
from labelwright.services.team.figure import FigureView
from labelwright.stats.estimate import Estimate
from labelwright.stats.intervals import wilson
from labelwright.store import tables as t
from labelwright.store.project import Transaction
from labelwright.store.record.reviews import DECIDED, LABEL
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows
from labelwright.words import Reason

CAUSE: Final = "evaluation"
UNSELECTIVE: Final = (CAUSE, POLICY)  # causes that do not depend on what people answered, or both ways alike
NEEDED: Final = 10
CHUNK: Final = 500
EVEN: Final = 1.5  # times that one kind may be reviewed more often than the other


@dataclass(frozen=True)
class Sent:
    """How many reviews were opened.

    Attributes
    ----------
    n_asked : int
        Of the items asked for; others have an open review, or were looked at before.
    n_agreeing : int
        Of agreeing items drawn at random.
    """

    n_asked: int
    n_agreeing: int


@dataclass(frozen=True)
class Decided:
    """What reviews decided of one item: its label now, and by which cause it was looked at last."""

    ordinal: int
    cause: str
    before: JsonObject
    answer: JsonObject


@dataclass(frozen=True)
class SecondLooks:
    """How many labels of the reserve got a second look, by whether they agreed with the model before.

    Attributes
    ----------
    n_wrong, n_wrong_reviewed, n_right, n_right_reviewed : int
        Items whose label before any review disagrees or agrees with the model, and those of them that were reviewed.
    even : bool
        Whether both kinds were reviewed at about the same rate; else the plain accuracy flatters itself.
    corrected : FigureView
        The accuracy with each kind counted by its share, which holds whatever the rates are, if the reviewed items of
        each kind are like the others of it.
    """

    n_wrong: int
    n_wrong_reviewed: int
    n_right: int
    n_right_reviewed: int
    even: bool
    corrected: FigureView


def send(site: Site, slug: str, items: Sequence[str], *, question_id: str | None = None) -> Sent:
    """Open reviews of some labeled items of the reserve, and of as many agreeing ones, in random order.

    Raises
    ------
    InputError
        If one of the items is not a measured item of the reserve.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.changeable(store, rows)
        question = asked(project, question_id)
        measured = on_reserve(site, store, project, question)
    named = np.unique([shown.existing(project, item) for item in items]).astype(np.int64)
    known = np.empty(0, dtype=np.int64) if measured is None else measured.item_idx
    if measured is None or not np.isin(named, known).all():
        raise InputError(
            f"reviews: items must be labeled items of the reserve that were measured, got {', '.join(items)[:200]}.",
            "Reload the page.",
        )
    with store.write() as transaction:
        rng = np.random.default_rng([project.seed, store.head_seq(transaction.rows)])
        wanted = _openable(transaction.rows, named, question)
        agreeing = np.setdiff1d(measured.item_idx[measured.right], named)
        agreeing = _openable(transaction.rows, agreeing, question)
        n_disagreeing = int((~measured.right[np.isin(measured.item_idx, wanted)]).sum())
        drawn = rng.choice(agreeing, min(n_disagreeing, len(agreeing)), replace=False)
        for ordinal in rng.permutation(np.concatenate([wanted, drawn])).tolist():
            _open(transaction, ordinal, question)
    return Sent(len(wanted), len(drawn))


def _openable(rows: Rows, ordinals: Ints, question: Question) -> Ints:
    """Items that people answered, without a review that is open or that had this cause."""
    table = t.review
    looked_at = rows.scalars(
        rows.select(table.c.ordinal).where(
            table.c.question_id == question.id, (table.c.state != DECIDED) | (table.c.cause == CAUSE)
        )
    ).all()
    left = ordinals[~np.isin(ordinals, list(looked_at))]
    annotation, answered = t.annotation, set[int]()
    for start in range(0, len(left), CHUNK):
        answered |= set(
            rows.scalars(
                rows.select(annotation.c.ordinal).where(
                    annotation.c.ordinal.in_(left[start : start + CHUNK].tolist()), annotation.c.standing,
                    annotation.c.question_id == question.id, annotation.c.kind.in_(ANSWERING),
                )
            )
        )  # fmt: skip
    return left[np.isin(left, list(answered))]


def _open(transaction: Transaction, ordinal: int, question: Question) -> None:
    about = standing_answers(transaction.rows, ordinal, question.id)
    open_review(transaction, ordinal, question.id, CAUSE, {}, about, again=True)


def decided(rows: Rows, question: Question) -> list[Decided]:
    """What was decided of items, the last decision of each; those that were sent back are left out."""
    table = t.review
    found: dict[int, Decided] = {}
    reviews = rows.all(
        rows.select(table)
        .where(table.c.question_id == question.id, table.c.state == DECIDED, table.c.outcome.in_((LABEL, KEEP)))
        .order_by(table.c.last_seq)
    )
    answers = _answers(rows, [one for row in reviews for one in row.annotations])
    for row in reviews:
        read = (question.task.current(answers[one]) for one in row.annotations if one in answers)
        given = [one for one in read if one is not None]  # a label that was split since says nothing
        decision = question.task.current(dict(row.answer)) if row.outcome == LABEL and row.answer else None
        if given and (decision is not None or row.outcome == KEEP):
            before = dict(question.task.merge(given).answer)
            earlier = found.get(row.ordinal)
            label = before if decision is None else dict(decision)
            found[row.ordinal] = Decided(row.ordinal, row.cause, earlier.before if earlier else before, label)
    return list(found.values())


def _answers(rows: Rows, ids: Sequence[str]) -> dict[str, JsonObject]:
    annotation, found = t.annotation, dict[str, JsonObject]()
    for start in range(0, len(ids), CHUNK):
        part = list(ids[start : start + CHUNK])
        query = rows.select(annotation.c.id, annotation.c.answer).where(annotation.c.id.in_(part))
        found |= {row.id: dict(row.answer) for row in rows.all(query) if row.answer}
    return found


def second_looks(rows: Rows, measured: OnReserve) -> SecondLooks | None:
    """How far the reserve was reviewed; None where answers are not one class."""
    if not measured.question.task.one_class:
        return None
    looked_at = {one.ordinal: one for one in decided(rows, measured.question)}
    position = {ordinal: k for k, ordinal in enumerate(measured.item_idx.tolist())}
    favoured = measured.task.decode(measured.task.answer(measured.predictions))
    agreed, reviewed, agrees_now = measured.right.copy(), np.zeros(measured.n, dtype=bool), measured.right.copy()
    for ordinal, one in looked_at.items():
        if ordinal in position:
            k = position[ordinal]
            reviewed[k] = True
            agreed[k] = one.before.get("label") == favoured[k]["label"]
            agrees_now[k] = one.answer.get("label") == favoured[k]["label"]
    wrong, right = ~agreed, agreed
    n_wrong, of_wrong, n_right, of_right = (
        int(part.sum()) for part in (wrong, wrong & reviewed, right, right & reviewed)
    )
    even = _even(n_wrong, of_wrong, n_right, of_right)
    corrected = weighted_accuracy(wrong, right, reviewed, agrees_now)
    return SecondLooks(n_wrong, of_wrong, n_right, of_right, even, corrected)


def _even(n_wrong: int, wrong_reviewed: int, n_right: int, right_reviewed: int) -> bool:
    of_wrong, of_right = wrong_reviewed / max(n_wrong, 1), right_reviewed / max(n_right, 1)
    return of_wrong <= EVEN * of_right or wrong_reviewed == 0


def weighted_accuracy(wrong: Bools, right: Bools, reviewed: Bools, agrees_now: Bools) -> FigureView:
    """The accuracy if all labels were reviewed, from reviews of some of each kind.

    Parameters
    ----------
    wrong, right : bool arrays of shape (n,)
        Items whose label disagreed, and agreed, with the model before any review.
    reviewed : bool array of shape (n,)
        At random within each kind.
    agrees_now : bool array of shape (n,)
        Whether the label agrees after the review.

    Returns
    -------
    FigureView
        Undefined below ten reviews of each kind.

    Notes
    -----
    Each kind's share of agreement after review, weighted by the kind's share of the reserve. The distances to the
    limits of Wilson's intervals of both, and the error of the share itself, are added in squares.

    References
    ----------
    Cochran (1977). Sampling techniques, sec. 12.2 (double sampling for stratification); limits: Newcombe (1998).
    Interval estimation for the difference between independent proportions, method 10.

    Examples
    --------
    >>> wrong = np.arange(100) < 20
    >>> reviewed = (np.arange(100) % 2 == 0) & (np.arange(100) < 40)  # half of the 20, an eighth of the 80
    >>> found = weighted_accuracy(wrong, ~wrong, reviewed, ~wrong | (np.arange(100) < 10))
    >>> found.value, found.n  # 0.2 * 0.5 + 0.8 * 1
    (0.9, 20)
    """
    n = len(wrong)
    counts = [int((part & reviewed).sum()) for part in (wrong, right)]
    if min(counts) < NEEDED:
        return FigureView.none(Reason("few-second-looks", {"wrong": counts[0], "right": counts[1], "needed": NEEDED}))
    value = below = above = 0.0
    for part in (wrong, right):
        seen, share = part & reviewed, float(part.sum()) / n
        found = wilson(float(agrees_now[seen].sum()), int(seen.sum()))
        value += share * found.value
        below += (share * (found.value - found.low)) ** 2
        above += (share * (found.high - found.value)) ** 2
    p = float(right.mean())
    between = 1.96**2 * p * (1 - p) / n  # which items happen to be in the reserve
    low, high = value - math.sqrt(below + between), value + math.sqrt(above + between)
    return FigureView.of(Estimate(value, max(0.0, low), min(1.0, high), sum(counts)))
