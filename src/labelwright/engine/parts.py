"""Parts of the items: what a filter or a saved slice finds, as a mask over ordinals.

Lists, curves and maps look at parts as they are now; a cycle whose policy names a slice freezes what it held.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright import items as kinds
from labelwright.check import check_one_of
from labelwright.engine import searching
from labelwright.engine.annotated import Annotated
from labelwright.engine.contents import current_versions
from labelwright.engine.layout import COLUMNS, SOURCE, layout
from labelwright.engine.project import Project, Question
from labelwright.errors import InputError, NotFoundError
from labelwright.plain import JsonObject
from labelwright.store import search
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

SHOWS: Final = ("all", "labeled", "unlabeled", "skipped", "flagged", "noted", "reserve", "source", "excluded")
PARTS: Final = ("domain", "source", "group", "licence", "consent")  # columns whose values are parts of the items
LOOKED_THROUGH: Final = 20_000  # items that are not in the index yet and are searched one by one
Bools = npt.NDArray[np.bool_]
Reading = Callable[[Question], Annotated]


@dataclass(frozen=True)
class Filter:
    """What items have in common; all that is named holds.

    Parameters
    ----------
    show : str
        One of "all", "labeled", "unlabeled", "skipped", "flagged", "noted", "reserve", "source", "excluded".
    question : str, optional
        That the label is of; the primary one if left out.
    label : str, optional
        Label id; items with that label.
    search : str, optional
        Words, each the beginning of one in the item's key or content.
    column, value : str, optional
        One of "domain", "source", "group", "licence", "consent", and what stands there.
    slice : str, optional
        The id of a saved slice.
    """

    show: str = "all"
    question: str | None = None
    label: str | None = None
    search: str | None = None
    column: str | None = None
    value: str | None = None
    slice: str | None = None

    @classmethod
    def from_stored(cls, stored: JsonObject) -> Filter:
        """Read `to_stored`."""
        given: Any = stored
        return cls(**given)

    def to_stored(self) -> JsonObject:
        """The parts that are named."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @property
    def tells(self) -> bool:
        """Whether being among the items tells something of what people or the model say of one."""
        return self.show not in ("all", "excluded") or self.label is not None or self.slice is not None

    def question_of(self, project: Project) -> Question:
        """The question that the label is of."""
        return project.primary if self.question is None else project.question(self.question)


ALL: Final = Filter()


@dataclass(frozen=True)
class Matching:
    """What a filter found.

    Attributes
    ----------
    keep : bool array of shape (n_items,)
    complete : bool
        Whether all items were searched; they are not while the index of words is made.
    """

    keep: Bools
    complete: bool


def matching(store: ProjectStore, rows: Rows, project: Project, wanted: Filter, read: Reading) -> Matching:
    """The items that a filter finds.

    Parameters
    ----------
    read : function of a question to Annotated
        Labels and answers; who asks often keeps them.

    Raises
    ------
    InputError, NotFoundError
        If a filter, a column, a question or a slice is not one that there is.
    """
    check_one_of("items", "show", wanted.show, SHOWS)
    annotated = read(wanted.question_of(project))
    keep = _shown(store, rows, project, wanted.show, annotated)
    if wanted.label is not None:
        keep &= _with_label(project, annotated, wanted.label)
    if (wanted.column is None) != (wanted.value is None):
        raise InputError("items: a column needs a value, and a value a column.")
    if wanted.column is not None:
        keep &= _with_value(rows, project, wanted.column, str(wanted.value))
    complete = True
    if wanted.search:
        found, complete = searched(store, rows, project, wanted.search)
        keep &= found
    if wanted.slice is not None:
        of_slice = in_slice(store, rows, project, wanted.slice, read)
        keep, complete = keep & of_slice.keep, complete and of_slice.complete
    return Matching(keep, complete)


def in_slice(store: ProjectStore, rows: Rows, project: Project, slice_id: str, read: Reading) -> Matching:
    """The items of a saved slice; ``NotFoundError`` if there is none of that id."""
    saved, member = t.saved_slice, t.saved_slice_item
    row = rows.first(rows.select(saved.c.filter).where(saved.c.id == slice_id))
    if row is None:
        raise NotFoundError(f"There is no slice '{slice_id}'.", "It may have been removed.")
    if row.filter is not None:
        return matching(store, rows, project, Filter.from_stored(row.filter), read)
    keep = np.zeros(project.row.n_items, dtype=bool)
    keep[rows.scalars(rows.select(member.c.ordinal).where(member.c.slice_id == slice_id)).all()] = True
    return Matching(keep, True)


def searched(store: ProjectStore, rows: Rows, project: Project, words: str) -> tuple[Bools, bool]:
    """Items whose key and content hold all the words; whether all items were searched."""
    n_items = project.row.n_items
    keep = np.zeros(n_items, dtype=bool)
    indexed_matches = search.matches(rows, words)
    versions = current_versions(rows, list(indexed_matches))
    current = [o for o, have in indexed_matches.items() if o < n_items and versions.get(o, 0) in have]
    keep[current] = True
    indexed = search.progress(rows).n_items
    rest = list(range(indexed, min(n_items, indexed + LOOKED_THROUGH)))
    if rest:
        kind, needle = kinds.make(project.kind), words.casefold()
        for one in searching.texts(rows, kind, rest, current_versions(rows, rest)):
            keep[one.ordinal] |= needle in one.text.casefold()
    return keep, indexed + LOOKED_THROUGH >= n_items


def _shown(store: ProjectStore, rows: Rows, project: Project, show: str, annotated: Annotated) -> Bools:
    if show == "excluded":
        return annotated.excluded.copy()
    keep = ~annotated.excluded
    match show:
        case "labeled":
            keep &= annotated.labeled
        case "unlabeled":
            keep &= ~annotated.labeled & (layout(store, rows, project.row.n_items).split != SOURCE)
        case "skipped":
            keep &= annotated.skipped
        case "flagged":
            keep &= annotated.flagged
        case "noted":
            keep &= annotated.noted
        case "reserve":
            keep &= layout(store, rows, project.row.n_items).reserve
        case "source":
            keep &= layout(store, rows, project.row.n_items).split == SOURCE
    return keep


def _with_label(project: Project, annotated: Annotated, label: str) -> Bools:
    keep = np.zeros(project.row.n_items, dtype=bool)
    for ordinal, one in annotated.labels.items():
        keep[ordinal] = one.answer.get("label") == label or label in (one.answer.get("labels") or ())  # type: ignore[operator]
    return keep


def _with_value(rows: Rows, project: Project, column: str, value: str) -> Bools:
    check_one_of("items", "column", column, PARTS)
    keep = np.zeros(project.row.n_items, dtype=bool)
    item = t.item
    keep[rows.scalars(rows.select(item.c.ordinal).where(item.c[COLUMNS[column]] == value)).all()] = True
    return keep
