"""What people said, and what is lent to them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, String, Table, UniqueConstraint, text

from labelwright.store.columns import Big, Json, project_key
from labelwright.store.tables.meta import META

annotation = Table(
    "annotation",
    META,
    project_key(),
    Column("seq", Big, primary_key=True, autoincrement=False),
    Column("id", String(40), nullable=False),
    Column("answer_id", String(36), nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("ordinal", Big, nullable=False),
    Column("question_id", String(40), nullable=True),  # skip and flag concern the item
    Column("person_id", String(40), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("answer", Json, nullable=True),
    Column("reason_id", String(40), nullable=True),
    Column("replaces", String(40), nullable=True),
    Column("seconds", Float, nullable=True),
    Column("at", String(32), nullable=False),
    Column("lease_id", String(40), nullable=True),
    Column("ranking_id", String(40), nullable=True),
    Column("position", Big, nullable=True),
    Column("slot_kind", String(10), nullable=True),
    Column("propensity", Float, nullable=True),
    Column("schema_version", Big, nullable=False),
    Column("guideline_version", Big, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("grid", Boolean, nullable=False),
    Column("exposed", Boolean, nullable=False),
    Column("prompted", String(10), nullable=True),  # what it came after: a question back, or the right answer
    Column("first", Boolean, nullable=False),
    Column("standing", Boolean, nullable=False),
    UniqueConstraint("project_id", "answer_id"),
    UniqueConstraint("project_id", "id"),
)
Index("ix_annotation_ordinal", annotation.c.project_id, annotation.c.ordinal)
IS_UNDOING = text("kind IN ('undo', 'reopen')")  # in these words, or the index is not found
Index(
    "ix_annotation_undoing", annotation.c.project_id, annotation.c.ordinal, sqlite_where=IS_UNDOING,
    postgresql_where=IS_UNDOING,
)  # fmt: skip
Index("ix_annotation_person", annotation.c.project_id, annotation.c.person_id, annotation.c.seq)
lease = Table(
    "lease",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("ordinal", Big, nullable=False),
    Column("person_id", String(40), nullable=False),
    Column("ranking_id", String(40), nullable=True),
    Column("position", Big, nullable=True),
    Column("slot_kind", String(10), nullable=False),
    Column("propensity", Float, nullable=True),
    Column("granted_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("state", String(10), nullable=False),
    Column("grid", Boolean, nullable=False),
    Column("n_before", Big, nullable=False, default=0, server_default="0"),  # as of the slot
)
Index(
    "ix_lease_live",
    lease.c.project_id,
    lease.c.expires_at,
    sqlite_where=text("state = 'live'"),
    postgresql_where=text("state = 'live'"),
)
Index("ix_lease_ordinal", lease.c.project_id, lease.c.ordinal)
Index("ix_lease_person", lease.c.project_id, lease.c.person_id, lease.c.ordinal)
exposure = Table(  # who was shown what others or the model say about an item, before an own answer
    "exposure",
    META,
    project_key(),
    Column("ordinal", Big, primary_key=True, autoincrement=False),
    Column("person_id", String(40), primary_key=True),
    Column("at", Float, nullable=False),
)
