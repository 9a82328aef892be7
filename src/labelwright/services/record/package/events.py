"""The chain in a package: events as they were hashed, signed heads, keys."""

from __future__ import annotations

import json

from labelwright.plain import Json
from labelwright.services.record.package.files import Files
from labelwright.store.project import ProjectStore
from labelwright.store.receipts import Receipt
from labelwright.store.rows import Rows


def write_events(store: ProjectStore, rows: Rows, files: Files) -> int:
    """``events.jsonl``: each body exactly as it was hashed, as a string, beside its hashes; return how many."""
    return files.write_lines(
        "events.jsonl",
        (
            {"seq": event.seq, "prev_hash": event.prev_hash, "hash": event.hash, "body": bytes(event.body).decode()}
            for event in store.events(rows)
        ),
    )


def write_heads(store: ProjectStore, rows: Rows, files: Files, receipt: Receipt) -> None:
    """``heads.jsonl`` of the anchor file, ``receipts.jsonl`` with that of this moment, and the public keys."""
    last = receipt["seq"]
    files.write_lines("heads.jsonl", (_plain(head) for head in store.anchors().heads if head["seq"] <= last))
    files.write_lines("receipts.jsonl", [_plain(receipt)])
    ring = store.ring()
    follows = {one.new: one for one in ring.transitions}
    keys: list[Json] = []
    for key in ring.keys:
        entry: dict[str, Json] = {"key": key, "end": ring.ends.get(key, {}).get(store.project_id)}
        if (one := follows.get(key)) is not None:
            entry |= {"old": one.old, "at": one.at, "signature": one.signature}
        keys.append(entry)
    files.write("keys.json", json.dumps(keys, indent=1))


def _plain(receipt: Receipt) -> Json:
    return {
        "project": receipt["project"], "seq": receipt["seq"], "hash": receipt["hash"], "at": receipt["at"],
        "key": receipt["key"], "signature": receipt["signature"],
    }  # fmt: skip
