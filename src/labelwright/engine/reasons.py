"""Reasons between the record, which stores codes and figures, and the words that people read."""

from __future__ import annotations

from typing import cast

from labelwright import words
from labelwright.plain import JsonObject
from labelwright.store.record.reasons import Reason
from labelwright.words import Figure


def stored(reason: words.Reason) -> Reason:
    """A reason as an event holds it."""
    return Reason(reason.code, cast(JsonObject, dict(reason.figures)))


def reason_of(reason: Reason) -> words.Reason:
    """A reason as events hold it, ready to be read."""
    return words.Reason(reason.code, cast("dict[str, Figure]", reason.figures))
