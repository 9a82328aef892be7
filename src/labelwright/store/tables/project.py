"""The project, its questions, their schemas and guidelines."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, String, Table

from labelwright.store.columns import Big, Json, project_key
from labelwright.store.tables.meta import META

project = Table(
    "project",
    META,
    project_key(),
    Column("slug", String(64), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("state", String(20), nullable=False),
    Column("config", Json, nullable=False),
    Column("n_items", Big, nullable=False, default=0),
    Column("wanted_seq", Big, nullable=False, default=0),
    Column("trained_seq", Big, nullable=False, default=0),
    Column("cycle", Big, nullable=False, default=0),
    Column("ranking_id", String(40), nullable=True),
    Column("settings_version", Big, nullable=False, default=0),
)
question = Table(
    "question",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("task", String(40), nullable=False),
    Column("is_primary", Boolean, nullable=False),
    Column("position", Big, nullable=False),
    Column("required", Boolean, nullable=False),
    Column("settings", Json, nullable=False),
    Column("schema_version", Big, nullable=False, default=0),
    Column("guideline_version", Big, nullable=False, default=0),
    Column("wanted_seq", Big, nullable=False, default=0),
)
schema_version = Table(
    "schema_version",
    META,
    project_key(),
    Column("question_id", String(40), primary_key=True),
    Column("version", Big, primary_key=True, autoincrement=False),
    Column("body", Json, nullable=False),
    Column("seq", Big, nullable=False),
    Column("withdrawn", Json, nullable=False, server_default="[]"),  # labels whose answers count no more from here on
)
label_change = Table(  # labels that were merged or split, and proposals to
    "label_change",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("question_id", String(40), nullable=False),
    Column("what", String(10), nullable=False),
    Column("label", String(40), nullable=False),
    Column("became", Json, nullable=False),
    Column("schema_version", Big, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason_id", String(40), nullable=True),
    Column("by", String(40), nullable=False),
    Column("at", String(32), nullable=False),
    Column("decided_by", String(40), nullable=True),
    Column("decided_at", String(32), nullable=True),
    Column("decided_reason_id", String(40), nullable=True),
    Column("seq", Big, nullable=False),
)
guideline = Table(
    "guideline",
    META,
    project_key(),
    Column("question_id", String(40), primary_key=True),
    Column("version", Big, primary_key=True, autoincrement=False),
    Column("sealed_id", String(40), nullable=False),
    Column("examples", Json, nullable=False, server_default="[]"),
    Column("seq", Big, nullable=False),
)
