"""The items of a project as columns in memory: what the list of items is filtered and sorted by.

Columns are numbers by ordinal, so that a filter and a sort of a million items are a few passes over arrays. Each
is made once for the state that it follows from and kept: labels and answers as of the last event, what the model
thinks for a published cycle. Names and times are sorted by the database, which has indexes of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.annotated import Annotated, read_annotated
from labelwright.engine.cycle import Cycle
from labelwright.engine.layout import POOL, Layout, layout
from labelwright.engine.project import Project, Question
from labelwright.engine.serving import serving_cycle
from labelwright.errors import UnavailableError
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import STREAM, Rows

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
SORTS: Final = ("order", "key", "time", "label", "confidence", "doubt", "answers")
BY_COLUMN: Final = ("key", "time")
FEW: Final = 5000
OF_OPINION: Final = ("label", "confidence", "doubt", "answers")  # sorts that reveal a label or a prediction


@dataclass(frozen=True)
class Opinion:
    """What the served model thinks of items.

    Attributes
    ----------
    confidence : float32 array of shape (n_items,)
        NaN where it says nothing, or nothing that may be shown.
    """

    confidence: npt.NDArray[np.float32]
    cycle: Cycle | None = None
    _words: dict[int, str] = field(default_factory=dict)

    def in_words(self, ordinals: list[int], question: Question) -> dict[int, str]:
        """The predicted answers of some items."""
        if self.cycle is None:
            return {}
        frozen = next((one for one in self.cycle.inputs.questions if one.id == question.id), None)
        predictions = None if frozen is None else self.cycle.predictions(frozen)
        if frozen is None or predictions is None:
            return {}
        task = frozen.make_task()
        known = np.array([o for o in ordinals if o < len(self.confidence) and o < self.cycle.inputs.n_items])
        if not len(known):
            return {}
        decoded = task.decode(task.answer(task.take(predictions, known.astype(np.int64))))
        return {int(o): task.describe(answer) for o, answer in zip(known, decoded, strict=True)}


def split_of(store: ProjectStore, rows: Rows, project: Project) -> Layout:
    """Splits by ordinal."""
    return layout(store, rows, project.row.n_items)


def annotated(site: Site, store: ProjectStore, rows: Rows, project: Project, question: Question) -> Annotated:
    """Labels and answers, read once for each state of the record."""
    key = ("annotated", store.project_id, question.id, project.row.n_items, store.head_seq(rows))
    cached: Annotated = site.cache.get(key, lambda: read_annotated(store, rows, project, question))
    return cached


def opinion(site: Site, store: ProjectStore, rows: Rows, project: Project, question: Question) -> Opinion:
    """What the model that serves thinks; nothing of reserve items, which are asked about blindly."""
    serving = serving_cycle(rows, question.id, project.row.cycle)
    if serving == 0:
        return Opinion(np.full(project.row.n_items, np.nan, dtype=np.float32))
    key = ("opinion", store.project_id, question.id, project.row.n_items, serving)
    try:
        cached: Opinion = site.cache.get(key, lambda: _opinion(store, rows, project, question, serving))
    except UnavailableError:  # predictions are in a store that is away
        return Opinion(np.full(project.row.n_items, np.nan, dtype=np.float32))
    return cached


def by_column(rows: Rows, sort: str, keep: Bools, *, descending: bool, n: int) -> list[int]:
    """The first ``n`` kept ordinals by name or by time, those without a time last.

    Where many are kept, the database's index is read in its order until enough have come; where few are, only
    these are sorted.
    """
    item, column = t.item, {"key": t.item.c.key, "time": t.item.c.time}[sort]
    kept = np.flatnonzero(keep)
    orders = (column.desc(), item.c.ordinal.desc()) if descending else (column, item.c.ordinal)
    query = rows.select(item.c.ordinal).where(item.c.ordinal < len(keep))
    if len(kept) <= FEW:
        query = query.where(item.c.ordinal.in_(kept.tolist()))
    page: list[int] = []
    blanks = () if sort == "key" else (query.where(column.is_(None)).order_by(orders[1]),)
    for part in (query.where(column.is_not(None)).order_by(*orders), *blanks):
        with rows.connection.execute(part, execution_options=STREAM) as result:
            for ordinal in result.scalars():
                if keep[ordinal]:
                    page.append(ordinal)
                if len(page) == n:
                    return page
    return page


def _opinion(store: ProjectStore, rows: Rows, project: Project, question: Question, serving: int) -> Opinion:
    confidence = np.full(project.row.n_items, np.nan, dtype=np.float32)
    cycle = Cycle(store, serving)
    frozen = next((one for one in cycle.inputs.questions if one.id == question.id), None)
    predictions = None if frozen is None else cycle.predictions(frozen)
    if frozen is None or predictions is None:
        return Opinion(confidence)
    known = np.asarray(frozen.make_task().confidence(predictions), dtype=np.float32)
    confidence[: len(known)] = known
    confidence[layout(store, rows, project.row.n_items).split != POOL] = np.nan
    return Opinion(confidence, cycle)
