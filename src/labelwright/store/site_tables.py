"""The site's tables: people, sessions, tokens, roles, projects, workers, uploads, site events."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, String, Table, Text

from labelwright.store.columns import Big, chain_tables, metadata

META = metadata()

person = Table(
    "person",
    META,
    Column("id", String(40), primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("password_hash", String(300), nullable=True),
    Column("simulated", Boolean, nullable=False, default=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("created_at", String(32), nullable=False),
)
session = Table(
    "session",
    META,
    Column("secret_hash", String(64), primary_key=True),
    Column("person_id", String(40), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("agent", String(200), nullable=False),
)
token = Table(
    "token",
    META,
    Column("id", String(40), primary_key=True),
    Column("person_id", String(40), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("prefix", String(16), nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("created_at", String(32), nullable=False),
    Column("revoked_at", String(32), nullable=True),
)
link = Table(
    "link",
    META,
    Column("secret_hash", String(64), primary_key=True),
    Column("person_id", String(40), nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("used_at", String(32), nullable=True),
)
membership = Table(
    "membership",
    META,
    Column("project_id", String(40), primary_key=True),
    Column("person_id", String(40), primary_key=True),
    Column("role", String(20), nullable=False),
)
catalogue = Table(
    "catalogue",
    META,
    Column("id", String(40), primary_key=True),
    Column("slug", String(64), nullable=False, unique=True),
    Column("created_at", String(32), nullable=False),
    Column("deleted_at", String(32), nullable=True),
)
worker = Table(
    "worker",
    META,
    Column("id", String(60), primary_key=True),
    Column("pid", Big, nullable=False),
    Column("host", String(200), nullable=False),
    Column("started_at", Float, nullable=False),
    Column("heartbeat_at", Float, nullable=False),
)
upload = Table(
    "upload",
    META,
    Column("id", String(40), primary_key=True),
    Column("person_id", String(40), nullable=False),
    Column("name", String(300), nullable=False),
    Column("path", Text, nullable=False),
    Column("bytes", Big, nullable=False),
    Column("files", Big, nullable=False),
    Column("created_at", Float, nullable=False),
)
event, chain_head, sealed = chain_tables(META, prefix="site_")
