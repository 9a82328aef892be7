"""What all tables share: naming of constraints and the few column types that differ by database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Integer, LargeBinary, MetaData, String, Table

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Big = BigInteger().with_variant(Integer(), "sqlite")
Json = JSON(none_as_null=True)


def metadata() -> MetaData:
    """A metadata with named constraints, which Alembic needs on SQLite."""
    return MetaData(naming_convention=CONVENTION)


def project_key() -> Column[Any]:
    """The first key column of every project table: one PostgreSQL schema holds all projects."""
    return Column("project_id", String(40), primary_key=True)


def chain_tables(meta: MetaData, prefix: str = "") -> tuple[Table, Table, Table]:
    """Events, the head of their chain, and sealed bytes; the site has a chain of its own."""
    event = Table(
        f"{prefix}event",
        meta,
        project_key(),
        Column("seq", Big, primary_key=True, autoincrement=False),
        Column("prev_hash", String(64), nullable=False),
        Column("hash", String(64), nullable=False),
        Column("body", LargeBinary, nullable=False),
        # projections of the body, recomputed by verify
        Column("kind", String(40), nullable=False),
        Column("at", String(32), nullable=False),
        Column("actor", String(40), nullable=False),
        Column("ordinal", Big, nullable=True, index=True),
    )
    head = Table(
        f"{prefix}chain_head",
        meta,
        project_key(),
        Column("seq", Big, nullable=False),
        Column("hash", String(64), nullable=False),
    )
    sealed = Table(
        f"{prefix}sealed",
        meta,
        project_key(),
        Column("id", String(40), primary_key=True),
        Column("salt", LargeBinary, nullable=False),
        Column("content", LargeBinary, nullable=False),
    )
    return event, head, sealed
