"""What a client sends when somebody answers, and what it gets back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

import rfc8785

from labelwright.errors import InputError
from labelwright.plain import Json, JsonObject
from labelwright.services.people.roles import Actor

FIELDS_1: Final = ("answer_id", "lease_id", "item_id", "kind", "answer", "reason", "replaces", "seconds")
"""What version 0.2 hashed of a request, whether the client had sent it or not."""


@dataclass(frozen=True)
class Given:
    """One person's answer, as it was sent.

    Parameters
    ----------
    answer_id : str
        A UUID that the client chose; the same one may be sent again.
    item_id : str
        The token of a lease, or an item's id.
    after : str, optional
        "prompt" for a correction that came after "are you sure?".
    kind : str
        "answer", "skip", "flag", "undo" or "correct".
    sent : mapping of str to JSON
        The fields as they came: what makes a repeated request the same one.
    """

    answer_id: str
    item_id: str
    kind: str
    sent: Mapping[str, Json]
    lease_id: str | None = None
    question: str | None = None
    answer: JsonObject | None = None
    reason: str | None = None
    replaces: str | None = None
    seconds: float | None = None
    after: str | None = None

    @classmethod
    def of(cls, **sent: Json) -> Given:
        """From the fields of a request, those that were sent."""
        known = {field.name for field in fields(cls)} - {"sent"}
        return cls(**{name: value for name, value in sent.items() if name in known}, sent=sent)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Receipt:
    """The annotation is an event, and the event is on disk."""

    id: str
    seq: int
    hash: str


@dataclass(frozen=True)
class Stored:
    """Receipts in the order sent; ``repeated`` if every one was there already."""

    receipts: list[Receipt]
    repeated: bool


def hash_of(sent: Mapping[str, Json], actor: Actor) -> str:
    """The hash of a request's fields and its author."""
    try:
        return hashlib.sha256(rfc8785.dumps({**sent, "person": actor.person_id})).hexdigest()
    except (rfc8785.CanonicalizationError, UnicodeError) as error:  # NaN, integers beyond 2^53, lone surrogates
        raise InputError(
            f"annotations: an answer must be plain JSON that all languages read alike ({error})."
        ) from error
