"""Saved slices, items that are asked first, alarms of drift, and what is said of a round."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    """New tables are empty: older projects have no event about them."""
    op.add_column("round", sa.Column("said", JSON, nullable=False, server_default="{}"))
    op.create_table(
        "saved_slice",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("filter", JSON, nullable=True),
        sa.Column("n_named", BIG, nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "id", name=op.f("pk_saved_slice")),
    )
    op.create_table(
        "saved_slice_item",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("slice_id", sa.String(length=40), nullable=False),
        sa.Column("ordinal", BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "slice_id", "ordinal", name=op.f("pk_saved_slice_item")),
    )
    op.create_table(
        "pin",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("ordinal", BIG, autoincrement=False, nullable=False),
        sa.Column("place", BIG, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("ranking_id", sa.String(length=40), nullable=True),
        sa.Column("position", BIG, nullable=True),
        sa.Column("propensity", sa.Float(), nullable=True),
        sa.Column("n_before", BIG, nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("project_id", "ordinal", name=op.f("pk_pin")),
    )
    op.create_index("ix_pin_place", "pin", ["project_id", "place"], unique=False)
    op.create_table(
        "drift_alarm",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=True),
        sa.Column("cycle", BIG, nullable=True),
        sa.Column("since", sa.String(length=40), nullable=True),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("settled_by", sa.String(length=40), nullable=True),
        sa.Column("settled_at", sa.String(length=32), nullable=True),
        sa.Column("note_id", sa.String(length=40), nullable=True),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("last_seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "id", name=op.f("pk_drift_alarm")),
    )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
