"""What the model gets wrong on the reserve, which it never chose: by class, by pair of classes, and the items."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.cycle import Cycle
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.layout import POOL, layout
from labelwright.engine.project import Project, Question
from labelwright.loop.state import RESERVE
from labelwright.loop.steps import ENOUGH
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.projects.described import describe_answer
from labelwright.services.site import Site
from labelwright.services.steering.estimates import EstimateView
from labelwright.stats.intervals import mean_interval
from labelwright.store.project import ProjectStore
from labelwright.tasks import Task

MAX_ITEMS: Final = 50
MAX_CELLS: Final = 400
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ClassFigures:
    """How one class fares.

    Attributes
    ----------
    name : str
    n : int
        Reserve items of the class.
    recall, precision : EstimateView, optional
        None where there is no item to measure on.
    """

    name: str
    n: int
    recall: EstimateView | None
    precision: EstimateView | None


@dataclass(frozen=True)
class Cell:
    """Reserve items of one class that the model takes for one class.

    Attributes
    ----------
    truth, predicted : str, optional
        Names of classes. With several labels an item, ``predicted`` is None where the model missed the label, and
        ``truth`` where it gave the label wrongly.
    items : list of str
        Ids, fifty at most.
    """

    truth: str | None
    predicted: str | None
    n: int
    items: list[str]


@dataclass(frozen=True)
class FarOff:
    """A number that the model is far off."""

    item: str
    truth: float
    predicted: float


@dataclass(frozen=True)
class Mistakes:
    """What the model of a question gets wrong.

    Attributes
    ----------
    n : int
        Reserve labels that it was measured on.
    enough : bool
        False below 30.
    classes : list of ClassFigures
    cells : list of Cell
        Right ones too; the largest first.
    far_off : list of FarOff
        For numbers, the largest differences first.
    """

    question: str
    n: int
    enough: bool
    classes: list[ClassFigures]
    cells: list[Cell]
    far_off: list[FarOff]


def show(site: Site, actor: Actor, slug: str, question_id: str | None = None) -> Mistakes:
    """Compare the published model with the reserve labels of its label version.

    Items that are leased to the caller are left out: where they stand would tell their label.
    """
    from labelwright.services.labeling import exposure, leases

    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        question = project.question(question_id) if question_id is not None else project.primary
        outside = np.flatnonzero(layout(store, rows, project.row.n_items).split != POOL)
        hidden = leases.leased_to(rows, actor, outside.tolist())
    found = compared(store, project, question, hidden)
    named = {item for cell in found.cells for item in cell.items} | {one.item for one in found.far_off}
    exposure.note(store, actor, [shown.ordinal_of(item) for item in named])
    return found


def compared(store: ProjectStore, project: Project, question: Question, hidden: Collection[int] = ()) -> Mistakes:
    """The same for anybody, without the items that are hidden."""
    nothing = Mistakes(question.id, 0, False, [], [], [])
    if project.row.cycle == 0:
        return nothing
    cycle = Cycle(store, project.row.cycle)
    frozen = next((one for one in cycle.inputs.questions if one.id == question.id), None)
    of_reserve = None if frozen is None else cycle.source(frozen).reserve(frozen)
    if frozen is None or of_reserve is None or not cycle.has_labels(frozen):
        return nothing
    item_idx, y = cycle.labels(frozen).of(RESERVE)
    seen = np.isin(item_idx, of_reserve.item_idx) & ~np.isin(item_idx, sorted(hidden))
    item_idx, y = item_idx[seen], y[seen]
    if not len(item_idx):
        return nothing
    task = frozen.make_task()
    predictions = task.take(of_reserve.predictions, np.searchsorted(of_reserve.item_idx, item_idx))
    favoured = task.answer(predictions)
    groups = item_idx if cycle.layout.group is None else cycle.layout.group[item_idx]
    return _compare(question, task, frozen, item_idx, y, favoured, groups)


def _compare(
    question: Question, task: Task, frozen: QuestionInputs, item_idx: Ints, y: npt.NDArray[np.generic],
    favoured: npt.NDArray[np.generic], groups: Ints,
) -> Mistakes:  # fmt: skip
    n, enough = len(item_idx), len(item_idx) >= ENOUGH
    labels: list[JsonObject] = list(frozen.schema.get("labels") or ())  # type: ignore[arg-type]
    if not labels:
        truth, guessed = (np.asarray(values, dtype=np.float64).ravel() for values in (y, favoured))
        order = np.argsort(-np.abs(truth - guessed), kind="stable")[:MAX_ITEMS]
        far = [FarOff(shown.item_id_of(int(item_idx[k])), float(truth[k]), float(guessed[k])) for k in order]
        return Mistakes(question.id, n, enough, [], [], far)
    names = [describe_answer(question, _only(task, label)) for label in labels]
    if len(set(names)) < len(names):  # labels were merged since the model was trained: it knew them apart
        names = [task.describe(_only(task, label)) for label in labels]
    actual, claimed = _membership(y, len(names)), _membership(favoured, len(names))
    classes = [
        ClassFigures(
            name, int(actual[:, k].sum()), _share(claimed[:, k], actual[:, k], groups, "recall"),
            _share(actual[:, k], claimed[:, k], groups, "precision"),
        )
        for k, name in enumerate(names)
    ]  # fmt: skip
    several = y.ndim > 1
    cells = _of_labels(names, actual, claimed, item_idx) if several else _of_pairs(names, actual, claimed, item_idx)
    cells.sort(key=lambda cell: -cell.n)
    return Mistakes(question.id, n, enough, classes, cells[:MAX_CELLS], [])


def _only(task: Task, label: JsonObject) -> JsonObject:
    """An answer of this label alone."""
    return {"labels": [label["id"]]} if task.name == "multilabel" else {"label": label["id"]}


def _membership(y: npt.NDArray[np.generic], n_classes: int) -> npt.NDArray[np.bool_]:
    """Which classes items are of, (n_items, n_classes)."""
    return np.asarray(y, dtype=bool) if y.ndim > 1 else np.asarray(y)[:, None] == np.arange(n_classes)


def _share(hits: npt.NDArray[np.bool_], among: npt.NDArray[np.bool_], groups: Ints, name: str) -> EstimateView | None:
    if not among.any():
        return None
    found = mean_interval(hits[among].astype(np.float64), groups[among])
    return EstimateView(name, float(found.value), float(found.low), float(found.high), found.n, 0, found.n >= ENOUGH)


def _cell(truth: str | None, predicted: str | None, which: npt.NDArray[np.bool_], item_idx: Ints) -> Cell:
    items = [shown.item_id_of(int(ordinal)) for ordinal in item_idx[which][:MAX_ITEMS]]
    return Cell(truth, predicted, int(which.sum()), items)


def _of_pairs(
    names: list[str], actual: npt.NDArray[np.bool_], claimed: npt.NDArray[np.bool_], item_idx: Ints
) -> list[Cell]:
    """One class an item: every pair of classes that occurs."""
    pairs = sorted(set(zip(actual.argmax(axis=1).tolist(), claimed.argmax(axis=1).tolist(), strict=True)))
    return [_cell(names[a], names[b], actual[:, a] & claimed[:, b], item_idx) for a, b in pairs]


def _of_labels(
    names: list[str], actual: npt.NDArray[np.bool_], claimed: npt.NDArray[np.bool_], item_idx: Ints
) -> list[Cell]:
    """Several labels an item: what was missed and what was given wrongly, by label."""
    cells = []
    for k, name in enumerate(names):
        missed, wrong = actual[:, k] & ~claimed[:, k], claimed[:, k] & ~actual[:, k]
        cells += [_cell(name, None, missed, item_idx)] if missed.any() else []
        cells += [_cell(None, name, wrong, item_idx)] if wrong.any() else []
    return cells
