"""One person's speed and quality over time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.engine.project import Question
from labelwright.services.team.figure import FigureView
from labelwright.services.team.pace import item_seconds, median_seconds
from labelwright.services.team.said import Bools, Floats, Ints, Said
from labelwright.services.team.skill import NO_GOLD, NO_RANDOM, Known, gold_rows

MAX_SPANS: Final = 120


@dataclass(frozen=True)
class Span:
    """Some days of a person's work.

    Attributes
    ----------
    since, until : str
        First and last day, in UTC.
    n_items : int
        Items answered for the first time.
    """

    since: str
    until: str
    n_items: int
    seconds: FigureView
    agreement: FigureView
    gold: FigureView


def agreed(said: Said, question: Question, own: Bools, among: Bools | None = None) -> tuple[Ints, Floats]:
    """Rows of a person about items drawn at random that others answered too, and the mean agreement of each."""
    rows = said.measuring(question)
    if among is not None:
        rows = rows[among[rows]]
    mine = rows[own[rows]]
    others: dict[int, list[int]] = defaultdict(list)
    for row in rows[np.isin(said.ordinal[rows], said.ordinal[mine]) & ~own[rows]].tolist():
        others[int(said.ordinal[row])].append(row)
    shared = [row for row in mine.tolist() if int(said.ordinal[row]) in others]
    distance = question.task.distance
    scores = [
        1 - float(np.mean([distance(dict(said.answers[row] or {}), dict(said.answers[k] or {})) for k in peers]))
        for row in shared
        for peers in [others[int(said.ordinal[row])]]
    ]
    return np.array(shared, dtype=np.int64), np.array(scores, dtype=np.float64)


def spans(
    said: Said, question: Question, known: Known, own: Bools, *, among: Bools | None = None, at_least: int = 1
) -> list[Span]:
    """A person's days, the latest 120.

    Parameters
    ----------
    among : bool array of shape (n,), optional
        Rows that count, for the person and for others.
    at_least : int
        Days are put together until so many of the person's answers can be compared with others'.
    """
    counted = own if among is None else own & among
    timed, seconds = item_seconds(said, counted)
    compared, scores = agreed(said, question, own, among)
    gold, right = gold_rows(said, question, known, counted)
    firsts = np.flatnonzero(counted & said.first)
    found = []
    for since, until in _days(said, firsts, compared, at_least)[-MAX_SPANS:]:
        inside, of_gold, of_first, of_times = (
            (said.day[rows] >= since) & (said.day[rows] <= until) for rows in (compared, gold, firsts, timed)
        )
        found.append(
            Span(
                since, until, len(np.unique(said.ordinal[firsts[of_first]])), median_seconds(seconds[of_times]),
                FigureView.share(float(scores[inside].sum()), float(inside.sum()), NO_RANDOM),
                FigureView.share(float(right[of_gold].sum()), float(of_gold.sum()), NO_GOLD),
            )
        )  # fmt: skip
    return found


def _days(said: Said, firsts: Ints, compared: Ints, at_least: int) -> list[tuple[str, str]]:
    """First and last day of each span; what is left over at the end joins the last span."""
    days = np.unique(said.day[firsts]).tolist()
    if at_least <= 1:
        return [(day, day) for day in days]
    n_of = dict(zip(*np.unique(said.day[compared], return_counts=True), strict=True))
    found, begins, n = list[tuple[str, str]](), None, 0
    for day in days:
        begins, n = begins or day, n + int(n_of.get(day, 0))
        if n >= at_least:
            found.append((begins, day))
            begins, n = None, 0
    if begins is not None and found:
        found[-1] = (found[-1][0], days[-1])
    return found
