"""How many items and answers a project has, counted once for each state of its record."""

from __future__ import annotations

import json
import logging
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import func
from sqlalchemy.exc import DatabaseError

from labelwright.engine import answers, done
from labelwright.engine.gold import known_answers
from labelwright.engine.layout import OPEN_RESERVE, POOL, SEALED, SOURCE, layout
from labelwright.engine.pinned import pinned
from labelwright.engine.project import load
from labelwright.errors import LabelwrightError
from labelwright.exchange import whole
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows

MANY: Final = 200_000  # items, that nobody who wants the next one waits to have counted
KEPT: Final = "counts.json"
log = logging.getLogger("labelwright.server")
_counting: set[str] = set()
_counting_lock = threading.Lock()


@dataclass(frozen=True)
class Counts:
    """How many items and answers there are; excluded items are left out of all but ``excluded``.

    Attributes
    ----------
    labeled, reserve_labeled : int
        Items of the pool, and of the reserve, with an answer to a question or labels of the data that count.
    left : int
        Items without an answer to all required questions.
    source : int
        Labeled items of another domain that the model may learn from; they are in no other count.
    """

    items: int
    pool: int
    reserve: int
    labeled: int
    reserve_labeled: int
    answers: int
    skipped: int
    flagged: int
    duplicates: int
    excluded: int
    left: int
    source: int = 0


@dataclass(frozen=True)
class _OfItems:
    pool: int
    reserve: int
    duplicates: int
    source: int


@dataclass(frozen=True)
class _OfAnswers:
    labeled: int
    reserve_labeled: int
    complete: int
    answers: int
    skipped: int
    flagged: int
    excluded: int
    excluded_pool: int
    excluded_source: int
    no_work: int


@dataclass(frozen=True)
class _GivenItems:
    """Items that labels of the data answer, sorted, and which of them are in the pool."""

    item_idx: npt.NDArray[np.int64]
    is_pool: npt.NDArray[np.bool_]


NO_COUNTS = Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def counts(site: Site, store: ProjectStore) -> Counts:
    """How many items and answers there are, counted once for each state of the record."""
    with store.read() as rows:
        project, head = store.row(rows), store.head_seq(rows)
    of_items: _OfItems = site.cache.get(
        ("items", store.project_id, project.n_items), lambda: _of_items(store, project.n_items)
    )
    given: _GivenItems = site.cache.get(
        ("given", store.project_id, project.n_items), lambda: _given_items(store, project.n_items)
    )
    found: _OfAnswers = site.cache.get(
        ("answers", store.project_id, head), lambda: _count_answers(store, project.n_items, given)
    )
    pool, total = of_items.pool - found.excluded_pool, of_items.pool + of_items.reserve - found.excluded
    return Counts(
        items=total, pool=pool, reserve=total - pool, labeled=found.labeled, reserve_labeled=found.reserve_labeled,
        answers=found.answers, skipped=found.skipped, flagged=found.flagged, duplicates=of_items.duplicates,
        excluded=found.excluded, left=total - found.complete - found.no_work,
        source=of_items.source - found.excluded_source,
    )  # fmt: skip


def left(site: Site, store: ProjectStore, n_items: int) -> int:
    """How many items have no answer; up to ten seconds old, for what is asked many times a second.

    Where there are very many and they were not counted since this process began, nobody waits for that: it is done
    beside, and until then items that need no answer for another reason are among them.

    Parameters
    ----------
    n_items : int
        Of the project.
    """
    if n_items > MANY and ("given", store.project_id, n_items) not in site.cache:
        _count_beside(site, store)
        with store.look() as rows:
            table = t.annotation
            answered = rows.select(func.count(func.distinct(table.c.ordinal)), of=table)
            return n_items - int(rows.scalar(answered.where(table.c.standing, table.c.kind.in_(ANSWERING))) or 0)
    key = ("left", store.project_id, int(time.time() / 10))
    return int(site.cache.get(key, lambda: counts(site, store).left))


def begin(site: Site) -> None:
    """Count the projects with very many items in a thread, and read the split of each item, before anybody asks."""
    threading.Thread(target=_count_all, args=(site,), name="count", daemon=True).start()


def _count_all(site: Site) -> None:
    for slug in site.store.slugs():
        try:
            store = site.project(slug)
            with store.read() as rows:
                row = store.row_if_any(rows)
        except (LabelwrightError, DatabaseError):  # whoever opens a damaged project is told
            continue
        if row is not None and row.n_items > MANY:
            _count_beside(site, store)


def _count_beside(site: Site, store: ProjectStore) -> None:
    """Count in a thread of its own, unless one does already."""
    with _counting_lock:
        if store.project_id in _counting:
            return
        _counting.add(store.project_id)

    def count() -> None:
        try:
            counts(site, store)
            with store.read() as rows:  # the curve on Progress looks at it
                layout(store, rows, store.row(rows).n_items)
        except Exception as error:  # whoever asks for the figures is told
            log.warning("items were not counted", exc_info=error, extra={"project": store.slug})
        finally:
            with _counting_lock:
                _counting.discard(store.project_id)

    threading.Thread(target=count, name=f"count-{store.slug}", daemon=True).start()


