"""The metadata that all tables of a project share, and its chain."""

from __future__ import annotations

from sqlalchemy import Index

from labelwright.store.columns import chain_tables, metadata

META = metadata()
event, chain_head, sealed = chain_tables(META)
Index("ix_event_kind", event.c.project_id, event.c.kind, event.c.seq)
