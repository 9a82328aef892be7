"""Gold items, reviews, calibration sessions, profiles of people, examples in guidelines, slots that ask again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    """Projections are empty after it; ``store.migrate`` makes them anew from the events."""
    op.execute("DELETE FROM guideline")
    op.add_column("annotation", sa.Column("prompted", sa.String(length=10), nullable=True))
    for table in ("slot", "lease"):
        op.add_column(table, sa.Column("n_before", BIG, nullable=False, server_default="0"))
    op.add_column("guideline", sa.Column("examples", JSON, nullable=False, server_default="[]"))
    op.create_table(
        "adjudication",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("seq", BIG, autoincrement=False, nullable=False),
        sa.Column("ordinal", BIG, nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("answer", JSON, nullable=True),
        sa.Column("review_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "seq", name=op.f("pk_adjudication")),
    )
    op.create_index("ix_adjudication_ordinal", "adjudication", ["project_id", "ordinal"], unique=False)
    op.create_table(
        "annotator",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("profile", JSON, nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "person_id", name=op.f("pk_annotator")),
    )
    op.create_table(
        "calibration",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("items", JSON, nullable=False),
        sa.Column("people", JSON, nullable=False),
        sa.Column("pass_mark", sa.Float(), nullable=True),
        sa.Column("repeats", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("opened_by", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.String(length=32), nullable=False),
        sa.Column("revealed_at", sa.String(length=32), nullable=True),
        sa.Column("closed_at", sa.String(length=32), nullable=True),
        sa.Column("seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "id", name=op.f("pk_calibration")),
    )
    op.create_table(
        "calibration_answer",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("session_id", sa.String(length=40), nullable=False),
        sa.Column("ordinal", BIG, autoincrement=False, nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("note_id", sa.String(length=40), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "session_id", "ordinal", "person_id", name=op.f("pk_calibration_answer")),
    )
    op.create_table(
        "calibration_decision",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("session_id", sa.String(length=40), nullable=False),
        sa.Column("ordinal", BIG, autoincrement=False, nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("reason_id", sa.String(length=40), nullable=True),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "session_id", "ordinal", name=op.f("pk_calibration_decision")),
    )
    op.create_table(
        "comment",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("ordinal", BIG, nullable=True),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("text_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_subject", "comment", ["project_id", "subject", "seq"], unique=False)
    op.create_table(
        "gold",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("ordinal", BIG, autoincrement=False, nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("rule_id", sa.String(length=40), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "ordinal", "question_id", name=op.f("pk_gold")),
    )
    op.create_table(
        "guideline_seen",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "question_id", "person_id", name=op.f("pk_guideline_seen")),
    )
    op.create_table(
        "review",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("ordinal", BIG, nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("annotations", JSON, nullable=False),
        sa.Column("about", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("answer", JSON, nullable=True),
        sa.Column("reason_id", sa.String(length=40), nullable=True),
        sa.Column("opened_by", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.String(length=32), nullable=False),
        sa.Column("proposed_by", sa.String(length=40), nullable=True),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("decided_at", sa.String(length=32), nullable=True),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("last_seq", BIG, nullable=False),
        sa.PrimaryKeyConstraint("project_id", "id", name=op.f("pk_review")),
    )
    op.create_index("ix_review_ordinal", "review", ["project_id", "ordinal"], unique=False)
    op.create_index("ix_review_state", "review", ["project_id", "state", "seq"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("Restore the backup that was made before the upgrade.")
