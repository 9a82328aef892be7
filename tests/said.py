"""Answers made by hand: recorded as the server records them, on the item, of the kind and at the time that is wanted."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any
from unittest import mock

from labelwright.store import chain
from labelwright.store.clock import iso, new_id
from labelwright.store.record.annotations import AnnotationGiven

DAY = 86_400


@contextmanager
def at(timestamp: float) -> Any:
    """Events are recorded as if it were then."""
    with mock.patch.object(chain, "now", lambda: iso(timestamp)):
        yield


def said(
    transaction: Any, person: str, ordinal: int, label: str | None, *, question: str = "q_1", slot: str = "random",
    what: str = "answer", seconds: float | None = 2.0, **more: Any,
) -> str:  # fmt: skip
    """One annotation; its id."""
    body = AnnotationGiven(
        **{
            "id": new_id("a"), "answer_id": new_id("x"), "body_hash": "", "question": question if label else None,
            "what": what, "answer": {"label": label} if label else None, "reason": None, "replaces": None,
            "seconds": seconds, "lease": None, "ranking": None, "position": None, "slot": slot, "propensity": None,
            "schema_version": 1, "guideline_version": 1, "late": False, "grid": False, "exposed": False,
            "prompted": None, **more,
        }  # type: ignore[arg-type]
    )  # fmt: skip
    transaction.record(body, actor=person, ordinal=ordinal)
    return body.id
