"""Times as the record writes them."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime


def now() -> str:
    """This moment in UTC, to the microsecond, sortable as text: ``2026-11-22T09:30:00.000000Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def today() -> date:
    """The day in UTC."""
    return datetime.now(UTC).date()


def iso(timestamp: float) -> str:
    """A POSIX timestamp in the same form."""
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def new_id(prefix: str) -> str:
    """A random id such as ``p_3f2a…``: 16 hex digits, nothing about the world in it."""
    return f"{prefix}_{secrets.token_hex(8)}"
