"""What the page shows: labels and evaluation in the same windows, and what the last look says of each thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from labelwright.engine import answers
from labelwright.engine.drifting.finding import STREAM, Finding
from labelwright.engine.drifting.ordering import Order
from labelwright.engine.drifting.schedule import LEAST_ITEMS, last_look
from labelwright.engine.layout import POOL, layout
from labelwright.engine.project import Project
from labelwright.errors import InputError
from labelwright.services.drift.alarms import AlarmView, listed
from labelwright.services.drift.sampling import order_of
from labelwright.services.evaluation.reserve import OnReserve, on_reserve
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.team.figure import FigureView
from labelwright.services.team.skill import class_names
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows
from labelwright.words import Reason

NO_ORDER: Final = "no-order"
FEW_ITEMS: Final = "few-items"
WAITING: Final = "waiting"
READY: Final = "ready"
NO_LABELS: Final = Reason("drift-no-labels")


@dataclass(frozen=True)
class LabelCount:
    """Labels of one class in a window: by id, name and number."""

    label: str
    name: str
    n: int


@dataclass(frozen=True)
class WindowView:
    """Equally many items in a row of their order in time.

    Attributes
    ----------
    name : str
        Day, or key, of its first item.
    first_item : int
        Its ordinal.
    n_items, n_labels : int
        Items, and those of them with a label by a person.
    counts : list of LabelCount
        Of the labels; empty where answers are not one class.
    accuracy : FigureView
        The project's metric on the labels of the reserve in the window.
    """

    name: str
    first_item: int
    n_items: int
    n_labels: int
    counts: list[LabelCount]
    accuracy: FigureView


@dataclass(frozen=True)
class DriftView:
    """The whole page.

    Attributes
    ----------
    state : str
        "no-order" (no times and one import), "few-items", "waiting" for the first look, or "ready".
    ordered_by : str, optional
        "time" or "import".
    n_items, needed : int
        Items there are, and from which number on the first look is made.
    n_looked : int
        Items at the last look; 0 before the first.
    cycle : int, optional
        Whose features and model the last look was made with.
    positions : dict of str to float
        Where each alarm began, by its id, in windows from the first: 2.5 is the middle of the third.
    """

    state: str
    question: str
    metric: str
    ordered_by: str | None
    n_items: int
    needed: int
    n_looked: int
    cycle: int | None
    windows: list[WindowView]
    findings: list[Finding]
    alarms: list[AlarmView]
    positions: dict[str, float]


def show(site: Site, actor: Actor, slug: str) -> DriftView:
    """The page of the primary question."""
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        question, n_items = project.primary, project.row.n_items
        order = order_of(site, store, rows, n_items)
        last = last_look(rows, question.id)
        measured = on_reserve(site, store, project, question)
        windows = [] if order is None else _windows(store, rows, project, order, measured)
        alarms = listed(site, actor, store, rows, project)
    findings = [] if last is None else [Finding.parse(one) for one in last.findings]
    positions = (
        {} if order is None else {one.id: _position(order, one.onset_item) for one in alarms if one.what != STREAM}
    )
    few = n_items < LEAST_ITEMS
    state = NO_ORDER if order is None else READY if last is not None else FEW_ITEMS if few else WAITING
    return DriftView(
        state, question.id, question.metric, None if order is None else order.by, n_items, LEAST_ITEMS,
        0 if last is None else last.n_items, None if last is None else last.cycle, windows, findings, alarms,
        positions,
    )  # fmt: skip


def _windows(
    store: ProjectStore, rows: Rows, project: Project, order: Order, measured: OnReserve | None
) -> list[WindowView]:  # fmt: skip
    where, question = layout(store, rows, project.row.n_items), project.primary
    people = [one for one in answers.counted(rows, where, question.id) if where.split[one.ordinal] == POOL]
    label_of = {one.ordinal: str(one.answer.get("label", "")) for one in people}
    names = class_names(question) if question.task.one_class else {}
    borders, found = order.borders(), []
    for start, end in zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True):
        inside = order.items[start:end]
        if not len(inside):
            continue
        given = [label_of[ordinal] for ordinal in inside.tolist() if ordinal in label_of]
        found.append(
            WindowView(
                order.name_at(start), int(inside[0]), len(inside), len(given),
                [LabelCount(label, name, given.count(label)) for label, name in names.items()],
                _accuracy(measured, inside),
            )
        )  # fmt: skip
    return found


def _accuracy(measured: OnReserve | None, inside: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> FigureView:
    if measured is None:
        return FigureView.none(NO_LABELS)
    try:
        metric = measured.measurement(measured.question.metric).metric
    except InputError:
        return FigureView.none(NO_LABELS)
    among = np.isin(measured.item_idx, inside)
    return measured.figure(metric, among) if among.any() else FigureView.none(NO_LABELS)


def _position(order: Order, ordinal: int) -> float:
    """Where an item lies, in windows from the first."""
    places = np.flatnonzero(order.items == ordinal)
    if not len(places):
        return 0.0
    return float(np.interp(places[0], order.borders(), np.arange(len(order.borders()))))
