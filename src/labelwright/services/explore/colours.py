"""What the points of a map are coloured by, made once for the state that it follows from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.cycle import Cycle
from labelwright.engine.inputs import QuestionInputs
from labelwright.engine.layout import OPEN_RESERVE, POOL, SOURCE, layout, shown_split
from labelwright.engine.map_files import map_files
from labelwright.engine.project import Project, Question
from labelwright.engine.serving import serving_cycle
from labelwright.errors import ForbiddenError, InputError
from labelwright.services.evaluation.reserve import asked, labels_of
from labelwright.services.explore import sliced
from labelwright.services.explore.codes import Coloured, of_numbers, of_positions, of_texts
from labelwright.services.explore.positions import clusters_of
from labelwright.services.labeling import leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, table
from labelwright.services.projects.filters import in_slice
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows
from labelwright.tasks import Task

SLICE: Final = "slice:"
PEOPLE: Final = "person"
SEVERAL, NO_LABEL = "several labels", "no label fits"
SEVERAL_SLICES: Final = "several slices"
RIGHT, WRONG = "right", "wrong"
Ints = npt.NDArray[np.int64]


def colours(site: Site, actor: Actor, slug: str, by: str, question_id: str | None = None) -> Coloured:
    """A code for each item, with the legend.

    Items that are leased to the caller have no value, whatever is known of them, and reserve items no prediction
    that nobody has answered.

    Raises
    ------
    InputError
        If there is no such colour.
    ForbiddenError
        If it is of people, and the caller may not see who answers.
    """
    if by == PEOPLE and not actor.may("people.read"):
        raise ForbiddenError("explore: who answered is shown to those who may see how people fare.")
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        question = asked(project, question_id)
        make = _makers(site, store, rows, project, question, by)
        files = map_files(store, rows)
        state = files.state if files is not None and by == "cluster" else ()
        key = ("colours", store.project_id, by, question.id, project.row.n_items, store.head_seq(rows), state)
        whole: Coloured = site.cache.get(key, make)
        annotated = table.annotated(site, store, rows, project, question)
        hidden = [lease.ordinal for lease in leases.live_of(rows, actor) if lease.ordinal < project.row.n_items]
    return whole.without(hidden, annotated.excluded)


def _makers(
    site: Site, store: ProjectStore, rows: Rows, project: Project, question: Question, by: str
) -> Callable[[], Coloured]:
    """The function that makes a colouring."""
    if by.startswith(SLICE):
        return lambda: _sliced(rows, project, by)
    known: dict[str, Callable[[], Coloured]] = {
        "label": lambda: _labels(site, store, rows, project, question),
        "predicted": lambda: _predicted(store, rows, project, question),
        "score": lambda: _ranked(store, project, "score"),
        "rank": lambda: _ranked(store, project, "rank"),
        "cluster": lambda: _clusters(store, rows, project),
        PEOPLE: lambda: _people(site, rows, project),
        "error": lambda: _errors(site, store, rows, project, question),
        "split": lambda: _splits(store, rows, project),
        "batch": lambda: _batches(rows, project),
        "slices": lambda: _saved(site, store, rows, project),
    }
    if by not in known:
        raise InputError(f"explore: by must be one of {', '.join(known)} or slice:COLUMN, got '{by[:60]}'.")
    return known[by]


def of_y(by: str, question: Question, item_idx: Ints, y: npt.NDArray[Any], n_items: int) -> Coloured:
    """Items by encoded answers: a class, the only label of several, or a number."""
    names = [*labels_of(question.schema).values()]
    if not names:
        values = np.full(n_items, np.nan)
        values[item_idx] = np.asarray(y, dtype=np.float64).ravel()
        return of_numbers(by, values)
    position = np.full(n_items, -1, dtype=np.int64)
    if y.ndim > 1:
        marks = np.asarray(y, dtype=bool)
        n_marks = marks.sum(axis=1)
        position[item_idx] = np.where(
            n_marks == 1, marks.argmax(axis=1), np.where(n_marks > 1, len(names), len(names) + 1)
        )
        names += [SEVERAL, NO_LABEL]
    else:
        position[item_idx] = np.asarray(y, dtype=np.int64)
    return of_positions(by, names, position)


def _labels(site: Site, store: ProjectStore, rows: Rows, project: Project, question: Question) -> Coloured:
    item_idx, y = _labelled(site, store, rows, project, question)
    return of_y("label", question, item_idx, y, project.row.n_items)


def _labelled(
    site: Site, store: ProjectStore, rows: Rows, project: Project, question: Question
) -> tuple[Ints, npt.NDArray[Any]]:
    labels = table.annotated(site, store, rows, project, question).labels
    y = question.task.encode([one.answer for one in labels.values()])
    return np.fromiter(labels, dtype=np.int64, count=len(labels)), y


def _frozen(
    store: ProjectStore, rows: Rows, project: Project, question: Question
) -> tuple[Cycle, QuestionInputs, Task] | None:
    """The cycle that serves and its question, if its schema is today's, so that classes have the same places."""
    serving = serving_cycle(rows, question.id, project.row.cycle)
    if serving == 0:
        return None
    cycle = Cycle(store, serving)
    frozen = next((one for one in cycle.inputs.questions if one.id == question.id), None)
    if frozen is None or frozen.schema != question.schema:
        return None
    return cycle, frozen, frozen.make_task()


