"""When a project is due for a training cycle.

Any change of what can be trained on makes a project want one: an answer, a correction, an undo, rows, another
policy, excluded items, merged or split labels, another encoder that is ready. A skip or a flag does not. While people
work, a cycle for every answer would fill the record with models that differ by one label; so after a cycle the next
waits for two labels of a hundred more, or for a rest, whichever comes first. It never starts sooner than the last one
took, so that training leaves half of a processor to the people who wait for their next item.

A project whose cycle killed its workers again and again waits until a lead acts, so that other projects go on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func

from labelwright.store import tables as t
from labelwright.store.project import ProjectRow
from labelwright.store.record.project import ProjectStateChanged
from labelwright.store.record.standing import ABOUT_ITEM
from labelwright.store.rows import Rows

MAX_DEATHS: Final = 3
CHANGES: Final = (
    "import",
    "import.undone",
    "items.excluded",
    "items.included",
    "item.replaced",
    "policy",
    "goal",
    "labels.changed",
    "encoder.ready",
    "encoder.compared",
)
GROWTH: Final = 0.02
REST_SECONDS: Final = 20.0


@dataclass(frozen=True)
class Due:
    """Whether a cycle is due.

    Attributes
    ----------
    wanted : bool
        Whether something changed that the published ranking does not know.
    now : bool
        Whether a cycle should start now.
    in_seconds : float
        When to check again, if work is needed later.
    """

    wanted: bool
    now: bool = False
    in_seconds: float = 0.0


def due(rows: Rows, row: ProjectRow, rested_seconds: float, took_seconds: float = 0.0) -> Due:
    """Judge a project.

    Parameters
    ----------
    rested_seconds : float
        Since the last cycle of this project ended; infinity if none did.
    took_seconds : float
        How long that cycle took.
    """
    if row.n_items == 0:  # its first import is under way
        return Due(False)
    if _is_given_up(rows):
        return Due(True)
    if row.awaits_features:
        return Due(True, row.state == "ready")
    if row.wanted_seq <= row.trained_seq or row.state != "ready":
        return Due(row.wanted_seq > row.trained_seq)
    if rested_seconds < min(took_seconds, REST_SECONDS):
        return Due(True, False, min(took_seconds, REST_SECONDS) - rested_seconds)
    if rested_seconds >= REST_SECONDS or _answers_since(rows, row) >= _enough(rows, row):
        return Due(True, True)
    return Due(True, False, REST_SECONDS - rested_seconds)


def _is_given_up(rows: Rows) -> bool:
    """Whether the newest cycle killed its workers, and nobody has changed items or settings or resumed since."""
    cycle, event = t.cycle, t.event
    newest = rows.first(
        rows.select(cycle.c.state, cycle.c.deaths, cycle.c.wanted_seq).order_by(cycle.c.id.desc()).limit(1)
    )
    if newest is None or newest.state != "failed" or newest.deaths < MAX_DEATHS:
        return False
    acts = (*CHANGES, ProjectStateChanged.kind)
    since = rows.select(event.c.seq).where(event.c.seq > newest.wanted_seq, event.c.kind.in_(acts))
    return rows.first(since) is None


def _answers_since(rows: Rows, row: ProjectRow) -> float:
    """Answers that the ranking does not know; infinitely many where something else than answers changed."""
    table, event = t.annotation, t.event
    others = rows.scalar(
        rows.select(func.count(), of=event).where(
            event.c.seq > row.trained_seq, event.c.seq <= row.wanted_seq,
            event.c.kind.in_(CHANGES),
        )
    )  # fmt: skip
    if others:
        return math.inf
    n = rows.scalar(
        rows.select(func.count(), of=table).where(table.c.seq > row.trained_seq, table.c.kind.not_in(ABOUT_ITEM))
    )
    return float(n or 0)


def _enough(rows: Rows, row: ProjectRow) -> int:
    n_labels = rows.scalar(rows.select(t.ranking.c.n_labels).where(t.ranking.c.id == row.ranking_id))
    return max(1, math.ceil(GROWTH * int(n_labels or 0)))
