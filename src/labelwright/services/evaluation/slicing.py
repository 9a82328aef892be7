"""A metric by slice of the reserve: the worst first, with what may be chance taken out."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from labelwright.engine.parts import searched
from labelwright.engine.project import Project
from labelwright.errors import InputError
from labelwright.evaluation.slices import MIN_ITEMS, by_slice, cut_by
from labelwright.loop.steps import ENOUGH
from labelwright.services.evaluation.columns import columns_of
from labelwright.services.evaluation.reserve import UNDEFINED, OnReserve, asked, on_reserve
from labelwright.services.labeling import exposure, leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.projects.filters import in_slice
from labelwright.services.site import Site
from labelwright.services.team.figure import FigureView
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

MAX_ITEMS: Final = 50
MAX_SLICES: Final = 200
SEARCH: Final = "search"
DOMAIN: Final = "domain"
SAVED: Final = "saved."
IN, OUT = "with", "without"


@dataclass(frozen=True)
class SliceLine:
    """One slice of the reserve.

    Attributes
    ----------
    column, value : str
        Such as "domain" and "legal"; the column "search", and "saved.NAME" of a saved slice, have the values "with" and
        "without".
    figure : FigureView
        Its interval holds for the worst slices although they were picked for being so.
    shrunk : float, optional
        The value drawn towards the others of its column by how little is known of it.
    p_value : float, optional
        Of the difference from all other items, corrected for the number of slices.
    """

    column: str
    value: str
    figure: FigureView
    shrunk: float | None
    p_value: float | None


@dataclass(frozen=True)
class Slices:
    """The slices of the reserve, the worst first.

    Attributes
    ----------
    columns : list of str
        All that can be sliced by.
    left_out : list of str
        Columns of which every value has fewer than ``min_items`` items, so that one slice would hold all.
    min_items : int
        Values of fewer items share a slice.
    n_tested : int
        Slices that p-values are corrected for.
    overall : FigureView, optional
        Of all items; None where there is nothing to measure.
    """

    metric: str
    higher_is_better: bool
    columns: list[str]
    left_out: list[str]
    min_items: int
    n_tested: int
    overall: FigureView | None
    slices: list[SliceLine]


@dataclass(frozen=True)
class SliceItems:
    """The items of a slice.

    Attributes
    ----------
    n : int
        All that there are, but for those leased to the caller.
    n_wrong : int, optional
        None where answers are numbers.
    items : list of str
        Ids, fifty at most; those that the model gets wrong, or is farthest off, first.
    """

    n: int
    n_wrong: int | None
    items: list[str]


def slices(
    site: Site, slug: str, *, question_id: str | None = None, metric: str | None = None, by: str | None = None,
    search: str | None = None,
) -> Slices:  # fmt: skip
    """Slice the reserve by all columns, or by one, and by the words of a search.

    Raises
    ------
    InputError
        If there is no such metric or column.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        question = asked(project, question_id)
        measured = on_reserve(site, store, project, question)
        name = metric or question.metric
        if measured is None:
            return Slices(name, question.task.higher_is_better(name), [], [], MIN_ITEMS, 0, None, [])
        columns = dict(_columns(site, store, rows, project, measured))
        columns |= (saved := _saved(site, store, rows, project, measured))
        state = store.head_seq(rows) if saved else 0
        chosen = dict(columns) if by is None else {by: _one(columns, by)}
        if search:
            chosen[SEARCH] = _with_words(store, rows, project, measured, search)
    left_out = [one for one, column in chosen.items() if len(cut_by({one: column}, measured.n)) < 2]
    chosen = {one: column for one, column in chosen.items() if one not in left_out}
    measurement = measured.measurement(name)
    key = ("slices", store.project_id, measured.cycle, question.id, question.schema_version, name, by, state)
    lines: list[SliceLine] = (
        _lines(measured, name, chosen) if search else site.cache.get(key, lambda: _lines(measured, name, chosen))
    )
    tested = sum(line.p_value is not None for line in lines)
    overall = measured.figure(measurement.metric)
    return Slices(name, measurement.metric.higher_is_better, list(columns), left_out, MIN_ITEMS, tested, overall, lines)


