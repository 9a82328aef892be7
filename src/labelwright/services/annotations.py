"""Answers: stored durably and exactly once, corrected and undone by new events, never altered."""

from __future__ import annotations

import hashlib
import math
import time
from dataclasses import dataclass
from typing import Any

import rfc8785
from sqlalchemy import Connection, func, insert, select, update

from labelwright.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from labelwright.services import figures, items, projects, queue
from labelwright.services.plans import QUESTION_ID
from labelwright.services.roles import Actor
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.clock import new_id
from labelwright.store.project import ProjectStore, Transaction
from labelwright.tasks import Task

LATE_LEASE_STATES = ("expired", "returned")


@dataclass(frozen=True)
class StoredMany:
    """Receipts in the order sent; ``repeated`` if every one was there already."""

    receipts: list[dict[str, Any]]
    repeated: bool


def store(site: Site, actor: Actor, slug: str, bodies: list[dict[str, Any]], *, grid: bool = False) -> StoredMany:
    """Store annotations in one durable transaction, all or none.

    When this returns, the events are on disk.

    Raises
    ------
    InputError
        If an answer does not fit the task or its kind.
    ConflictError
        If an answer_id was used for another body, or an item has a standing answer of the caller's.
    ForbiddenError
        If the item is not the caller's to answer.
    """
    project_store = site.project(slug)
    receipts: list[dict[str, Any]] = []
    n_new = 0
    ids = [body["answer_id"].lower() for body in bodies]
    if len(set(ids)) < len(ids):
        raise ConflictError("annotations: answer_ids must be distinct within a batch.", "Send a new UUID each.")
    with project_store.write() as transaction:
        project = projects.ready(project_store, transaction.connection)
        task = projects.task_of(project_store, transaction.connection, project)
        for body in bodies:
            one = _One(project_store, transaction, project, task, actor, body, grid=grid)
            known = one.known()
            receipts.append(known or one.store())
            n_new += known is None
    return StoredMany(receipts, repeated=n_new == 0)


