"""Projects can be deleted and restored."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("catalogue", sa.Column("deleted_at", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("catalogue", "deleted_at")