def known_slices(
    site: Site, store: ProjectStore, rows: Rows, project: Project, measured: OnReserve
) -> list[SliceLine]:  # fmt: skip
    """Domains and saved slices with enough labels of the reserve to judge a model by, in the order of their names."""
    columns = _columns(site, store, rows, project, measured)
    chosen = {name: column for name, column in columns.items() if name == DOMAIN}
    chosen |= _saved(site, store, rows, project, measured)
    lines = _lines(measured, measured.question.metric, chosen)
    kept = [one for one in lines if one.figure.enough and (one.column == DOMAIN or one.value == IN)]
    return sorted(kept, key=lambda one: (one.column, one.value))


def slice_items(
    site: Site, actor: Actor, slug: str, column: str, value: str, *, question_id: str | None = None,
    search: str | None = None,
) -> SliceItems:  # fmt: skip
    """The items of a slice, without those that are leased to the caller; noted as seen.

    Raises
    ------
    InputError
        If there is no such column or slice.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        question = asked(project, question_id)
        measured = on_reserve(site, store, project, question)
        if measured is None:
            return SliceItems(0, None, [])
        if column == SEARCH:
            values = _with_words(store, rows, project, measured, search or "")
        else:
            columns = _columns(site, store, rows, project, measured) | _saved(site, store, rows, project, measured)
            values = _one(columns, column)
        held = leases.leased_to(rows, actor, measured.item_idx.tolist())
    here = {part.name: part.here for part in cut_by({column: values}, measured.n)}
    if value not in here:
        raise InputError(f"slices: value must be one of {', '.join(here)[:300]}, got '{value[:60]}'.")
    kept = np.flatnonzero(here[value] & ~np.isin(measured.item_idx, sorted(held)))
    badness = _badness(measured)
    kept = kept[np.argsort(-badness[kept], kind="stable")]
    named = measured.item_idx[kept[:MAX_ITEMS]].tolist()
    exposure.note(store, actor, named)
    n_wrong = None if measured.is_number else int((~measured.right[kept]).sum())
    return SliceItems(len(kept), n_wrong, [shown.item_id_of(ordinal) for ordinal in named])


def _badness(measured: OnReserve) -> npt.NDArray[np.float64]:
    """Larger where the model is wrong, or farther off, (n,)."""
    return measured.distance if measured.is_number else (~measured.right).astype(np.float64)


def _columns(
    site: Site, store: ProjectStore, rows: Rows, project: Project, measured: OnReserve
) -> dict[str, pd.Series]:
    key = ("slice-columns", store.project_id, measured.cycle, measured.question.id, measured.question.schema_version)
    found: dict[str, pd.Series] = site.cache.get(key, lambda: columns_of(rows, project, measured))
    return found


def _one(columns: dict[str, pd.Series], name: str) -> pd.Series:
    if name not in columns:
        raise InputError(f"slices: the column must be one of {', '.join(columns) or 'none'}, got '{name[:60]}'.")
    return columns[name]


def _saved(site: Site, store: ProjectStore, rows: Rows, project: Project, measured: OnReserve) -> dict[str, pd.Series]:
    """A column for each saved slice, by its name."""
    found = {}
    for row in rows.all(rows.select(t.saved_slice.c.id, t.saved_slice.c.name).order_by(t.saved_slice.c.name)):
        keep = in_slice(site, store, rows, project, row.id).keep
        name = f"{SAVED}{row.name}"
        found[name] = pd.Series(np.where(keep[measured.item_idx], IN, OUT), name=name, dtype=object)
    return found


def _with_words(store: ProjectStore, rows: Rows, project: Project, measured: OnReserve, words: str) -> pd.Series:
    matches, _ = searched(store, rows, project, words)
    return pd.Series(np.where(matches[measured.item_idx], IN, OUT), name=SEARCH, dtype=object)


def _lines(measured: OnReserve, metric: str, chosen: dict[str, pd.Series]) -> list[SliceLine]:
    if not chosen:
        return []
    measurement, sample = measured.measurement(metric), measured.sample
    table = by_slice(measurement, measured.y, measured.predictions, sample, chosen)
    return [_line(row) for row in table.head(MAX_SLICES).to_dict("records")]


def _line(row: Mapping[Hashable, object]) -> SliceLine:
    value, low, high, drawn, p_value = (_number(row[name]) for name in ("value", "low", "high", "shrunk", "p_value"))
    n = int(str(row["n"]))
    why = str(row["reason"]) or (str(UNDEFINED) if value is None else None)
    figure = FigureView(value, low, high, n, n >= ENOUGH, why)
    return SliceLine(str(row["column"]), str(row["slice"]), figure, drawn, p_value)


def _number(value: object) -> float | None:
    number = float(str(value))
    return number if math.isfinite(number) else None