def _predicted(store: ProjectStore, rows: Rows, project: Project, question: Question) -> Coloured:
    n_items, found = project.row.n_items, _frozen(store, rows, project, question)
    predictions = None if found is None else found[0].predictions(found[1])
    none = np.empty(0, dtype=np.int64)
    if found is None or predictions is None:
        return of_y("predicted", question, none, question.task.encode([]), n_items)
    y = np.asarray(found[2].answer(predictions))[:n_items]
    shown = np.flatnonzero(layout(store, rows, n_items).split[: len(y)] == POOL)
    return of_y("predicted", question, shown, y[shown], n_items)


def _ranked(store: ProjectStore, project: Project, by: str) -> Coloured:
    values = np.full(project.row.n_items, np.nan)
    slots = Cycle(store, project.row.cycle).slots()
    if slots is not None:
        inside = slots.item_idx < len(values)
        ranks = np.arange(1, len(slots) + 1, dtype=np.float64)
        values[slots.item_idx[inside]] = (slots.score if by == "score" else ranks)[inside]
    return of_numbers(by, values)


def _clusters(store: ProjectStore, rows: Rows, project: Project) -> Coloured:
    files = map_files(store, rows)
    if files is None:
        return of_positions("cluster", [], np.full(project.row.n_items, -1, dtype=np.int64))
    position, told = clusters_of(files), files.cluster_names()
    n_clusters = max(len(told), int(position.max(initial=-1)) + 1)
    told += [""] * (n_clusters - len(told))
    return of_positions("cluster", [f"{k} · {name}" if name else str(k) for k, name in enumerate(told, 1)], position)


def _people(site: Site, rows: Rows, project: Project) -> Coloured:
    names, table_ = site.names(), t.annotation
    last: dict[int, str] = {}
    query = rows.select(table_.c.ordinal, table_.c.person_id).where(table_.c.standing, table_.c.kind.in_(ANSWERING))
    for ordinal, person in rows.stream(query.order_by(table_.c.seq)):
        last[ordinal] = person
    values = np.full(project.row.n_items, None, dtype=object)
    for ordinal, person in last.items():
        values[ordinal] = names.get(person, (person, False))[0]
    return of_texts(PEOPLE, values)


def _errors(site: Site, store: ProjectStore, rows: Rows, project: Project, question: Question) -> Coloured:
    """Whether the model is right on labels that it did not learn from: of the reserve, and newer than the model."""
    n_items, found = project.row.n_items, _frozen(store, rows, project, question)
    predictions = None if found is None else found[0].predictions(found[1])
    nothing = np.full(n_items, -1, dtype=np.int64)
    if found is None or predictions is None:
        return of_positions("error", [RIGHT, WRONG], nothing)
    labels = table.annotated(site, store, rows, project, question).labels
    in_pool = layout(store, rows, n_items).split == POOL
    known = np.asarray(found[2].answer(predictions))
    unseen = [o for o, one in labels.items() if o < len(known) and (one.provisional or not in_pool[o])]
    item_idx = np.array(unseen, dtype=np.int64)
    y, guessed = question.task.encode([labels[o].answer for o in unseen]), known[item_idx]
    if not labels_of(question.schema):
        gaps = np.full(n_items, np.nan)
        gaps[item_idx] = np.abs(np.asarray(y, dtype=np.float64).ravel() - guessed.ravel())
        return of_numbers("error", gaps)
    same = y == guessed
    nothing[item_idx] = ~(same if same.ndim == 1 else same.all(axis=1))
    return of_positions("error", [RIGHT, WRONG], nothing)


def _splits(store: ProjectStore, rows: Rows, project: Project) -> Coloured:
    split = layout(store, rows, project.row.n_items).split
    names = [POOL, OPEN_RESERVE, *([SOURCE] if (split == SOURCE).any() else [])]
    position = {name: names.index(shown_split(name)) for name in np.unique(split).tolist()}
    return of_positions("split", names, np.array([position[one] for one in split.tolist()], dtype=np.int64))


def _batches(rows: Rows, project: Project) -> Coloured:
    batch = t.import_batch
    position, names = np.full(project.row.n_items, -1, dtype=np.int64), list[str]()
    query = rows.select(batch.c.first_ordinal, batch.c.n_items, batch.c.source, batch.c.at).where(batch.c.visible)
    for first, n, source, at in rows.all(query.order_by(batch.c.first_ordinal)):
        position[first : first + n] = len(names)
        names.append(f"{str(source).rpartition('/')[2]} · {at[:10]}")
    return of_positions("batch", names, position)


def _saved(site: Site, store: ProjectStore, rows: Rows, project: Project) -> Coloured:
    """By the saved slices."""
    position = np.full(project.row.n_items, -1, dtype=np.int64)
    saved = rows.all(rows.select(t.saved_slice.c.id, t.saved_slice.c.name).order_by(t.saved_slice.c.name))
    for k, one in enumerate(saved):
        keep = in_slice(site, store, rows, project, one.id).keep
        position[keep] = np.where(position[keep] < 0, k, len(saved))
    return of_positions("slices", [*(one.name for one in saved), SEVERAL_SLICES], position)


def _sliced(rows: Rows, project: Project, by: str) -> Coloured:
    values = sliced.values(rows, project, by.removeprefix(SLICE))
    if values.dtype == object:
        return of_texts(by, np.asarray(values, dtype=np.object_))
    return of_numbers(by, np.asarray(values, dtype=np.float64))
