"""How long people take, and what their labels cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labelwright.engine.quality import Profile
from labelwright.services.team.figure import FigureView
from labelwright.services.team.said import Bools, Floats, Ints, Said
from labelwright.stats.intervals import median_interval
from labelwright.store.record.standing import ANSWER
from labelwright.words import Reason

HOUR = 3600.0
NO_TIMES = Reason("no-times")


@dataclass(frozen=True)
class Pace:
    """How much somebody did, in what time, at what cost.

    Attributes
    ----------
    n_answers, n_items : int
        Standing answers, and the items that they are about.
    n_skipped, n_flagged : int
        Items that are set aside now.
    n_late : int
        Answers that came after their lease had ended.
    hours : float
        Active ones, whatever was done in them.
    seconds : FigureView
        The median for an item.
    per_hour : float, optional
        Items answered in an active hour.
    cost, cost_per_label : float, optional
        Where a rate is known.
    cost_per_correct : FigureView, optional
        Where a rate and the accuracy on known answers are known too.
    """

    n_answers: int
    n_items: int
    n_skipped: int
    n_flagged: int
    n_late: int
    hours: float
    seconds: FigureView
    per_hour: float | None
    cost: float | None
    cost_per_label: float | None
    cost_per_correct: FigureView | None


def pace(said: Said, own: Bools, profile: Profile, gold: FigureView | None) -> Pace:
    """What somebody did.

    Parameters
    ----------
    own : bool array of shape (n,)
        The person's rows.
    gold : FigureView, optional
        The person's accuracy on known answers.
    """
    standing = own & said.standing
    answered = standing & said.answering
    n_items = len(np.unique(said.ordinal[answered]))
    hours = float(np.nansum(said.seconds[own])) / HOUR
    cost = None if profile.rate is None else profile.rate * hours
    per_label = cost / n_items if cost is not None and n_items else None
    return Pace(
        n_answers=int(answered.sum()),
        n_items=n_items,
        n_skipped=int((standing & (said.kind == "skip")).sum()),
        n_flagged=int((standing & (said.kind == "flag")).sum()),
        n_late=int((own & said.answering & said.late).sum()),
        hours=hours,
        seconds=median_seconds(item_seconds(said, own)[1]),
        per_hour=n_items / hours if hours > 0 else None,
        cost=cost,
        cost_per_label=per_label,
        cost_per_correct=_per_correct(per_label, gold),
    )


def item_seconds(said: Said, among: Bools) -> tuple[Ints, Floats]:
    """Seconds of each item that somebody answered for the first time, and the row of its last answer, in order.

    The questions of an item share its seconds, so they are added. A grid shows many items at once: its times are not
    those of an item.
    """
    rows = np.flatnonzero(among & said.first & (said.kind == ANSWER) & ~said.grid & np.isfinite(said.seconds))
    if not len(rows):
        return rows, np.empty(0)
    pair = said.person[rows] * (int(said.ordinal.max()) + 1) + said.ordinal[rows]
    _, of = np.unique(pair, return_inverse=True)
    total, last = np.bincount(of, weights=said.seconds[rows]), np.zeros(int(of.max()) + 1, dtype=np.int64)
    np.maximum.at(last, of, rows)
    order = np.argsort(last)
    return last[order], total[order].astype(np.float64)


def median_seconds(seconds: Floats) -> FigureView:
    """The median with its interval."""
    return FigureView.of(median_interval(seconds)) if len(seconds) else FigureView.none(NO_TIMES)


def _per_correct(per_label: float | None, gold: FigureView | None) -> FigureView | None:
    """The cost of a right label: that of a label over the accuracy, whose bounds change places."""
    if per_label is None or gold is None or not gold.value:
        return None
    over: Callable[[float | None], float | None] = lambda share: per_label / share if share else None  # noqa: E731
    return FigureView(over(gold.value), over(gold.high), over(gold.low), gold.n, gold.enough, None)
