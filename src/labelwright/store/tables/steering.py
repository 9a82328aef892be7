"""What a lead steers with: saved slices, items that are asked first, alarms of drift."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, String, Table

from labelwright.store.columns import Big, Json, project_key
from labelwright.store.tables.meta import META

saved_slice = Table(  # a part of the items with a name: those that a filter finds, or those that were named
    "saved_slice",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("filter", Json, nullable=True),
    Column("n_named", Big, nullable=False),
    Column("by", String(40), nullable=False),
    Column("at", String(32), nullable=False),
    Column("seq", Big, nullable=False),
)
saved_slice_item = Table(
    "saved_slice_item",
    META,
    project_key(),
    Column("slice_id", String(40), primary_key=True),
    Column("ordinal", Big, primary_key=True, autoincrement=False),
)
pin = Table(  # items that are asked before those of the ranking
    "pin",
    META,
    project_key(),
    Column("ordinal", Big, primary_key=True, autoincrement=False),
    Column("place", Big, nullable=False),  # in the order in which they are asked
    Column("kind", String(10), nullable=False),
    Column("ranking_id", String(40), nullable=True),  # where it was approved as a slot of a ranking
    Column("position", Big, nullable=True),
    Column("propensity", Float, nullable=True),
    Column("n_before", Big, nullable=False),
    Column("by", String(40), nullable=False),
    Column("seq", Big, nullable=False),
    Column("done", Boolean, nullable=False, default=False, server_default="0"),  # work in progress, as that of slots
)
Index("ix_pin_place", pin.c.project_id, pin.c.place)
drift_alarm = Table(
    "drift_alarm",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("what", String(20), nullable=False),  # inputs, columns, predictions, labels or errors
    Column("question_id", String(40), nullable=True),
    Column("cycle", Big, nullable=True),
    Column("since", String(40), nullable=True),  # the date of onset, or the key of the first item
    Column("figures", Json, nullable=False),
    Column("state", String(20), nullable=False),
    Column("at", String(32), nullable=False),
    Column("settled_by", String(40), nullable=True),
    Column("settled_at", String(32), nullable=True),
    Column("note_id", String(40), nullable=True),
    Column("seq", Big, nullable=False),
    Column("last_seq", Big, nullable=False),
)
fork = Table(  # two ways to choose, tried side by side
    "fork",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("number", Big, nullable=False),
    Column("question_id", String(40), nullable=False),
    Column("hypothesis_id", String(40), nullable=True),
    Column("arms", Json, nullable=False),
    Column("per_arm", Big, nullable=False),
    Column("detectable", Float, nullable=True),
    Column("state", String(12), nullable=False),
    Column("by", String(40), nullable=False),
    Column("started_at", String(32), nullable=False),
    Column("ended_at", String(32), nullable=True),
    Column("outcome", Json, nullable=True),
    Column("seq", Big, nullable=False),
    Column("last_seq", Big, nullable=False),
)
