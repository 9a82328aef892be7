"""A session as it is stored, who takes part in it, and who may see what of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from labelwright.errors import ConflictError, NotFoundError
from labelwright.services.people import members
from labelwright.services.people.roles import Actor, permissions_of
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.record.calibration import OPEN, REVEALED
from labelwright.store.rows import AnyRow, Rows

CALIBRATION: Final = "calibration"
TRAINING: Final = "training"


@dataclass(frozen=True)
class Session:
    """One session.

    Attributes
    ----------
    purpose : str
        "calibration" or "training".
    items : tuple of int
        Ordinals, in the order in which they are shown. People know an item by its place in here, from 1, so that its
        ordinal tells nothing.
    people : tuple of str
        Who takes part; everybody who labels where there is none.
    state : str
        "open", "revealed" or "closed".
    repeats : str, optional
        The session that it is compared with.
    """

    id: str
    number: int
    title: str
    purpose: str
    question: str
    items: tuple[int, ...]
    people: tuple[str, ...]
    pass_mark: float | None
    repeats: str | None
    state: str
    opened_by: str
    opened_at: str
    revealed_at: str | None

    @property
    def is_training(self) -> bool:
        """Whether its answers are known and feedback comes at once."""
        return self.purpose == TRAINING

    @property
    def is_revealed(self) -> bool:
        """Whether its answers may be seen by all who take part; also after it was closed."""
        return self.revealed_at is not None

    def invites(self, actor: Actor) -> bool:
        """Whether somebody takes part."""
        return actor.may("label") and (not self.people or actor.person_id in self.people)

    def ordinal_at(self, place: str) -> int:
        """The ordinal of the item at a place, such as "1".

        Raises
        ------
        NotFoundError
            If there is no such place.
        """
        is_number = place.isascii() and place.isdigit() and len(place) < 6
        if not is_number or not 1 <= int(place) <= len(self.items):
            raise NotFoundError(f"The session has no item '{place}'.")
        return self.items[int(place) - 1]


def may_see(actor: Actor, session: Session) -> bool:
    """Whether somebody may know of a session: they take part or lead; those who read reviews, once it is revealed."""
    return (
        session.invites(actor)
        or actor.may("project.manage")
        or (session.is_revealed and actor.may("review.read"))
    )  # fmt: skip


def visible(rows: Rows, actor: Actor, session_id: str) -> Session:
    """A session that the caller may know of.

    Raises
    ------
    NotFoundError
        If there is none; the same error as for one that is not for the caller.
    """
    row = rows.first(rows.select(t.calibration).where(t.calibration.c.id == session_id))
    found = None if row is None else _session(row)
    if found is None or not may_see(actor, found):
        raise NotFoundError(f"There is no session '{session_id}'.")
    return found


def all_of(rows: Rows) -> list[Session]:
    """All sessions of a project, the newest first."""
    table = t.calibration
    return [_session(row) for row in rows.all(rows.select(table).order_by(table.c.number.desc()))]


def revealed(rows: Rows, actor: Actor, session_id: str) -> Session:
    """A session whose answers are being discussed.

    Raises
    ------
    NotFoundError
        If the caller may not know of it.
    ConflictError
        If it is not revealed, or closed.
    """
    session = visible(rows, actor, session_id)
    if session.state != REVEALED:
        raise ConflictError("session: its answers are not revealed, or it is closed.", "Reload the page.")
    return session


def open_to(rows: Rows, actor: Actor, session_id: str) -> Session:
    """A session that the caller takes part in and that takes answers.

    Raises
    ------
    NotFoundError
        If the caller may not know of it.
    ConflictError
        If it takes no answers, or none of the caller's.
    """
    session = visible(rows, actor, session_id)
    if not session.invites(actor):
        raise ConflictError("session: you do not take part in it.", "Whoever leads the project may open another one.")
    if session.state != OPEN:
        raise ConflictError("session: it takes no more answers.", "Reload the page to see what was said.")
    return session


def labelers(site: Site, slug: str) -> dict[str, str]:
    """Names of the people who may label in a project, by id."""
    found: dict[str, str] = {}
    cursor: str | None = None
    while True:
        page = members.listing(site, slug, cursor=cursor)
        for one in page.items:
            if one.user.active and "label" in permissions_of(one.role):
                found[one.user.id] = one.user.name or one.user.email
        cursor = page.next_cursor
        if cursor is None:
            return found


def _session(row: AnyRow) -> Session:
    return Session(
        row.id, row.number, row.title, row.kind, row.question_id, tuple(row.items), tuple(row.people), row.pass_mark,
        row.repeats, row.state, row.opened_by, row.opened_at, row.revealed_at,
    )  # fmt: skip
