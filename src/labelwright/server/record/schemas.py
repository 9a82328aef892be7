"""Bodies about the record."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from labelwright.server.model import View


class AuditLine(View):
    """One event."""

    seq: int
    at: str
    kind: str
    says: str = Field(description="What events of its kind mean.")
    by: str
    actor: str
    is_human: bool
    item: str | None
    hash: str
    body: dict[str, Any]


class EventKind(View):
    """A kind of event, and how many there are."""

    kind: str
    says: str
    n: int


class Doer(View):
    """Somebody who did something."""

    id: str
    name: str


class SignedHead(View):
    """The signed head of the chain; kept elsewhere it proves that nothing was cut off or written anew."""

    project: str
    seq: int
    hash: str
    at: str
    key: str
    signature: str


class AuditLog(View):
    """A page of events, newest first."""

    items: list[AuditLine]
    next_cursor: str | None
    receipt: SignedHead
    kinds: list[EventKind]
    people: list[Doer]
