"""What a person sees of their own annotations: the latest, the item behind one, and why it was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import not_, or_

from labelwright.engine.contents import current_bodies
from labelwright.engine.gold import known_answers
from labelwright.engine.project import Project
from labelwright.errors import NotFoundError, NotReadyError
from labelwright.plain import JsonObject
from labelwright.policy.kinds.gold import Gold
from labelwright.policy.kinds.random import Random
from labelwright.policy.kinds.repeat import Repeat
from labelwright.policy.kinds.reserve import Reserve
from labelwright.services.cursors import seq_of
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, shown
from labelwright.services.projects.described import as_read, describe_annotation
from labelwright.services.site import Site
from labelwright.services.steering.reasons import Why, explain
from labelwright.store import tables as t
from labelwright.store.record.standing import ANSWER, ANSWERING, REPEAT, UNDOING
from labelwright.store.rows import AnyRow, Rows
from labelwright.words import Reason, in_words

MEASURING = (Random.name, Reserve.name, Gold.name, Repeat.name)
NOT_TOLD = Why(Random.name, in_words(Reason("slot-measuring")), None, None, None, [])
"""The same for all of these, where people are checked, so that nothing tells a check from other items."""


@dataclass(frozen=True)
class OwnAnnotation:
    """One of the caller's annotations.

    Attributes
    ----------
    item_id : str
        The token of the lease that it stands on.
    question : str, optional
        None for a skip or a flag.
    reason : str, optional
        The caller's words with it: a note, or why it was skipped or flagged.
    """

    id: str
    item_id: str
    key: str
    question: str | None
    kind: str
    answer: JsonObject | None
    summary: str
    at: str
    standing: bool
    preview: str
    reason: str | None


@dataclass(frozen=True)
class OwnAnnotations:
    """A page, newest first."""

    items: list[OwnAnnotation]
    next_cursor: str | None


def mine(
    site: Site, actor: Actor, slug: str, *, limit: int, cursor: str | None, kinds: Sequence[str] = (),
    standing: bool | None = None, noted: bool | None = None, beside: str | None = None,
) -> OwnAnnotations:  # fmt: skip
    """The caller's latest annotations, newest first; what was undone is among them and marked.

    Parameters
    ----------
    kinds : sequence of str
        As the caller knows them, so that a repeated answer is an answer; all where empty.
    standing, noted : bool, optional
        Only those that stand or do not, and only those with words of the caller's or without.
    beside : str, optional
        Only those that were given together with this one: of the same item, shown for the same reason.

    Raises
    ------
    NotFoundError
        If ``beside`` is not the caller's.
    """
    store = site.project(slug)
    table, item = t.annotation, t.item
    with store.read() as rows:
        project = access.ready(store, rows)
        query = (
            rows.select(table, item.c.key)
            .where(
                item.c.ordinal == table.c.ordinal, table.c.person_id == actor.person_id, table.c.kind.not_in(UNDOING)
            )
            .order_by(table.c.seq.desc())
            .limit(limit + 1)
        )
        if cursor is not None:
            query = query.where(table.c.seq < seq_of(cursor, "annotations"))
        if beside is not None:
            one = _own(rows, actor, beside)
            query = query.where(table.c.ordinal == one.ordinal, table.c.lease_id.is_not_distinct_from(one.lease_id))
        if kinds:
            query = query.where(table.c.kind.in_([*kinds, *([REPEAT] if ANSWER in kinds else [])]))
        if standing is not None:
            stands = or_(table.c.standing, table.c.kind == REPEAT)
            query = query.where(stands if standing else not_(stands))
        if noted is not None:
            query = query.where(table.c.reason_id.is_not(None) if noted else table.c.reason_id.is_(None))
        found = rows.all(query)
        ordinals = list(dict.fromkeys(row.ordinal for row in found[:limit]))
        contents = current_bodies(rows, ordinals)
        reasons = {row.id: store.unseal(rows, row.reason_id) for row in found[:limit]}
    blind = shown.hides_source(project)
    listed = [
        OwnAnnotation(
            row.id, _token(row), _token(row) if blind else row.key, row.question_id, _kind(row),
            as_read(project, row.question_id, row.answer),
            describe_annotation(project, _kind(row), row.question_id, row.answer), row.at,
            row.standing or row.kind == REPEAT,
            shown.preview(store, project, row.ordinal, contents[row.ordinal], row.lease_id),
            reasons[row.id],
        )
        for row in found[:limit]
    ]  # fmt: skip
    return OwnAnnotations(listed, str(found[limit - 1].seq) if len(found) > limit else None)


def item_of(site: Site, actor: Actor, slug: str, annotation_id: str) -> shown.ItemView:
    """The item behind one of the caller's annotations."""
    store = site.project(slug)
    with store.read() as rows:
        project: Project = access.ready(store, rows)
        row = _own(rows, actor, annotation_id)
        leases = {row.ordinal: row.lease_id} if row.lease_id else {}
        return shown.views(store, rows, project, [row.ordinal], leases=leases)[row.ordinal]


def why(site: Site, actor: Actor, slug: str, annotation_id: str) -> Why:
    """Why the item was shown, for the annotator who answered it.

    Raises
    ------
    NotFoundError
        If it is not the caller's.
    NotReadyError
        If it is no answer that stands: who skipped the item may still be asked about it.
    """
    store = site.project(slug)
    with store.read() as rows:
        row = _own(rows, actor, annotation_id)
        if row.kind != REPEAT and (row.kind not in ANSWERING or not row.standing):
            raise NotReadyError("Why an item was asked is told once it is answered.", "Answer it first.")
        if row.slot_kind in MEASURING and _is_checked(rows, access.ready(store, rows)):
            return NOT_TOLD
        return explain(store, rows, row.slot_kind, row.ranking_id, row.position)


def _is_checked(rows: Rows, project: Project) -> bool:
    """Whether people are checked in a project, by known answers or by repeats."""
    return project.policy.repeat_share > 0 or bool(known_answers(rows))


def _kind(row: AnyRow) -> str:
    """A repeated answer looks like any other to the one who gave it."""
    return ANSWER if row.kind == REPEAT else str(row.kind)


def _token(row: AnyRow) -> str:
    return str(row.lease_id or shown.item_id_of(row.ordinal))


def _own(rows: Rows, actor: Actor, annotation_id: str) -> AnyRow:
    table = t.annotation
    row = rows.first(rows.select(table).where(table.c.id == annotation_id, table.c.person_id == actor.person_id))
    if row is None:
        raise NotFoundError(f"There is no annotation '{annotation_id}' of yours.")
    return row
