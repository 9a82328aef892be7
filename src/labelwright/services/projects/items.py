"""The list of items: any filter, sort and search, a page at a time, with the number of items that match."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from labelwright.check import check_one_of
from labelwright.engine.annotated import Annotated
from labelwright.engine.contents import current_bodies
from labelwright.engine.layout import shown_split
from labelwright.engine.parts import ALL, Filter
from labelwright.engine.project import Project, Question
from labelwright.errors import InputError
from labelwright.plain import JsonObject
from labelwright.services.explore.area import in_area
from labelwright.services.labeling import exposure, leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, item_notes, shown, table
from labelwright.services.projects.described import describe_answer
from labelwright.services.projects.filters import matching
from labelwright.services.projects.item_notes import Asked, ItemNote
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Query:
    """What is asked for.

    Parameters
    ----------
    filter : Filter
        Its question is the one that prediction and confidence are of, too.
    sort : str
        One of "order", "key", "time", "label", "confidence", "doubt", "answers".
    area : str, optional
        What a line on the map encloses, see `labelwright.services.explore.area.Area.parse`; the filter holds, too.
    """

    filter: Filter = ALL
    sort: str = "order"
    descending: bool = False
    cursor: str | None = None
    limit: int = 50
    area: str | None = None


@dataclass(frozen=True)
class ItemSummary:
    """One line of the list; what the caller may not know yet is None or empty, and ``hidden`` says so.

    Attributes
    ----------
    asked_as : str, optional
        The kind of slot by which the item was asked first; None if nobody has been asked about it.
    notes : list of ItemNote
        What people wrote to what they say now, the newest first.
    """

    id: str
    key: str
    split: str | None
    label: str | None
    label_id: str | None
    provisional: bool
    answers: int | None
    prediction: str | None
    confidence: float | None
    asked_as: str | None
    notes: list[ItemNote]
    excluded: bool
    hidden: bool
    preview: str


@dataclass(frozen=True)
class ItemPage:
    """A page of items; ``count`` is how many match, None while the index of words is not complete."""

    items: list[ItemSummary]
    next_cursor: str | None
    count: int | None


def listing(site: Site, actor: Actor, slug: str, query: Query) -> ItemPage:
    """A page of items.

    Raises
    ------
    InputError
        If a filter, a sort, a label, the area or the cursor is not one that there is.
    GoneError
        If the area is of a map that is another one by now.
    """
    check_one_of("items", "sort", query.sort, table.SORTS)
    first = _first(query.cursor)
    store, names = site.project(slug), site.names()
    with store.read() as rows:
        project = access.ready(store, rows)
        question = query.filter.question_of(project)
        annotated = table.annotated(site, store, rows, project, question)
        opinion = table.opinion(site, store, rows, project, question)
        leased = np.array(sorted(_leased(rows, actor)), dtype=np.int64)
        found = matching(site, store, rows, project, query.filter)
        keep, complete = found.keep, found.complete
        if query.area is not None:
            keep = keep & in_area(site, store, rows, query.area)
        if query.filter.tells:
            keep[leased] = False  # its presence in the list would reveal its label or prediction
        count = int(keep.sum())
        if query.sort in table.BY_COLUMN:
            upto = table.by_column(rows, query.sort, keep, descending=query.descending, n=first + query.limit)
        else:
            ordered = _ordered(query, annotated, opinion, leased)
            upto = ordered[keep[ordered]][: first + query.limit].tolist()
        page = upto[first:]
        hidden = set(leased.tolist())
        asked = item_notes.asked(store, rows, actor, [ordinal for ordinal in page if ordinal not in hidden], names)
        listed = _summaries(store, rows, project, question, annotated, opinion, asked, page, hidden)
    exposure.note(store, actor, [o for o, one in zip(page, listed, strict=True) if _tells(one)])
    more = first + query.limit < count
    return ItemPage(listed, str(first + query.limit) if more else None, count if complete else None)


def of_ordinals(site: Site, actor: Actor, slug: str, ordinals: list[int]) -> list[ItemSummary]:
    """Lines of some items in the order asked for, of the primary question; what they tell is noted as seen."""
    store, names = site.project(slug), site.names()
    with store.read() as rows:
        project = access.ready(store, rows)
        annotated = table.annotated(site, store, rows, project, project.primary)
        opinion = table.opinion(site, store, rows, project, project.primary)
        hidden = _leased(rows, actor)
        asked = item_notes.asked(store, rows, actor, [ordinal for ordinal in ordinals if ordinal not in hidden], names)
        listed = _summaries(store, rows, project, project.primary, annotated, opinion, asked, ordinals, hidden)
    exposure.note(store, actor, [o for o, one in zip(ordinals, listed, strict=True) if _tells(one)])
    return listed


def _tells(summary: ItemSummary) -> bool:
    """Whether a line shows what others or the model say of the item."""
    return bool(summary.label or summary.prediction) or any(not note.own for note in summary.notes)


def _first(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 16):
        raise InputError(f"items: cursor must be one that a page gave, got '{cursor[:40]}'.")
    return int(cursor)


def _leased(rows: Rows, actor: Actor) -> set[int]:
    return {lease.ordinal for lease in leases.live_of(rows, actor)}


def _ordered(query: Query, annotated: Annotated, opinion: table.Opinion, leased: Ints) -> Ints:
    """All ordinals in the order asked for; what has no value comes last in both directions.

    So do items that are leased to the caller, whose position would reveal what is known of them.
    """
    n_items = len(annotated.n_answers)
    sign = -1.0 if query.descending else 1.0
    match query.sort:
        case "label":
            words = {o: str(sorted(map(str, one.answer.values()))) for o, one in annotated.labels.items()}
            rank = {word: k for k, word in enumerate(sorted(set(words.values())))}
            values = np.full(n_items, np.nan)
            values[list(words)] = [rank[word] for word in words.values()]
        case "confidence":
            values = opinion.confidence.astype(np.float64)
        case "doubt":
            values = -opinion.confidence.astype(np.float64)
        case "answers":
            values = annotated.n_answers.astype(np.float64)
        case _:
            ordered = np.arange(n_items, dtype=np.int64)
            return ordered[::-1] if query.descending else ordered
    values[leased] = np.nan
    return np.argsort(sign * values, kind="stable")


def _summaries(
    store: ProjectStore, rows: Rows, project: Project, question: Question, annotated: Annotated,
    opinion: table.Opinion, asked: dict[int, Asked], page: list[int], leased: set[int],
) -> list[ItemSummary]:  # fmt: skip
    item = t.item
    known = {
        row.ordinal: row
        for row in rows.all(rows.select(item.c.ordinal, item.c.key, item.c.split).where(item.c.ordinal.in_(page)))
    }
    contents = current_bodies(rows, page)
    guesses = opinion.in_words([o for o in page if np.isfinite(opinion.confidence[o])], question)
    made = []
    for ordinal in page:
        row, hidden = known[ordinal], ordinal in leased
        label = None if hidden else annotated.labels.get(ordinal)
        confidence = float(opinion.confidence[ordinal])
        tells = not hidden and np.isfinite(confidence)
        made.append(
            ItemSummary(
                id=shown.item_id_of(ordinal),
                key=row.key,
                split=None if hidden else shown_split(row.split),
                label=None if label is None else describe_answer(question, label.answer),
                label_id=None if label is None else _label_id(label.answer),
                provisional=label is not None and label.provisional,
                answers=None if hidden else int(annotated.n_answers[ordinal]),
                prediction=guesses.get(ordinal) if tells else None,
                confidence=confidence if tells else None,
                asked_as=asked[ordinal].kind if ordinal in asked else None,
                notes=asked[ordinal].notes if ordinal in asked else [],
                excluded=bool(annotated.excluded[ordinal]),
                hidden=hidden,
                preview=shown.preview(store, project, ordinal, contents[ordinal]),
            )
        )
    return made


def _label_id(answer: JsonObject) -> str | None:
    label = answer.get("label")
    return label if isinstance(label, str) else None
