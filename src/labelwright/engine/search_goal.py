"""What a search project looks for, and which columns of a history it records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.goals import Goal
from labelwright.evaluation.recall import blind_sample_size, least_positives
from labelwright.loop.looks import EXTRA
from labelwright.plain import Json, JsonObject
from labelwright.stats.certify import ALPHA
from labelwright.store import tables as t
from labelwright.store.record.searches import ElusionAsked
from labelwright.store.rows import Rows
from labelwright.tasks import Task

Ints = npt.NDArray[np.int64]
BLIND: Final = frozenset({"blind_positives", "blind_reached", "blind_left"})
ELUSION: Final = frozenset({"elusion_n", "elusion_found", "elusion_looks"})
RECORDED: Final = EXTRA | BLIND | ELUSION
BLIND_SHARE: Final = 0.25  # of the items, where nothing is known of the prevalence
MOST_BLIND: Final = 20_000
MARGIN: Final = 1.2  # so that a blind sample of fewer relevant items than expected is enough


def blind_share(recall: float, prevalence: float | None, n_items: int) -> float:
    """Which part of the items is drawn as the blind sample, at most half.

    >>> round(blind_share(0.95, 279 / 1991, 1991), 2), blind_share(0.95, None, 1991)
    (0.25, 0.25)
    """
    if not n_items:
        return 0.0
    if prevalence is None:
        return min(BLIND_SHARE, MOST_BLIND / n_items)
    least = least_positives(recall=recall, alpha=ALPHA)
    if least > prevalence * n_items:
        return 0.5
    return min(MARGIN * blind_sample_size(least, prevalence=prevalence, n_items=n_items) / n_items, 0.5)


@dataclass(frozen=True)
class Search:
    """What a project looks for.

    Attributes
    ----------
    recall : float
        The share of the relevant items that is to be found.
    position : int
        Of the class or label that makes an item relevant.
    """

    recall: float
    position: int

    @classmethod
    def of(cls, config: JsonObject, positive: Mapping[str, Json] | None, task: Task) -> Search | None:
        """The search of a project's configuration, None where it is none."""
        goal = Goal.from_config(config)
        if goal is None or not goal.is_search or positive is None:
            return None
        return cls(goal.value, position_of(task, positive))


def position_of(task: Task, positive: Mapping[str, Json]) -> int:
    """Which class, or label, an answer names."""
    y = np.asarray(task.encode([dict(positive)]))
    return int(y[0]) if y.ndim == 1 else int(y[0].argmax())


@dataclass(frozen=True)
class Sample:
    """One random sample of what was not reviewed."""

    seq: int
    items: Ints


def samples(rows: Rows, upto_seq: int | None = None) -> list[Sample]:
    """The elusion samples so far, the oldest first."""
    table = t.decision
    query = rows.select(table.c.seq, table.c.data).where(table.c.kind == ElusionAsked.kind).order_by(table.c.seq)
    if upto_seq is not None:
        query = query.where(table.c.seq <= upto_seq)
    found = [(row.seq, ElusionAsked.read(row.data, ElusionAsked.body_version)) for row in rows.all(query)]
    return [Sample(seq, np.array(one.items, dtype=np.int64)) for seq, one in found]


def last_sample(rows: Rows, n_items: int) -> Ints:
    """Items of the newest sample, of the first ``n_items``; none where none was drawn."""
    drawn = samples(rows)
    items = drawn[-1].items if drawn else np.empty(0, dtype=np.int64)
    return items[items < n_items]
