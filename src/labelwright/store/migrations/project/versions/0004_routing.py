"""Whom a slot is for, where it is not for anyone."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Slots so far are for anyone."""
    op.add_column("slot", sa.Column("whom", sa.String(length=40), nullable=False, server_default=""))


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
