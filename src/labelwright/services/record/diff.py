"""Two versions of the labels beside each other: what was added, changed and removed, by whom and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from labelwright.check import check_one_of
from labelwright.engine.project import Project, Question
from labelwright.errors import InputError
from labelwright.exchange import write
from labelwright.services.labeling import exposure, leases
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.projects.described import describe_answer
from labelwright.services.record.balance import Share, balance
from labelwright.services.record.causes import causes
from labelwright.services.record.changes import ADDED, CHANGED, KINDS, NO_LABEL, REMOVED, Changes, Pair, changes
from labelwright.services.record.moments import Moment, moment_of
from labelwright.services.site import Site
from labelwright.services.steering.compare import compared
from labelwright.services.steering.curves import measured
from labelwright.services.steering.estimates import EstimateView
from labelwright.services.steering.round_views import Difference
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

PAGE: Final = 1000
COLUMNS: Final = ("id", "key", "question", "change", "from", "to", "by", "at", "event", "cause", "reason")


@dataclass(frozen=True)
class QuestionDiff:
    """What differs in the labels of one question.

    Attributes
    ----------
    n_before, n_after : int
        Items with a label.
    balance : list of Share
    """

    question: str
    text: str
    n_before: int
    n_after: int
    added: int
    removed: int
    changed: int
    balance: list[Share]


@dataclass(frozen=True)
class Effect:
    """What became of the primary question's metric: models trained at or right before each moment, on one reserve.

    Attributes
    ----------
    before, after : EstimateView, optional
        None where there was no model, or its predictions are kept no longer.
    difference : Difference, optional
        Paired by item.
    sentence : str
        What can be said of it.
    """

    before: EstimateView | None
    after: EstimateView | None
    difference: Difference | None
    sentence: str


@dataclass(frozen=True)
class Diff:
    """Two moments beside each other, from the first to the second, which is now if it has no name."""

    first: str
    second: str | None
    first_seq: int
    second_seq: int
    questions: list[QuestionDiff]
    effect: Effect


@dataclass(frozen=True)
class Change:
    """One label that differs.

    Attributes
    ----------
    kind : str
        "added", "removed" or "changed".
    before, after : str, optional
        In words, under the schema of each moment; None where there was no label.
    by, cause, reason
        Of the event that did it; see `Cause`. ``by`` is a name.
    hidden : bool
        Whether the item is leased to the caller: what its labels are is then left out.
    """

    item: str
    key: str
    kind: str
    before: str | None
    after: str | None
    cause: str | None
    seq: int
    by: str | None
    at: str | None
    reason: str | None
    hidden: bool


@dataclass(frozen=True)
class ChangePage:
    """A page of changes in the order of the items, and how many there are."""

    items: list[Change]
    next_cursor: str | None
    count: int


def diff(site: Site, slug: str, first: str, second: str | None = None) -> Diff:
    """Counts, class balance and effect.

    Parameters
    ----------
    first, second : str
        Any moments that `moment_of` reads; the second one is now if left out.

    Raises
    ------
    InputError
        If one is no moment.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        pair = _pair(store, rows, project, first, second)
        questions = [_of_question(store, pair, question) for question in pair.questions]
        cycles = [_cycle_at(rows, project, then.moment) for then in (pair.first, pair.second)]
    curve = measured(site, store, project)
    before, after = (curve.position(cycle) for cycle in cycles)
    difference, sentence = compared(project, curve, before, after)
    effect = Effect(
        None if before is None else curve.points[before].estimate,
        None if after is None else curve.points[after].estimate, difference, sentence,
    )  # fmt: skip
    return Diff(first, second, pair.first.moment.upto_seq, pair.second.moment.upto_seq, questions, effect)


def listing(
    site: Site, actor: Actor, slug: str, first: str, second: str | None = None, *, question: str | None = None,
    kind: str | None = None, cursor: str | None = None, limit: int = 50,
) -> ChangePage:  # fmt: skip
    """A page of the labels that differ; noted as seen by the caller, but for items that are leased to them.

    Raises
    ------
    InputError, NotFoundError
        If a moment, a kind, the question or the cursor is not one that there is.
    """
    if kind is not None:
        check_one_of("diff", "kind", kind, KINDS)
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 16):
        raise InputError(f"diff: cursor must be one that a page gave, got '{cursor[:40]}'.")
    store, start = site.project(slug), int(cursor or 0)
    with store.read() as rows:
        pair = _pair(store, rows, access.ready(store, rows), first, second)
        asked = pair.question(question)
        found = changes(store, pair, asked)
        positions = found.of_kind(kind)
        page = positions[start : start + limit].tolist()
        leased = {lease.ordinal for lease in leases.live_of(rows, actor)}
        listed = _told(store, rows, pair, asked, found, page, site.names(), leased)
    exposure.note(store, actor, [shown.ordinal_of(one.item) for one in listed if not one.hidden])
    more = start + limit < len(positions)
    return ChangePage(listed, str(start + limit) if more else None, len(positions))


