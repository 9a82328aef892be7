"""How far the items that were chosen differ from each other, beside as many random ones."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine import features
from labelwright.engine.cycle import Cycle
from labelwright.engine.layout import POOL
from labelwright.engine.project import Project
from labelwright.policy import kinds
from labelwright.stats.intervals import wilson
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import ANSWER
from labelwright.words import Reason, in_words

ALIKE: Final = 0.95  # cosine similarity of near duplicates
MIN_CHOSEN: Final = 20
MOST_CHOSEN: Final = 1000  # the newest are looked at


def of_chosen(store: ProjectStore, project: Project, from_seq: int) -> list[str]:
    """Which share of the items chosen after an event has a near duplicate among them; what follows for the dial."""
    table = t.annotation
    with store.read() as rows:
        newest = rows.scalars(
            rows.select(table.c.ordinal)
            .where(table.c.kind == ANSWER, table.c.first, table.c.slot_kind.in_(kinds.chosen()), table.c.seq > from_seq)
            .order_by(table.c.seq.desc())
        ).all()
    chosen = np.array(list(dict.fromkeys(newest))[:MOST_CHOSEN], dtype=np.int64)
    few = [in_words(Reason("design-spread-few", {"n": len(chosen), "needed": MIN_CHOSEN}))]
    if len(chosen) < MIN_CHOSEN or project.row.cycle == 0:
        return few
    cycle = Cycle(store, project.row.cycle)
    pool = np.flatnonzero(cycle.layout.split == POOL)
    if cycle.inputs.is_cold or len(pool) < len(chosen):
        return few
    random = np.random.default_rng(project.seed).choice(pool, len(chosen), replace=False)
    near, expected = (
        has_near(features.rows_of(store, cycle.inputs.revision, idx), ALIKE) for idx in (chosen, np.sort(random))
    )
    share = wilson(float(near.sum()), len(near))
    said = Reason("design-spread", {
        "near": share.value, "low": share.low, "high": share.high, "n": share.n, "random": float(expected.mean()),
        "limit": ALIKE,
    })  # fmt: skip
    more = share.low > float(expected.mean())
    return [in_words(said), in_words(Reason("design-dial-up" if more else "design-dial-fine"))]


def has_near(x: npt.NDArray[np.float32], limit: float) -> npt.NDArray[np.bool_]:
    """Whether each row has another one at a cosine similarity of ``limit`` or more, (n,).

    Examples
    --------
    >>> has_near(np.array([[1, 0], [2, 0], [0, 1]], dtype=np.float32), 0.95).tolist()
    [True, True, False]
    """
    length = np.linalg.norm(x, axis=1, keepdims=True)
    unit = x / np.where(length > 0, length, 1)
    similar = unit @ unit.T  # (n, n)
    np.fill_diagonal(similar, -1)
    found: npt.NDArray[np.bool_] = similar.max(axis=1) >= limit - 1e-6
    return found
