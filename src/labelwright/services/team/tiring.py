"""Whether a person's answers get worse within a session, and whether their quick answers are worse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from labelwright.annotators.pace import agreement_by_speed, fatigue
from labelwright.engine.project import Question
from labelwright.services.team.figure import FigureView
from labelwright.services.team.over_time import agreed
from labelwright.services.team.pace import item_seconds
from labelwright.services.team.said import Bools, Ints, Said
from labelwright.words import Reason

PAUSE = 1800.0  # seconds without an answer that end a session
TOO_FEW = Reason("too-few-compared")


@dataclass(frozen=True)
class Tiring:
    """How agreement with others goes along with time and haste.

    Attributes
    ----------
    per_hundred : FigureView
        Change of agreement with each hundred answers of a session; below 0 if the person gets worse.
    quick, middling, slow : FigureView
        Agreement of each third of the person's answers by their own pace.
    difference : FigureView
        Of the slow third above the quick one. Hard items are slow and agreed about less, whatever the haste.
    """

    per_hundred: FigureView
    quick: FigureView
    middling: FigureView
    slow: FigureView
    difference: FigureView


def tiring(said: Said, question: Question, own: Bools) -> Tiring:
    """Look at the answers of a person about items drawn at random that others answered too."""
    rows, scores = agreed(said, question, own)
    session, place = sessions(said, np.flatnonzero(own & said.answering))
    at = np.searchsorted(np.flatnonzero(own & said.answering), rows)
    timed, seconds = item_seconds(said, own)
    of_item = dict(zip(said.ordinal[timed].tolist(), seconds.tolist(), strict=True))
    known = np.array([ordinal in of_item for ordinal in said.ordinal[rows].tolist()], dtype=bool)
    times = np.array([of_item[ordinal] for ordinal in said.ordinal[rows[known]].tolist()], dtype=np.float64)
    by_speed = agreement_by_speed(np.zeros(len(times)), times, scores[known])
    slope = fatigue(session[at].tolist(), place[at], scores)
    figures = [
        FigureView.of(one, TOO_FEW if one.n == 0 else Reason()) for one in (*by_speed.parts, by_speed.difference)
    ]
    return Tiring(FigureView.of(slope, Reason() if np.isfinite(slope.value) else TOO_FEW), *figures)


def sessions(said: Said, rows: Ints) -> tuple[Ints, Ints]:
    """The session of each row, and its place in it from 0; rows are of one person, in order."""
    begins = np.ones(len(rows), dtype=bool)
    begins[1:] = np.diff(said.epoch[rows]) > PAUSE
    session = np.cumsum(begins) - 1
    return session, np.arange(len(rows)) - np.flatnonzero(begins)[session] if len(rows) else session
