"""The chain: every body hashed anew, every link followed, columns held against bodies, heads against anchors."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from labelwright.engine.verifying.report import Report
from labelwright.store import events, tables
from labelwright.store.keys import check_signature
from labelwright.store.project import ProjectStore


def check_chain(chain: events.Chain, connection: Connection, report: Report, name: str = "chain") -> dict[int, str]:
    """Recompute a chain; return the hash of every event by its number."""
    hashes: dict[int, str] = {0: events.GENESIS}
    seq = 0
    for event in events.read(connection, chain):
        seq += 1
        if event.seq != seq:
            report.complain(f"event {seq} is missing; the next one is {event.seq}.")
            seq = event.seq
        elif event.prev_hash != hashes[seq - 1]:
            report.complain(f"event {seq} does not follow event {seq - 1}: its prev_hash is another.")
        if events.link(event.prev_hash, event.body) != event.hash:
            report.complain(f"event {seq} was altered: its body does not give its hash.")
        _check_columns(chain, event, report)
        hashes[seq] = event.hash
    head = connection.execute(select(chain.head).where(chain.head.c.project_id == chain.project_id)).one_or_none()
    if head is None or head.seq != seq or head.hash != hashes[seq]:
        report.complain(f"the chain's head does not name its last event, {seq}.")
    report.say(f"{name}: {seq} events")
    return hashes


def check_heads(
    chain: events.Chain,
    key: str,
    hashes: Mapping[int, str],
    receipts: Iterable[Mapping[str, Any]],
    where: str,
    report: Report,
) -> None:
    """Hold signed heads against the chain: finds truncation and recomputation."""
    n = 0
    for receipt in receipts:
        n += 1
        seq = int(receipt["seq"])
        if receipt["project"] != chain.project_id:
            report.complain(f"{where}: the receipt is of another project, {receipt['project']}.")
        elif not check_signature(dict(receipt), key):
            report.complain(f"{where}: the signature of event {seq} is not by this site's key.")
        elif seq not in hashes:
            report.complain(f"{where}: event {seq} was signed but is not in the chain: it was cut off.")
        elif hashes[seq] != receipt["hash"]:
            report.complain(f"{where}: event {seq} was signed with another hash: the chain was recomputed.")
        else:
            continue
        break
    report.say(f"{where}: {n} signed heads")


def check_sealed(store: ProjectStore, connection: Connection, report: Report) -> None:
    """Hold sealed text against the salted hashes in bodies; what was erased is counted, not a fault."""
    stored = {
        row.id: hashlib.sha256(bytes(row.salt) + bytes(row.content)).hexdigest()
        for row in connection.execute(select(tables.sealed).where(tables.sealed.c.project_id == store.project_id))
    }
    n = erased = 0
    for event in events.read(connection, store.chain):
        for value in event.data.values():
            if isinstance(value, dict) and value.keys() == {"id", "hash"}:
                n += 1
                if value["id"] not in stored:
                    erased += 1
                elif stored[value["id"]] != value["hash"]:
                    report.complain(f"the sealed text of event {event.seq} was altered.")
    report.say(f"sealed texts: {n}" + (f", {erased} erased" if erased else ""))


def _check_columns(chain: events.Chain, event: events.Event, report: Report) -> None:
    try:
        body = json.loads(event.body)
    except ValueError:
        report.complain(f"event {event.seq} was altered: its body is not JSON.")
        return
    columns = (chain.project_id, event.seq, event.kind, event.at, event.actor, event.ordinal)
    if columns != (body["project"], body["seq"], body["kind"], body["at"], body["actor"], body.get("item")):
        report.complain(f"event {event.seq}: its columns differ from its body.")
