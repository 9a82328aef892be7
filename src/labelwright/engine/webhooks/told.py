"""What an address is told of an event: ids and figures, never content, labels or names."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Final

from labelwright.plain import Json, JsonObject
from labelwright.store.chain import Event
from labelwright.store.record import read
from labelwright.store.record.annotations import AnnotationGiven
from labelwright.store.record.decisions import VerdictReached
from labelwright.store.record.drift import DriftFound
from labelwright.store.record.rounds import RoundEnded, RoundStarted

KINDS: Final[dict[str, tuple[str, ...]]] = {
    "label": (AnnotationGiven.kind,),
    "round": (RoundStarted.kind, RoundEnded.kind),
    "verdict": (VerdictReached.kind,),
    "drift": (DriftFound.kind,),
}
PLAIN: Final = {"reopen": "undo", "repeat": "answer"}  # these would tell which items are of the reserve, or asked twice


def events_of(kinds: Iterable[str]) -> tuple[str, ...]:
    """The kinds of events in the record that the kinds of a webhook stand for.

    >>> events_of(["round", "drift"])
    ('round.started', 'round.ended', 'drift.found')
    """
    return tuple(event for kind in kinds for event in KINDS[kind])


def body_of(project_id: str, event: Event) -> bytes:
    """The body that is sent; the same bytes for the same event, whenever it is sent."""
    body: JsonObject = {
        "id": f"{project_id}-{event.seq}", "project": project_id, "seq": event.seq, "at": event.at, "kind": event.kind,
        "data": _data(event),
    }  # fmt: skip
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def signature(secret: str, body: bytes, at: int) -> str:
    """The header that proves where a body comes from, and when it was sent.

    >>> signature("s", b"{}", 1700000000).split("=")[:2]
    ['t', '1700000000,v1']
    """
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _data(event: Event) -> JsonObject:
    said = read(event)
    if isinstance(said, AnnotationGiven):
        what = PLAIN.get(said.what, said.what)
        return {"annotation": said.id, "item": f"i{event.ordinal}", "question": said.question, "what": what}
    if isinstance(said, RoundStarted):
        return {"round": said.id, "number": said.number, "planned": said.planned}
    if isinstance(said, RoundEnded):
        return {"round": said.id, "answers": said.outcome.answers, "seconds": said.outcome.seconds}
    if isinstance(said, VerdictReached):
        verdicts: list[Json] = [
            {"rule": one.rule, "stop": one.stop, "value": one.value, "limit": one.limit} for one in said.verdicts
        ]
        return {"cycle": said.cycle, "question": said.question, "verdicts": verdicts}
    if isinstance(said, DriftFound):
        figures: JsonObject = {key: value for key, value in said.figures.items() if isinstance(value, (int, float))}
        return {"alarm": said.id, "what": said.what, "question": said.question, "cycle": said.cycle, "figures": figures}
    raise TypeError(f"webhooks are not told of '{event.kind}'")
