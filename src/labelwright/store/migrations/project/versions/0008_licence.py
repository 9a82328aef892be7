"""Under which licence an item stands, and what its people consented to, as the data say."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Earlier imports named no such columns."""
    op.add_column("item", sa.Column("licence", sa.String(length=200), nullable=True))
    op.add_column("item", sa.Column("consent", sa.String(length=200), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