def _of_items(store: ProjectStore, n_items: int) -> _OfItems:
    """What changes only when rows are added; for very many items kept in a file, since reading them takes long."""
    path = store.folder / KEPT
    if n_items > MANY:
        with suppress(OSError, ValueError, TypeError, AttributeError):  # away, torn or of another form: counted anew
            kept = json.loads(path.read_text("utf-8"))
            if kept.pop("n_items", None) == n_items:
                return _OfItems(**kept)
    found = _count_items(store, n_items)
    if n_items > MANY:
        with suppress(OSError), whole(path) as temporary:  # a full disk keeps nobody from the figures
            temporary.write_text(json.dumps({"n_items": n_items, **asdict(found)}), "utf-8")
    return found


def _count_items(store: ProjectStore, n_items: int) -> _OfItems:
    item = t.item
    with store.read() as rows:
        staged = rows.first(rows.select(item.c.ordinal).where(item.c.ordinal >= n_items)) is not None
        visible = (item.c.ordinal < n_items,) if staged else ()  # without it, indexes alone are read
        of_split = rows.select(item.c.split, func.count()).where(*visible).group_by(item.c.split)
        splits = {split: n for split, n in rows.all(of_split)}
        sizes = rows.select(func.count(), of=item).where(*visible).group_by(item.c.dup_group)
        duplicates = sum(rows.scalars(sizes.having(func.count() > 1)))
    reserve = splits.get(OPEN_RESERVE, 0) + splits.get(SEALED, 0)
    return _OfItems(splits.get(POOL, 0), reserve, duplicates, splits.get(SOURCE, 0))


def _given_items(store: ProjectStore, n_items: int) -> _GivenItems:
    with store.read() as rows:
        item_idx, is_pool = answers.labeled_by_data(rows, n_items, load(store, rows).required)
    return _GivenItems(item_idx, is_pool)


def _count_answers(store: ProjectStore, n_items: int, given: _GivenItems) -> _OfAnswers:
    """What changes with every annotation."""
    item, annotation, exclusion = t.item, t.annotation, t.exclusion
    with store.read() as rows:
        project = load(store, rows)
        gone = rows.select(exclusion.c.ordinal)
        said = rows.select(annotation.c.ordinal).where(
            annotation.c.standing, annotation.c.kind.in_(ANSWERING), annotation.c.ordinal.not_in(gone)
        )
        once = said.distinct().subquery()  # which is read first: items are many, and answers few
        of_split = rows.select(item.c.split, func.count(), of=item).join(once, once.c.ordinal == item.c.ordinal)
        answered = {split: n for split, n in rows.all(of_split.group_by(item.c.split))}
        kinds = {
            kind: n
            for kind, n in rows.all(
                rows.select(annotation.c.kind, func.count()).where(annotation.c.standing).group_by(annotation.c.kind)
            )
        }
        excluded = {
            split: n
            for split, n in rows.all(
                rows.select(item.c.split, func.count())
                .where(item.c.ordinal == exclusion.c.ordinal, item.c.ordinal < n_items)
                .group_by(item.c.split)
            )
        }
        complete = sum(answered.values())
        if len(project.questions) > 1:
            wanted = set(rows.scalars(rows.select(func.distinct(annotation.c.ordinal)).where(annotation.c.standing)))
            wanted -= set(rows.scalars(gone))
            complete = len(done.people_done(rows, project.required, sorted(wanted)).complete)
        no_work = _count_no_work(rows, given)
        of_data = given.is_pool[:0]
        if len(given.item_idx):
            answering = (annotation.c.standing, annotation.c.kind.in_(ANSWERING))
            by_people = rows.scalars(rows.select(func.distinct(annotation.c.ordinal)).where(*answering)).all()
            elsewhere = np.array([*by_people, *rows.scalars(gone).all()], dtype=np.int64)
            of_data = given.is_pool[~np.isin(given.item_idx, elsewhere)]
    n_pool = int(of_data.sum())
    return _OfAnswers(
        labeled=answered.get(POOL, 0) + n_pool,
        reserve_labeled=answered.get(OPEN_RESERVE, 0) + answered.get(SEALED, 0) + len(of_data) - n_pool,
        complete=complete + len(of_data),
        answers=sum(kinds.get(kind, 0) for kind in ANSWERING),
        skipped=kinds.get("skip", 0),
        flagged=kinds.get("flag", 0),
        excluded=sum(n for split, n in excluded.items() if split != SOURCE),
        excluded_pool=excluded.get(POOL, 0),
        excluded_source=excluded.get(SOURCE, 0),
        no_work=no_work,
    )


def _count_no_work(rows: Rows, given: _GivenItems) -> int:
    """Items that nobody is asked about and nobody has answered: their answer is known, or shown as an example."""
    annotation = t.annotation
    kept = ({ordinal for ordinal, _ in known_answers(rows)} | pinned(rows)) - set(given.item_idx.tolist())
    kept -= set(rows.scalars(rows.select(t.exclusion.c.ordinal).where(t.exclusion.c.ordinal.in_(kept))))
    said = rows.select(annotation.c.ordinal).where(
        annotation.c.ordinal.in_(kept), annotation.c.standing, annotation.c.kind.in_(ANSWERING)
    )
    return len(kept - set(rows.scalars(said)))
