"""A random sample of the items after a change, asked first, and what its answers say of the change."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine import answers
from labelwright.engine.cycle import Cycle
from labelwright.engine.drifting.ordering import Order, read_order
from labelwright.engine.layout import POOL, layout
from labelwright.engine.project import Project, Question
from labelwright.plain import JsonObject
from labelwright.services.site import Site
from labelwright.services.team.figure import FigureView
from labelwright.services.team.skill import class_names
from labelwright.store import record
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.drift import DriftSettled
from labelwright.store.record.pins import ItemsPinned
from labelwright.store.rows import Rows
from labelwright.words import Reason

MEASURED: Final = "measured"
SIZES: Final = (25, 50, 100, 200, 400)
Z: Final = 1.959964
NO_MODEL: Final = Reason("drift-no-model")
NONE_YET: Final = Reason("drift-no-answers")
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SampleSize:
    """How exactly so many labels measure a share.

    Attributes
    ----------
    half_width : float
        Of the 95 % interval of a share near one half, which is the widest.
    """

    n: int
    half_width: float


@dataclass(frozen=True)
class LabelShare:
    """How common a label is among the answered items of the sample."""

    label: str
    name: str
    figure: FigureView


@dataclass(frozen=True)
class SampleView:
    """What a sample measures so far.

    Attributes
    ----------
    n : int
        Items that were drawn.
    n_answered : int
    shares : list of LabelShare
        Of all labels; empty where answers are not one class.
    accuracy : FigureView
        Of the model that the alarm was raised with, which had seen none of these answers.
    """

    n: int
    n_answered: int
    shares: list[LabelShare]
    accuracy: FigureView


def sizes(n_left: int) -> list[SampleSize]:
    """What samples of some sizes measure, as far as there are so many items: 1.96 times the root of a quarter over n.

    Examples
    --------
    >>> [(one.n, round(one.half_width, 3)) for one in sizes(120)]
    [(25, 0.196), (50, 0.139), (100, 0.098), (120, 0.089)]
    """
    chosen = [n for n in SIZES if n < n_left] + ([n_left] if 0 < n_left <= SIZES[-1] else [])
    return [SampleSize(n, Z * math.sqrt(0.25 / n)) for n in chosen]


def order_of(site: Site, store: ProjectStore, rows: Rows, n_items: int) -> Order | None:
    """The order of the items in time, read once for each number of items; None where they have none."""
    found: Order | None = site.cache.get(("drift-order", store.project_id, n_items), lambda: read_order(rows, n_items))
    return found


def candidates(store: ProjectStore, rows: Rows, project: Project, order: Order | None, onset_item: int) -> Ints:
    """Items of the pool from the onset on that nobody has answered or set aside, sorted; of all without an order."""
    n_items, table = project.row.n_items, t.annotation
    where = layout(store, rows, n_items)
    left = where.split == POOL
    left[answers.excluded(rows, n_items)] = False
    left[answers.labeled_by_data(rows, where.n_items, (project.primary.id,))[0]] = False
    seen = rows.scalars(rows.select(table.c.ordinal).where(table.c.standing, table.c.ordinal < n_items).distinct())
    left[np.array(list(seen), dtype=np.int64)] = False
    later = np.arange(n_items) if order is None else order.since(onset_item).items
    return np.sort(later[left[later]])


def sampled(store: ProjectStore, rows: Rows) -> dict[str, tuple[int, ...]]:
    """The items drawn for each alarm: those pinned in the event before the one that settled it as measured."""
    found: dict[str, tuple[int, ...]] = {}
    pinned: dict[int, tuple[int, ...]] = {}
    for event in store.events(rows, kinds=(ItemsPinned.kind, DriftSettled.kind)):
        match record.read(event):
            case ItemsPinned(items=items):
                pinned = {event.seq: items}
            case DriftSettled(id=alarm, outcome=outcome) if outcome == MEASURED and event.seq - 1 in pinned:
                found[alarm] = pinned[event.seq - 1]
    return found


def measure(
    store: ProjectStore, rows: Rows, project: Project, question: Question, cycle_id: int | None, drawn: tuple[int, ...]
) -> SampleView:  # fmt: skip
    """The shares of labels among the sample's answered items, and the accuracy of the alarm's model, with intervals.

    Items are answered in random order, so those answered so far are a random sample too.
    """
    where = layout(store, rows, project.row.n_items)
    given = {one.ordinal: one.answer for one in answers.counted(rows, where, question.id, ordinals=list(drawn))}
    labels = [answer.get("label") for answer in given.values()]
    names = class_names(question) if question.task.one_class else {}
    shares = [
        LabelShare(label, name, FigureView.share(labels.count(label), len(labels), NONE_YET))
        for label, name in names.items()
    ]
    return SampleView(len(drawn), len(given), shares, _accuracy(store, question, cycle_id, given))


def _accuracy(
    store: ProjectStore, question: Question, cycle_id: int | None, given: dict[int, JsonObject]
) -> FigureView:  # fmt: skip
    """How often the model of a cycle is right; undefined once its predictions are thinned, or under another schema."""
    if not given:
        return FigureView.none(NONE_YET)
    cycle = None if cycle_id is None else Cycle(store, cycle_id)
    frozen = None if cycle is None else next((q for q in cycle.inputs.questions if q.id == question.id), None)
    if cycle is None or frozen is None or frozen.schema_version != question.schema_version:
        return FigureView.none(NO_MODEL)
    predicted = cycle.predictions(frozen)
    if predicted is None or not question.task.one_class:
        return FigureView.none(NO_MODEL)
    task, ordinals = frozen.make_task(), np.array(sorted(given), dtype=np.int64)
    told = np.asarray(task.answer(task.take(predicted, ordinals)))
    truth = task.encode([given[ordinal] for ordinal in ordinals.tolist()])
    return FigureView.share(float((told == truth).sum()), len(ordinals), NONE_YET)
