"""A project's tables. Every one begins with ``project_id``, so that one PostgreSQL schema holds all.

Three kinds: *the record* (event, chain_head, sealed), *content* (item, content, given: rows of an
import, bound to the record by its manifest's hash), and *projections*, which can be recomputed from
events and arrays. Leases and cycles are work in progress and carry no promise of history.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, String, Table, Text, UniqueConstraint, text

from labelwright.store.columns import Big, Json, chain_tables, metadata, project_key

META = metadata()
ANSWERING = ("answer", "correct")  # the kinds of annotation that say something about the item

event, chain_head, sealed = chain_tables(META)

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
    Column("schema_version", Big, nullable=False, default=0),
    Column("guideline_version", Big, nullable=False, default=0),
)
question = Table(
    "question",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("task", String(40), nullable=False),
    Column("is_primary", Boolean, nullable=False),
)
schema_version = Table(
    "schema_version",
    META,
    project_key(),
    Column("question_id", String(40), primary_key=True),
    Column("version", Big, primary_key=True, autoincrement=False),
    Column("body", Json, nullable=False),
    Column("seq", Big, nullable=False),
)
guideline = Table(
    "guideline",
    META,
    project_key(),
    Column("version", Big, primary_key=True, autoincrement=False),
    Column("sealed_id", String(40), nullable=False),
    Column("seq", Big, nullable=False),
)
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
    UniqueConstraint("project_id", "key"),
)
Index("ix_item_dup", item.c.project_id, item.c.dup_group)
Index("ix_item_split", item.c.project_id, item.c.split, item.c.ordinal)
content = Table(
    "content",
    META,
    project_key(),
    Column("ordinal", Big, primary_key=True, autoincrement=False),
    Column("body", Json, nullable=False),
)
given = Table(
    "given",
    META,
    project_key(),
    Column("ordinal", Big, primary_key=True, autoincrement=False),
    Column("answer", Json, nullable=False),
    Column("labels_are", String(20), nullable=False),
)
annotation = Table(
    "annotation",
    META,
    project_key(),
    Column("seq", Big, primary_key=True, autoincrement=False),
    Column("id", String(40), nullable=False),
    Column("answer_id", String(36), nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("ordinal", Big, nullable=False),
    Column("question_id", String(40), nullable=False),
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
    Column("schema_version", Big, nullable=False),
    Column("guideline_version", Big, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("grid", Boolean, nullable=False),
    Column("first", Boolean, nullable=False),
    Column("standing", Boolean, nullable=False),
    UniqueConstraint("project_id", "answer_id"),
    UniqueConstraint("project_id", "id"),
)
Index("ix_annotation_ordinal", annotation.c.project_id, annotation.c.ordinal)
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
    Column("granted_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("state", String(10), nullable=False),
    Column("grid", Boolean, nullable=False),
)
Index(
    "ix_lease_live",
    lease.c.project_id,
    lease.c.expires_at,
    sqlite_where=text("state = 'live'"),
    postgresql_where=text("state = 'live'"),
)
Index("ix_lease_ordinal", lease.c.project_id, lease.c.ordinal)
label_version = Table(
    "label_version",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("cycle", Big, nullable=False),
    Column("upto_seq", Big, nullable=False),
    Column("n_labels", Big, nullable=False),
    Column("arrays", Json, nullable=False),
    Column("seq", Big, nullable=False),
)
model = Table(
    "model",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("cycle", Big, nullable=False),
    Column("name", String(60), nullable=False),
    Column("n_labels", Big, nullable=False),
    Column("arrays", Json, nullable=False),
    Column("params", Json, nullable=False),
    Column("stage", String(20), nullable=False),
    Column("seq", Big, nullable=False),
)
metric = Table(
    "metric",
    META,
    project_key(),
    Column("cycle", Big, primary_key=True, autoincrement=False),
    Column("split", String(20), primary_key=True),
    Column("metric", String(60), primary_key=True),
    Column("value", Float, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    Column("n", Big, nullable=False),
    Column("n_labels", Big, nullable=False),
    Column("at", String(32), nullable=False),
)
ranking = Table(
    "ranking",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("cycle", Big, nullable=False),
    Column("label_version_id", String(40), nullable=True),
    Column("model_id", String(40), nullable=True),
    Column("strategy", String(60), nullable=False),
    Column("seed", Big, nullable=False),
    Column("n_slots", Big, nullable=False),
    Column("n_labels", Big, nullable=False),
    Column("arrays", Json, nullable=False),
    Column("at", String(32), nullable=False),
    Column("seq", Big, nullable=False),
)
slot = Table(
    "slot",
    META,
    project_key(),
    Column("ranking_id", String(40), primary_key=True),
    Column("position", Big, primary_key=True, autoincrement=False),
    Column("ordinal", Big, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("score", Float, nullable=True),
    Column("propensity", Float, nullable=True),
    Column("done", Boolean, nullable=False, default=False),
)
Index(
    "ix_slot_open",
    slot.c.project_id,
    slot.c.ranking_id,
    slot.c.position,
    sqlite_where=text("done = 0"),
    postgresql_where=text("NOT done"),
)
Index("ix_slot_ordinal", slot.c.project_id, slot.c.ordinal)
cycle = Table(
    "cycle",
    META,
    project_key(),
    Column("id", Big, primary_key=True, autoincrement=False),
    Column("wanted_seq", Big, nullable=False),
    Column("state", String(20), nullable=False),
    Column("step", String(20), nullable=True),
    Column("n_labels", Big, nullable=True),
    Column("started_at", String(32), nullable=False),
    Column("step_at", String(32), nullable=True),
    Column("ended_at", String(32), nullable=True),
    Column("error", Text, nullable=True),
)
round_ = Table(
    "round",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("number", Big, nullable=False),
    Column("hypothesis_id", String(40), nullable=True),
    Column("policy", Json, nullable=False),
    Column("planned", Big, nullable=False),
    Column("state", String(20), nullable=False),
    Column("started_at", String(32), nullable=False),
    Column("ended_at", String(32), nullable=True),
    Column("from_seq", Big, nullable=False),
    Column("to_seq", Big, nullable=True),
    Column("outcome", Json, nullable=False),
)
decision = Table(
    "decision",
    META,
    project_key(),
    Column("seq", Big, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("cycle", Big, nullable=True),
    Column("actor", String(40), nullable=False),
    Column("at", String(32), nullable=False),
    Column("data", Json, nullable=False),
)
array_file = Table(
    "array_file",
    META,
    project_key(),
    Column("path", String(300), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("n_bytes", Big, nullable=False),
)
