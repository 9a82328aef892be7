"""What people write about a review or a calibration session."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.errors import InputError
from labelwright.services.people.roles import Actor
from labelwright.store import tables as t
from labelwright.store.clock import new_id
from labelwright.store.project import ProjectStore, Transaction
from labelwright.store.record.reviews import Commented
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class CommentView:
    """One comment.

    Attributes
    ----------
    ordinal : int, optional
        The item that it is about.
    """

    id: str
    person: str
    text: str
    at: str
    ordinal: int | None


def of(store: ProjectStore, rows: Rows, subject: str, names: dict[str, tuple[str, bool]]) -> list[CommentView]:
    """The comments on a review or session, in the order they came."""
    table = t.comment
    return [
        CommentView(
            row.id, names.get(row.person_id, (row.person_id, False))[0], store.unseal(rows, row.text_id) or "", row.at,
            row.ordinal,
        )
        for row in rows.all(rows.select(table).where(table.c.subject == subject).order_by(table.c.seq))
    ]  # fmt: skip


def add(transaction: Transaction, actor: Actor, subject: str, text: str, ordinal: int | None) -> None:
    """Write one.

    Raises
    ------
    InputError
        If it is blank.
    """
    if not text.strip():
        raise InputError("comment: text must not be blank.")
    body = Commented(new_id("co"), subject, transaction.seal(text.strip()))
    transaction.record(body, actor=actor.person_id, ordinal=ordinal)
