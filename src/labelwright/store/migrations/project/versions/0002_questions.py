"""Questions, exposures, exclusions, replaced content, revisions of features; projections are made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

PROJECTED = (
    "project", "question", "schema_version", "guideline", "annotation", "label_version", "model", "metric", "ranking",
    "decision",
)  # fmt: skip


def upgrade() -> None:
    """Tables that follow from events are dropped and made anew, empty; ``store.migrate`` fills them from the events."""
    for table in PROJECTED:
        op.drop_table(table)
    op.execute("DELETE FROM round")
    _create_projected()
    _create_new()
    for table in ("content", "given"):
        op.rename_table(table, f"{table}_1")
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"ALTER TABLE {table}_1 RENAME CONSTRAINT pk_{table} TO pk_{table}_1")
    _create_copied()
    op.execute(
        "INSERT INTO content (project_id, ordinal, version, body) SELECT project_id, ordinal, 0, body FROM content_1"
    )
    op.execute(
        "INSERT INTO given (project_id, ordinal, question_id, answer, labels_are) "
        "SELECT project_id, ordinal, 'q_1', answer, labels_are FROM given_1"
    )
    op.drop_table("content_1")
    op.drop_table("given_1")
    op.add_column(
        "import_batch", sa.Column("undone_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.add_column("lease", sa.Column("propensity", sa.Float(), nullable=True))
    timed = {f"{dialect}_where": sa.text("time IS NOT NULL") for dialect in ("sqlite", "postgresql")}
    op.create_index("ix_item_time", "item", ["project_id", "time", "ordinal"], unique=False, **timed)
    op.create_index("ix_lease_person", "lease", ["project_id", "person_id", "ordinal"], unique=False)
    op.add_column("cycle", sa.Column("worker", sa.String(length=60), nullable=True))
    for name in ("fence", "deaths"):
        number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
        op.add_column("cycle", sa.Column(name, number, nullable=False, server_default="0"))
    # what the version before had begun: its files have other names, so a new cycle does the work; and its worker,
    # if it still runs, cannot record anything, since the tables want columns that it does not know
    op.execute(
        "UPDATE cycle SET state = 'failed', error = 'Interrupted by an upgrade; a new cycle does its work.' "
        "WHERE state IN ('waiting', 'running')"
    )
    _create_search()


def _create_search() -> None:
    """Full-text search, by the database's own means; the worker fills it."""
    op.create_table(
        "search_progress",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("n_items", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_search_progress")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TABLE item_text (project_id varchar(40) NOT NULL, ordinal bigint NOT NULL, "
            "version bigint NOT NULL, body tsvector NOT NULL, PRIMARY KEY (project_id, ordinal, version))"
        )
        op.execute("CREATE INDEX ix_item_text_body ON item_text USING gin (body)")
    else:
        op.execute(
            "CREATE VIRTUAL TABLE item_text USING fts5"
            "(body, content='', tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
        )


def _create_projected() -> None:
    op.create_table(
        "project",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("config", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("n_items", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("wanted_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("trained_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cycle", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ranking_id", sa.String(length=40), nullable=True),
        sa.Column("settings_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project")),
    )
    op.create_table(
        "question",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("task", sa.String(length=40), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("schema_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guideline_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("wanted_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "id", name=op.f("pk_question")),
    )
    op.create_table(
        "schema_version",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "question_id", "version", name=op.f("pk_schema_version")),
    )
    op.create_table(
        "guideline",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("sealed_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "question_id", "version", name=op.f("pk_guideline")),
    )
    op.create_table(
        "annotation",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("answer_id", sa.String(length=36), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("ordinal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=True),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reason_id", sa.String(length=40), nullable=True),
        sa.Column("replaces", sa.String(length=40), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("lease_id", sa.String(length=40), nullable=True),
        sa.Column("ranking_id", sa.String(length=40), nullable=True),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("slot_kind", sa.String(length=10), nullable=True),
        sa.Column("propensity", sa.Float(), nullable=True),
        sa.Column("schema_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("guideline_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("grid", sa.Boolean(), nullable=False),
        sa.Column("exposed", sa.Boolean(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "seq", name=op.f("pk_annotation")),
        sa.UniqueConstraint("project_id", "answer_id", name=op.f("uq_annotation_project_id_answer_id")),
        sa.UniqueConstraint("project_id", "id", name=op.f("uq_annotation_project_id_id")),
    )
    op.create_index("ix_annotation_ordinal", "annotation", ["project_id", "ordinal"], unique=False)
    op.create_index("ix_annotation_person", "annotation", ["project_id", "person_id", "seq"], unique=False)
    op.create_table(
        "label_version",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("cycle", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("upto_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("questions", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("arrays", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "id", name=op.f("pk_label_version")),
    )
    op.create_table(
        "model",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("cycle", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("n_labels", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("arrays", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("params", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "id", name=op.f("pk_model")),
    )
    op.create_table(
        "metric",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("cycle", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("split", sa.String(length=20), nullable=False),
        sa.Column("metric", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n_labels", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "question_id", "cycle", "split", "metric", name=op.f("pk_metric")),
    )
    op.create_table(
        "ranking",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("cycle", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("label_version_id", sa.String(length=40), nullable=True),
        sa.Column("model_id", sa.String(length=40), nullable=True),
        sa.Column("strategy", sa.String(length=60), nullable=False),
        sa.Column("seed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n_slots", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n_labels", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("arrays", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "id", name=op.f("pk_ranking")),
    )
    op.create_table(
        "decision",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("cycle", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "seq", name=op.f("pk_decision")),
    )


def _create_new() -> None:
    op.create_table(
        "exclusion",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("ordinal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "ordinal", name=op.f("pk_exclusion")),
    )
    op.create_table(
        "replacement",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("ordinal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("content_hash", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "ordinal", "version", name=op.f("pk_replacement")),
    )
    op.create_table(
        "exposure",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("ordinal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "ordinal", "person_id", name=op.f("pk_exposure")),
    )
    op.create_table(
        "encoder",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("folder", sa.String(length=120), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "revision", name=op.f("pk_encoder")),
    )
    op.create_table(
        "feature_file",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.String(length=80), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("first", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n_items", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("replaces", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "revision", "path", name=op.f("pk_feature_file")),
    )


def _create_copied() -> None:
    op.create_table(
        "content",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("ordinal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "ordinal", "version", name=op.f("pk_content")),
    )
    op.create_table(
        "given",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("ordinal", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("labels_are", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "ordinal", "question_id", name=op.f("pk_given")),
    )
