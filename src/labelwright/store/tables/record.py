"""Versions with a name, the model that serves, and what was destroyed."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from labelwright.store.columns import Big, project_key
from labelwright.store.tables.meta import META

snapshot = Table(
    "snapshot",
    META,
    project_key(),
    Column("name", String(80), primary_key=True),
    Column("upto_seq", Big, nullable=False),
    Column("label_version_id", String(40), nullable=True),
    Column("note_id", String(40), nullable=True),
    Column("by", String(40), nullable=False),
    Column("at", String(32), nullable=False),
    Column("seq", Big, nullable=False),
)
model_choice = Table(  # questions whose predictions are not those of the newest model
    "model_choice",
    META,
    project_key(),
    Column("question_id", String(40), primary_key=True),
    Column("model_id", String(60), nullable=False),
    Column("seq", Big, nullable=False),
)
erasure = Table(  # items whose content was destroyed
    "erasure",
    META,
    project_key(),
    Column("ordinal", Big, primary_key=True, autoincrement=False),
    Column("by", String(40), nullable=False),
    Column("at", String(32), nullable=False),
    Column("reason_id", String(40), nullable=True),
    Column("seq", Big, nullable=False),
)