class _One:
    """One annotation on its way into the record."""

    def __init__(
        self, store: ProjectStore, transaction: Transaction, project: Any, task: Task, actor: Actor,
        body: dict[str, Any], *, grid: bool,
    ) -> None:  # fmt: skip
        self._store, self._transaction, self._project, self._task = store, transaction, project, task
        self._actor, self._body, self._grid = actor, body, grid
        self._connection: Connection = transaction.connection
        self._answer_id = body["answer_id"].lower()
        self._kind = body["kind"]
        try:
            self._hash = hashlib.sha256(rfc8785.dumps({**body, "person": actor.person_id})).hexdigest()
        except (rfc8785.CanonicalizationError, UnicodeError) as error:  # NaN, integers beyond 2^53, lone surrogates
            raise InputError(
                f"annotations: an answer must be plain JSON that all languages read alike ({error})."
            ) from error

    def known(self) -> dict[str, Any] | None:
        """The receipt of the same answer if it was stored before."""
        table = t.annotation
        row = self._connection.execute(
            select(table.c.id, table.c.seq, table.c.body_hash, t.event.c.hash)
            .join(t.event, (t.event.c.project_id == table.c.project_id) & (t.event.c.seq == table.c.seq))
            .where(table.c.project_id == self._store.project_id, table.c.answer_id == self._answer_id)
        ).one_or_none()
        if row is None:
            return None
        if row.body_hash != self._hash:
            raise ConflictError(
                f"annotations: the answer_id '{self._answer_id}' was used for another answer already.",
                "Send a new UUID for a new answer.",
            )
        return {"id": row.id, "seq": row.seq, "hash": row.hash}

    def store(self) -> dict[str, Any]:
        """Check and record."""
        ordinal = items.ordinal_of(self._body["item_id"])
        if ordinal >= self._project.n_items:
            raise NotFoundError(f"There is no item '{self._body['item_id']}'.")
        answer = self._checked_answer()
        standing = self._standing(ordinal)
        replaces = self._checked_target(standing)
        shown = self._shown(ordinal, standing)
        reason = self._body["reason"]
        event = self._transaction.record(
            "annotation",
            {
                "id": (annotation_id := new_id("a")), "answer_id": self._answer_id, "body_hash": self._hash,
                "question": QUESTION_ID, "kind": self._kind, "answer": answer,
                "reason": self._transaction.seal(reason) if reason else None, "replaces": replaces,
                "seconds": self._body["seconds"], "lease": shown["lease"], "ranking": shown["ranking"],
                "position": shown["position"], "slot": shown["slot"],
                "schema_version": self._project.schema_version,
                "guideline_version": self._project.guideline_version, "late": shown["late"], "grid": self._grid,
            },
            actor=self._actor.person_id,
            ordinal=ordinal,
        )  # fmt: skip
        self._settle(ordinal, shown)
        return {"id": annotation_id, "seq": event.seq, "hash": event.hash}

    def _checked_answer(self) -> dict[str, Any] | None:
        answer: dict[str, Any] | None = self._body["answer"]
        seconds = self._body["seconds"]
        if seconds is not None and not math.isfinite(seconds):
            raise InputError(f"annotations: seconds must be finite, got {seconds}.")
        if self._kind in figures.ANSWERING:
            if answer is None:
                raise InputError(f"annotations: kind '{self._kind}' must come with an answer, got none.")
            self._task.validate(answer)
        elif answer is not None:
            raise InputError(f"annotations: kind '{self._kind}' must come without an answer.")
        return answer

    def _standing(self, ordinal: int) -> Any:
        table = t.annotation
        return self._connection.execute(
            select(table).where(
                table.c.project_id == self._store.project_id, table.c.ordinal == ordinal,
                table.c.person_id == self._actor.person_id, table.c.standing,
            )
        ).one_or_none()  # fmt: skip

    def _checked_target(self, standing: Any) -> str | None:
        replaces: str | None = self._body["replaces"]
        if self._kind in ("undo", "correct"):
            if standing is None or replaces != standing.id:
                raise ConflictError(
                    f"annotations: 'replaces' must be your standing annotation of this item, got {replaces!r}.",
                    "It was corrected or undone already; reload the item.",
                )
            if self._kind == "correct" and standing.kind not in figures.ANSWERING:
                raise ConflictError("annotations: only an answer can be corrected.", "Undo it, then answer.")
            return replaces
        if standing is not None and standing.kind in figures.ANSWERING:
            raise ConflictError(
                "annotations: you have answered this item already.",
                f"Correct the answer with kind 'correct' and replaces '{standing.id}'.",
            )
        return None

    def _shown(self, ordinal: int, standing: Any) -> dict[str, Any]:
        """Why the item was shown: by a lease, or as what is corrected or undone was."""
        if self._kind in ("undo", "correct"):
            return {
                "lease": standing.lease_id, "ranking": standing.ranking_id, "position": standing.position,
                "slot": standing.slot_kind, "late": False,
            }  # fmt: skip
        lease = self._lease(ordinal)
        if self._grid and not lease.grid:
            raise ForbiddenError("annotations: a grid may hold only items that were leased for it.")
        late = lease.state in LATE_LEASE_STATES or (lease.state == "live" and lease.expires_at <= time.time())
        return {
            "lease": lease.id, "ranking": lease.ranking_id, "position": lease.position, "slot": lease.slot_kind,
            "late": late,
        }  # fmt: skip

    def _lease(self, ordinal: int) -> Any:
        """The lease that the answer stands on: the one named, else the caller's last one on the item."""
        query = (
            select(t.lease)
            .where(
                t.lease.c.project_id == self._store.project_id, t.lease.c.ordinal == ordinal,
                t.lease.c.person_id == self._actor.person_id,
            )
            .order_by(t.lease.c.granted_at.desc())
        )  # fmt: skip
        if self._body["lease_id"] is not None:
            query = query.where(t.lease.c.id == self._body["lease_id"])
        lease = self._connection.execute(query.limit(1)).one_or_none()
        if lease is None:
            raise ForbiddenError(
                f"annotations: the item '{self._body['item_id']}' was not lent to you.", "Ask the queue for work."
            )
        return lease

    def _settle(self, ordinal: int, shown: dict[str, Any]) -> None:
        """Close or reopen lease and slot."""
        connection, project_id = self._connection, self._store.project_id
        mine = (
            t.lease.c.project_id == project_id,
            t.lease.c.ordinal == ordinal,
            t.lease.c.person_id == self._actor.person_id,
        )
        connection.execute(update(t.lease).where(*mine, t.lease.c.state == "live").values(state="answered"))
        n_answers = connection.scalar(
            select(func.count(func.distinct(t.annotation.c.person_id))).where(
                t.annotation.c.project_id == project_id, t.annotation.c.ordinal == ordinal, t.annotation.c.standing,
                t.annotation.c.kind.in_(figures.ANSWERING),
            )
        )  # fmt: skip
        overlap = self._project.config["policy"]["overlap"]
        if self._kind == "undo":  # the item is the caller's again to answer anew; late, if it was passed on meanwhile
            now = time.time()
            lent = connection.scalar(
                select(func.count()).where(
                    t.lease.c.project_id == project_id, t.lease.c.ordinal == ordinal, t.lease.c.state == "live",
                    t.lease.c.expires_at > now,
                )
            )  # fmt: skip
            state = "live" if int(lent or 0) + int(n_answers or 0) < overlap else "expired"
            connection.execute(
                insert(t.lease).values(
                    project_id=project_id, id=new_id("le"), ordinal=ordinal, person_id=self._actor.person_id,
                    ranking_id=shown["ranking"], position=shown["position"], slot_kind=shown["slot"] or "chosen",
                    granted_at=now, expires_at=now + queue.MIN_LEASE_SECONDS, state=state, grid=False,
                )
            )  # fmt: skip
        full = int(n_answers or 0) >= overlap
        connection.execute(
            update(t.slot).where(t.slot.c.project_id == project_id, t.slot.c.ordinal == ordinal).values(done=full)
        )
