"""Events of a kind, and what was undone, are found without reading all there is."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Readings of a moment look for a few kinds of event in a record of a million."""
    op.create_index("ix_event_kind", "event", ["project_id", "kind", "seq"], unique=False)
    undoing = sa.text("kind IN ('undo', 'reopen')")
    op.create_index(
        "ix_annotation_undoing", "annotation", ["project_id", "ordinal"], unique=False, sqlite_where=undoing,
        postgresql_where=undoing,
    )  # fmt: skip


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