def to_file(site: Site, actor: Actor, slug: str, first: str, second: str, path: Path) -> int:
    """Write all changes of all questions to a file, whose ending decides: csv, jsonl, parquet; return how many."""
    store, names = site.project(slug), site.names()
    with store.read() as rows:
        pair = _pair(store, rows, access.ready(store, rows), first, second)
        leased = {lease.ordinal for lease in leases.live_of(rows, actor)}

        def lines() -> Iterator[dict[str, object]]:
            for question in pair.questions:
                found = changes(store, pair, question)
                for start in range(0, len(found.item_idx), PAGE):
                    page = list(range(start, min(start + PAGE, len(found.item_idx))))
                    for one in _told(store, rows, pair, question, found, page, names, leased):
                        yield _line(question, one)

        return write(path, list(COLUMNS), lines()).n_rows


def _line(question: Question, one: Change) -> dict[str, object]:
    return {
        "id": one.item, "key": one.key, "question": question.id, "change": one.kind, "from": one.before,
        "to": one.after, "by": one.by, "at": one.at, "event": one.seq or None, "cause": one.cause, "reason": one.reason,
    }  # fmt: skip


def _pair(store: ProjectStore, rows: Rows, project: Project, first: str, second: str | None) -> Pair:
    return Pair.of(store, rows, project, moment_of(store, rows, first), moment_of(store, rows, second))


def _of_question(store: ProjectStore, pair: Pair, question: Question) -> QuestionDiff:
    found = changes(store, pair, question)
    added, removed, changed = (len(found.of_kind(kind)) for kind in (ADDED, REMOVED, CHANGED))
    return QuestionDiff(
        question.id, question.text, int(found.n_before.sum()), int(found.n_after.sum()), added, removed, changed,
        balance(question, found.book.answers, found.n_before, found.n_after),
    )  # fmt: skip


def _told(
    store: ProjectStore, rows: Rows, pair: Pair, question: Question, found: Changes, page: list[int],
    names: dict[str, tuple[str, bool]], leased: set[int],
) -> list[Change]:  # fmt: skip
    ordinals = [int(found.item_idx[k]) for k in page]
    item = t.item
    keys: dict[int, str] = {}
    for start in range(0, len(ordinals), 500):
        part = ordinals[start : start + 500]
        keys |= {
            row[0]: row[1] for row in rows.all(rows.select(item.c.ordinal, item.c.key).where(item.c.ordinal.in_(part)))
        }
    why = causes(store, rows, question.id, ordinals, pair.span)
    told = []
    for k, ordinal in zip(page, ordinals, strict=True):
        before, after, cause = int(found.before[k]), int(found.after[k]), why[ordinal]
        kind = ADDED if before == NO_LABEL else REMOVED if after == NO_LABEL else CHANGED
        name, key = shown.item_id_of(ordinal), keys[ordinal]
        if ordinal in leased:
            told.append(Change(name, key, kind, None, None, None, 0, None, None, None, True))
            continue
        words = [
            None
            if code == NO_LABEL
            else describe_answer(then.question(question.id) or question, found.book.answers[code])
            for then, code in ((pair.first, before), (pair.second, after))
        ]
        told.append(
            Change(
                name, key, kind, words[0], words[1], cause.cause, cause.seq, names.get(cause.by, (cause.by, False))[0],
                cause.at, cause.reason, False,
            )
        )  # fmt: skip
    return told


def _cycle_at(rows: Rows, project: Project, moment: Moment) -> int | None:
    """The cycle of the model that was trained at or right before a moment."""
    if moment.label_version is not None:
        return int(moment.label_version.removeprefix("lv-"))
    model = t.model
    found = rows.scalar(
        rows.select(model.c.cycle)
        .where(model.c.question_id == project.primary.id, model.c.seq <= moment.upto_seq)
        .order_by(model.c.seq.desc())
        .limit(1)
    )
    return None if found is None else int(found)
