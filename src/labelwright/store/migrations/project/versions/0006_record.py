"""Versions with a name, the model that serves, what was erased, and forks of two arms."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    """New tables are empty: older projects have no event about them."""
    op.create_table(
        "snapshot",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("upto_seq", BIG, nullable=False),
        sa.Column("label_version_id", sa.String(length=40), nullable=True),
        sa.Column("note_id", sa.String(length=40), nullable=True),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "name", name=op.f("pk_snapshot")),
    )
    op.create_table(
        "model_choice",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("model_id", sa.String(length=60), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "question_id", name=op.f("pk_model_choice")),
    )
    op.create_table(
        "erasure",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("ordinal", BIG, autoincrement=False, nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("reason_id", sa.String(length=40), nullable=True),
        sa.Column("seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "ordinal", name=op.f("pk_erasure")),
    )
    op.create_table(
        "fork",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("hypothesis_id", sa.String(length=40), nullable=True),
        sa.Column("arms", JSON, nullable=False),
        sa.Column("per_arm", BIG, nullable=False),
        sa.Column("detectable", sa.Float(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.String(length=32), nullable=False),
        sa.Column("ended_at", sa.String(length=32), nullable=True),
        sa.Column("outcome", JSON, nullable=True),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("last_seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "id", name=op.f("pk_fork")),
    )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
