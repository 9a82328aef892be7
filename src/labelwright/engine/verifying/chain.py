"""The chain, read once: hashes, links and columns; what the later checks need is collected on the way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, select

from labelwright.engine.verifying.report import Report
from labelwright.errors import LabelwrightError
from labelwright.store import chain as chains
from labelwright.store import record, tables
from labelwright.store.anchors import Anchors
from labelwright.store.project import ProjectStore
from labelwright.store.receipts import Receipt
from labelwright.store.record.base import EventBody, SealedText
from labelwright.store.record.erasing import ItemsErased
from labelwright.store.record.training import RankingPublished
from labelwright.store.ring import Ring
from labelwright.store.rows import Rows

CHECKED_EVERY: Final = 1000  # of the anchored heads, unless all are asked for


@dataclass
class Collected:
    """What one reading of the chain gives.

    Attributes
    ----------
    hashes : dict of int to str
        By sequence number.
    arrays : dict of str to str
        Digests of all files that events name, by path.
    thinned : set of str
        Files that were deleted, as events say.
    blanked : dict of str to int
        Files that were written anew without erased items, and the event that says so.
    sealed : list of (seq, SealedText)
    """

    hashes: dict[int, str] = field(default_factory=lambda: {0: chains.GENESIS})
    arrays: dict[str, str] = field(default_factory=dict)
    thinned: set[str] = field(default_factory=set)
    blanked: dict[str, int] = field(default_factory=dict)
    sealed: list[tuple[int, SealedText]] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The number of the last event."""
        return max(self.hashes)

    def take(self, seq: int, body: EventBody) -> None:
        """Note what an event names."""
        self.arrays.update(getattr(body, "arrays", {}))
        if isinstance(body, ItemsErased):
            self.blanked.update(dict.fromkeys(body.arrays, seq))
        if isinstance(body, RankingPublished):
            self.thinned.update(body.thinned)
        self.sealed += [(seq, value) for value in vars(body).values() if isinstance(value, SealedText)]


def read_chain(
    chain: chains.Chain, connection: Connection, report: Report, collected: Collected, name: str = "chain"
) -> Iterator[tuple[chains.Event, EventBody]]:
    """Recompute a chain while its events are handed on; events that cannot be read are problems and left out."""
    seq = 0
    for event in chains.read(connection, chain):
        seq += 1
        if not isinstance(event.seq, int):
            report.complain(f"event {seq} was altered: its number is no whole number.")
        elif event.seq != seq:
            report.complain(f"event {seq} is missing; the next one is {event.seq}.")
            seq = event.seq
        elif event.prev_hash != collected.hashes[seq - 1]:
            report.complain(f"event {seq} does not follow event {seq - 1}: its prev_hash is another.")
        if not _gives_its_hash(event):
            report.complain(f"event {seq} was altered: its body does not give its hash.")
        collected.hashes[seq] = event.hash
        body = _read(chain, event, report)
        if body is not None:
            collected.take(seq, body)
            yield event, body
    head = connection.execute(select(chain.head).where(chain.head.c.project_id == chain.project_id)).one_or_none()
    if head is None or head.seq != seq or head.hash != collected.hashes[seq]:
        report.complain(f"the chain's head does not name its last event, {seq}.")
    report.say(f"{name}: {seq} events")


def check_heads(
    chain: chains.Chain, ring: Ring, hashes: dict[int, str], receipts: Iterable[Receipt], where: str, report: Report,
    *, every: bool = True,
) -> None:  # fmt: skip
    """Compare signed heads with the chain: finds truncation and recomputation.

    Parameters
    ----------
    every : bool
        Check all signatures; else those of the last head and of one in a thousand. Hashes are always compared.
    """
    listed = list(receipts)
    for number, receipt in enumerate(listed, 1):
        seq = int(receipt["seq"])
        checked = every or number == len(listed) or number % CHECKED_EVERY == 0
        if receipt["project"] != chain.project_id:
            report.complain(f"{where}: the receipt is of another project, {receipt['project']}.")
        elif checked and (refusal := ring.refusal(receipt)):
            report.complain(f"{where}: {refusal}")
        elif seq not in hashes:
            report.complain(f"{where}: event {seq} was signed but is not in the chain: it was cut off.")
        elif hashes[seq] != receipt["hash"]:
            report.complain(f"{where}: event {seq} was signed with another hash: the chain was recomputed.")
        else:
            continue
        break
    report.say(f"{where}: {len(listed)} signed heads")


