"""Items as they were imported, and what was done to them since."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Table, UniqueConstraint, text

from labelwright.store.columns import Big, Json, project_key
from labelwright.store.tables.meta import META

import_batch = Table(
    "import_batch",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("first_ordinal", Big, nullable=False),
    Column("n_items", Big, nullable=False),
    Column("source", String(300), nullable=False),
    Column("labels_are", String(20), nullable=False),
    Column("manifest", String(64), nullable=True),
    Column("visible", Boolean, nullable=False),
    Column("at", String(32), nullable=False),
    Column("seq", Big, nullable=True),
    Column("undone_seq", Big, nullable=True),
)
item = Table(
    "item",
    META,
    project_key(),
    Column("ordinal", Big, primary_key=True, autoincrement=False),
    Column("key", String(300), nullable=False),
    Column("content_hash", String(32), nullable=False),
    Column("batch_id", String(40), nullable=False),
    Column("split", String(10), nullable=False),
    Column("group_key", String(300), nullable=True),
    Column("dup_group", Big, nullable=False),
    Column("source", String(300), nullable=False),
    Column("time", String(40), nullable=True),
    Column("domain", String(200), nullable=True),
    Column("cost_class", String(200), nullable=True),
    Column("licence", String(200), nullable=True),
    Column("consent", String(200), nullable=True),
    UniqueConstraint("project_id", "key"),
)
Index(
    "ix_item_time",
    item.c.project_id,
    item.c.time,
    item.c.ordinal,
    sqlite_where=text("time IS NOT NULL"),
    postgresql_where=text("time IS NOT NULL"),
)
Index("ix_item_dup", item.c.project_id, item.c.dup_group)
Index("ix_item_split", item.c.project_id, item.c.split, item.c.ordinal)
content = Table(
    "content",
    META,
    project_key(),
    Column("ordinal", Big, primary_key=True, autoincrement=False),
    Column("version", Big, primary_key=True, autoincrement=False),  # 0 as imported, then one a replacement
    Column("body", Json, nullable=False),
)
exclusion = Table(  # items that are taken out: not asked, not trained on, not measured, not exported
    "exclusion",
    META,
    project_key(),
    Column("ordinal", Big, primary_key=True, autoincrement=False),
    Column("seq", Big, nullable=False),
)
replacement = Table(  # items whose content was replaced: annotations up to ``seq`` speak of another content
    "replacement",
    META,
    project_key(),
    Column("ordinal", Big, primary_key=True, autoincrement=False),
    Column("version", Big, primary_key=True, autoincrement=False),
    Column("content_hash", String(32), nullable=False),
    Column("seq", Big, nullable=False),
)
given = Table(
    "given",
    META,
    project_key(),
    Column("ordinal", Big, primary_key=True, autoincrement=False),
    Column("question_id", String(40), primary_key=True),
    Column("answer", Json, nullable=False),
    Column("labels_are", String(20), nullable=False),
)
search_progress = Table(  # how far the full-text index of the database has come; no projection
    "search_progress",
    META,
    project_key(),
    Column("n_items", Big, nullable=False),
    Column("seq", Big, nullable=False),
)
