"""Labels that were merged or split: what no longer counts, and changes that wait for a second person."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    """Nothing was merged or split before, so the column is empty and the table too."""
    op.add_column("schema_version", sa.Column("withdrawn", JSON, nullable=False, server_default="[]"))
    op.create_table(
        "label_change",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("became", JSON, nullable=False),
        sa.Column("schema_version", BIG, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason_id", sa.String(length=40), nullable=True),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("decided_at", sa.String(length=32), nullable=True),
        sa.Column("decided_reason_id", sa.String(length=40), nullable=True),
        sa.Column("seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "id", name=op.f("pk_label_change")),
    )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
