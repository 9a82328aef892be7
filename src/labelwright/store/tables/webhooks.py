"""Addresses that are told of events. Not part of the record: how far each has been told, and its secret."""

from __future__ import annotations

from sqlalchemy import Column, Float, String, Table, Text

from labelwright.store.columns import Big, Json, project_key
from labelwright.store.tables.meta import META

webhook = Table(
    "webhook",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("url", Text, nullable=False),
    Column("kinds", Json, nullable=False),
    Column("secret", String(80), nullable=False),  # encrypted, by labelwright.store.sealing
    Column("by", String(40), nullable=False),
    Column("at", String(32), nullable=False),
    Column("told_seq", Big, nullable=False),  # everything up to this event has arrived, or was not asked for
    Column("attempts", Big, nullable=False, default=0),  # that failed in a row
    Column("next_at", Float, nullable=False, default=0.0),
    Column("waiting_since", String(32), nullable=True),
    Column("reason", String(200), nullable=True),
    Column("held_until", Float, nullable=False, default=0.0),  # by the worker that sends now
)
