"""Events of a kind are found without reading all of them."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Readings of a moment look for a few kinds of event in a record of a million."""
    op.create_index("ix_event_kind", "event", ["project_id", "kind", "seq"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
