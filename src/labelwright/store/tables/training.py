"""Label versions, models, rankings, rounds and decisions; cycles and slots are work in progress."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, String, Table, Text, text

from labelwright.store.columns import Big, Json, project_key
from labelwright.store.tables.meta import META

label_version = Table(
    "label_version",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("cycle", Big, nullable=False),
    Column("upto_seq", Big, nullable=False),
    Column("questions", Json, nullable=False),
    Column("arrays", Json, nullable=False),
    Column("seq", Big, nullable=False),
)
model = Table(
    "model",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("cycle", Big, nullable=False),
    Column("question_id", String(40), nullable=False),
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
    Column("question_id", String(40), primary_key=True),
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
    Column("question_id", String(40), nullable=False),
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
    Column("n_before", Big, nullable=False, default=0, server_default="0"),  # people who had answered and do not count
    Column("whom", String(40), nullable=False, default="", server_default=""),  # a person, experts, or "" for anyone
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
    Column("worker", String(60), nullable=True),
    Column("fence", Big, nullable=False, default=0),  # grows at each take-over; only its holder may write
    Column("deaths", Big, nullable=False, default=0),  # workers that died while they held it
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
    Column("said", Json, nullable=False, server_default="{}"),  # what people say of it: change, measure, verdict, note
)
decision = Table(
    "decision",
    META,
    project_key(),
    Column("seq", Big, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("question_id", String(40), nullable=False),
    Column("cycle", Big, nullable=True),
    Column("actor", String(40), nullable=False),
    Column("at", String(32), nullable=False),
    Column("data", Json, nullable=False),
)
encoder = Table(
    "encoder",
    META,
    project_key(),
    Column("revision", String(80), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("folder", String(120), nullable=False),
    Column("seq", Big, nullable=False),
)
feature_file = Table(
    "feature_file",
    META,
    project_key(),
    Column("revision", String(80), primary_key=True),
    Column("path", String(300), primary_key=True),
    Column("first", Big, nullable=False),
    Column("n_items", Big, nullable=False),
    Column("replaces", Boolean, nullable=False),  # rows of items whose content was replaced, not a range of ordinals
    Column("seq", Big, nullable=False),
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