def check_anchors(
    chain: chains.Chain, ring: Ring, hashes: dict[int, str], before: Anchors, after: Anchors, where: str,
    report: Report, *, every: bool,
) -> None:  # fmt: skip
    """Compare what the anchor file holds with the chain, whose last event must have a signed head there.

    Parameters
    ----------
    before, after : Anchors
        As the file was before and after the view of the chain began; others may go on writing.
    """
    if not ring.public:
        report.complain(f"{where}: the site's key is missing, so that no signature can be checked.")
    check_heads(chain, ring, hashes, before.heads, where, report, every=every)
    if before.unreadable:
        report.say(f"{where}: {before.unreadable} lines of the file are no heads, such as one torn by a power cut")
    last = max(hashes)
    of_last = [head for head in (*after.heads, *after.prepared) if head["hash"] == hashes[last]]
    if last and not any(head["seq"] == last and ring.refusal(head) is None for head in of_last):
        report.complain(
            f"{where}: the last event, {last}, has no signed head: the heads were removed, or the chain was recomputed."
        )


def check_keys(ring: Ring, report: Report) -> None:
    """Each key is vouched for by the one before; one that was made because the old one was lost is told."""
    for one in ring.transitions:
        if one.holds:
            report.say(f"key: {one.old[:16]}… was followed by {one.new[:16]}… on {one.at[:10]}, and vouches for it")
        elif one.signature is None:
            report.say(f"key: {one.new[:16]}… is not vouched for by the old key {one.old[:16]}…, lost on {one.at[:10]}")
        else:
            report.complain(f"key: {one.new[:16]}… claims to follow {one.old[:16]}…, whose signature does not hold.")
        if one.holds and one.old not in ring.ends:
            report.say(f"key: where {one.old[:16]}… ended is not written down: the rotation was interrupted")


def check_sealed(store: ProjectStore, rows: Rows, collected: Collected, report: Report) -> None:
    """Compare sealed text with the salted hashes in bodies; what was erased is counted, not a fault."""
    stored = {
        row.id: hashlib.sha256(bytes(row.salt) + bytes(row.content)).hexdigest()
        for row in rows.stream(rows.select(tables.sealed.c.id, tables.sealed.c.salt, tables.sealed.c.content))
    }
    erased = 0
    for seq, text in collected.sealed:
        if text.id not in stored:
            erased += 1
        elif stored[text.id] != text.hash:
            report.complain(f"the sealed text of event {seq} was altered.")
    report.say(f"sealed texts: {len(collected.sealed)}" + (f", {erased} erased" if erased else ""))


def _gives_its_hash(event: chains.Event) -> bool:
    """Whether hash and body are what they should be, of whatever type the columns are."""
    if not isinstance(event.prev_hash, str) or not isinstance(event.body, bytes | memoryview):
        return False
    return chains.link(event.prev_hash, event.body) == event.hash


def _read(chain: chains.Chain, event: chains.Event, report: Report) -> EventBody | None:
    """The event's body; None and a problem if it cannot be read or disagrees with its columns."""
    try:
        envelope = json.loads(event.body)
        columns = (chain.project_id, event.seq, event.kind, event.at, event.actor, event.ordinal)
        recorded = tuple(envelope.get(key) for key in ("project", "seq", "kind", "at", "actor", "item"))
        if columns != recorded:
            report.complain(f"event {event.seq}: its columns differ from its body.")
            return None
        return record.read_data(str(event.kind), int(envelope["v"]), envelope["data"])
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        report.complain(f"event {event.seq} was altered: its body is not one of an event.")
    except LabelwrightError as error:
        report.complain(f"event {event.seq} cannot be read: {error.message}")
    return None
