"""The chain: an append-only list of events, each hashed onto the one before.

A body is canonical JSON (RFC 8785), stored as the bytes that were hashed:
``hash = SHA-256(prev_hash || body)``, both hashes as 64 hex digits. Bodies hold ids only; free text
lies in ``sealed`` under a salt, and the body carries ``SHA-256(salt || bytes)``, so that erasure
leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from operator import itemgetter

import rfc8785
from sqlalchemy import Connection, Table, insert, select, update

from labelwright.errors import IntegrityError
from labelwright.plain import Json
from labelwright.store.clock import new_id, now

GENESIS = "0" * 64


@dataclass(frozen=True)
class Chain:
    """The three tables of one chain and whose it is."""

    event: Table
    head: Table
    sealed: Table
    project_id: str


@dataclass(frozen=True)
class Event:
    """One stored event: the envelope. What it says is a type of `labelwright.store.record`."""

    seq: int
    prev_hash: str
    hash: str
    body: bytes
    kind: str
    at: str
    actor: str
    ordinal: int | None


@dataclass(frozen=True)
class Head:
    """Where a chain ends: the number and the hash of its last event."""

    seq: int
    hash: str


def link(prev_hash: str, body: bytes) -> str:
    """The hash that chains a body to its predecessor."""
    return hashlib.sha256(prev_hash.encode() + body).hexdigest()


def start(connection: Connection, chain: Chain) -> None:
    """Begin a chain."""
    connection.execute(insert(chain.head).values(project_id=chain.project_id, seq=0, hash=GENESIS))


def append(
    connection: Connection,
    chain: Chain,
    kind: str,
    version: int,
    data: Mapping[str, Json],
    *,
    actor: str,
    ordinal: int | None = None,
    head: Head | None = None,
) -> Event:
    """Append one event within the caller's transaction; its sequence number is taken here.

    On PostgreSQL the head's row is locked until the transaction ends, on SQLite the writer is alone.

    Parameters
    ----------
    head : Head, optional
        Where the chain ends, if the caller has read it within this transaction, and locked it.
    """
    head = _locked(connection, chain) if head is None else head
    seq, at = head.seq + 1, now()
    envelope: dict[str, Json] = {
        "v": version, "project": chain.project_id, "seq": seq, "at": at, "actor": actor, "kind": kind,
        "data": dict(data),
    }  # fmt: skip
    if ordinal is not None:
        envelope["item"] = ordinal
    body = rfc8785.dumps(envelope)
    event = Event(seq, head.hash, link(head.hash, body), body, kind, at, actor, ordinal)
    connection.execute(
        insert(chain.event).values(
            project_id=chain.project_id, seq=seq, prev_hash=event.prev_hash, hash=event.hash, body=body, kind=kind,
            at=at, actor=actor, ordinal=ordinal,
        )
    )  # fmt: skip
    connection.execute(
        update(chain.head).where(chain.head.c.project_id == chain.project_id).values(seq=seq, hash=event.hash)
    )
    return event


def _locked(connection: Connection, chain: Chain) -> Head:
    head = connection.execute(
        select(chain.head.c.seq, chain.head.c.hash).where(chain.head.c.project_id == chain.project_id).with_for_update()
    ).one_or_none()
    if head is None:
        raise IntegrityError(f"chain: the chain of {chain.project_id} has no head.", "Restore the project's database.")
    return Head(int(head.seq), head.hash)


def seal(connection: Connection, chain: Chain, text: str) -> tuple[str, str]:
    """Store free text outside the chain; return its id and its salted hash for the body."""
    sealed_id, salt, content = new_id("x"), secrets.token_bytes(16), text.encode()
    connection.execute(
        insert(chain.sealed).values(project_id=chain.project_id, id=sealed_id, salt=salt, content=content)
    )
    return sealed_id, hashlib.sha256(salt + content).hexdigest()


def unseal(connection: Connection, chain: Chain, sealed_id: str | None) -> str | None:
    """Read sealed text; None if there is none or it was erased."""
    if sealed_id is None:
        return None
    row = connection.execute(
        select(chain.sealed.c.content).where(
            chain.sealed.c.project_id == chain.project_id, chain.sealed.c.id == sealed_id
        )
    ).one_or_none()
    return None if row is None else bytes(row.content).decode()


def read(
    connection: Connection, chain: Chain, *, after: int = 0, limit: int | None = None, kinds: Sequence[str] = ()
) -> Iterator[Event]:
    """Events after a sequence number, oldest first, streamed; all kinds or some.

    Notes
    -----
    Each kind is asked for by itself, since an index gives them in order: asked for together, a few events of rare kinds
    cost a reading of the whole chain.
    """
    table = chain.event
    query = (
        select(
            table.c.seq, table.c.prev_hash, table.c.hash, table.c.body, table.c.kind, table.c.at, table.c.actor,
            table.c.ordinal,
        )
        .where(table.c.project_id == chain.project_id, table.c.seq > after)
        .order_by(table.c.seq)
    )  # fmt: skip
    queries = [query.where(table.c.kind == kind) for kind in dict.fromkeys(kinds)] if kinds else [query]
    streams = [connection.execute(one, execution_options={"yield_per": 2000}) for one in queries]
    for row in islice(merge(*streams, key=itemgetter(0)), limit):
        yield Event(*row)
