"""The site's tables: people, sessions, tokens, roles, projects, workers, uploads, site events."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, String, Table, Text

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
attempt = Table(  # to sign in; of the last minutes, by the hash of an account's e-mail or of an address
    "attempt",
    META,
    Column("id", String(40), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("key_hash", String(64), nullable=False),
    Column("at", Float, nullable=False),
)
Index("ix_attempt_key", attempt.c.kind, attempt.c.key_hash, attempt.c.at)
identity = Table(  # who an identity provider says somebody is
    "identity",
    META,
    Column("issuer", String(300), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("person_id", String(40), nullable=False),
    Column("created_at", String(32), nullable=False),
)
authorization = Table(  # sign-ins by an identity provider that are under way
    "authorization",
    META,
    Column("state_hash", String(64), primary_key=True),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("next", String(500), nullable=False),
    Column("expires_at", Float, nullable=False),
)
event, chain_head, sealed = chain_tables(META, prefix="site_")
