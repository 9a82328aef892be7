"""How good answers are kept: items with a known answer, reviews and what they decide, what is known of people."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, String, Table

from labelwright.store.columns import Big, Json, project_key
from labelwright.store.tables.meta import META

gold = Table(  # items whose answer is known
    "gold",
    META,
    project_key(),
    Column("ordinal", Big, primary_key=True, autoincrement=False),
    Column("question_id", String(40), primary_key=True),
    Column("answer", Json, nullable=False),
    Column("rule_id", String(40), nullable=True),
    Column("source", String(20), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("seq", Big, nullable=False),
)
review = Table(
    "review",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("ordinal", Big, nullable=False),
    Column("question_id", String(40), nullable=False),
    Column("cause", String(20), nullable=False),
    Column("figures", Json, nullable=False),
    Column("annotations", Json, nullable=False),
    Column("about", String(40), nullable=True),
    Column("state", String(12), nullable=False),
    Column("outcome", String(12), nullable=True),
    Column("answer", Json, nullable=True),
    Column("reason_id", String(40), nullable=True),
    Column("opened_by", String(40), nullable=False),
    Column("opened_at", String(32), nullable=False),
    Column("proposed_by", String(40), nullable=True),
    Column("decided_by", String(40), nullable=True),
    Column("decided_at", String(32), nullable=True),
    Column("seq", Big, nullable=False),
    Column("last_seq", Big, nullable=False),
)
Index("ix_review_state", review.c.project_id, review.c.state, review.c.seq)
Index("ix_review_ordinal", review.c.project_id, review.c.ordinal)
adjudication = Table(  # what reviews decided about labels; the last one of an item and question counts
    "adjudication",
    META,
    project_key(),
    Column("seq", Big, primary_key=True, autoincrement=False),
    Column("ordinal", Big, nullable=False),
    Column("question_id", String(40), nullable=False),
    Column("answer", Json, nullable=True),
    Column("review_id", String(40), nullable=False),
    Column("person_id", String(40), nullable=False),
    Column("at", String(32), nullable=False),
)
Index("ix_adjudication_ordinal", adjudication.c.project_id, adjudication.c.ordinal)
comment = Table(  # what people write about a review or a calibration session
    "comment",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("subject", String(60), nullable=False),
    Column("ordinal", Big, nullable=True),
    Column("person_id", String(40), nullable=False),
    Column("text_id", String(40), nullable=False),
    Column("at", String(32), nullable=False),
    Column("seq", Big, nullable=False),
)
Index("ix_comment_subject", comment.c.project_id, comment.c.subject, comment.c.seq)
annotator = Table(  # what a lead says of a person: rate, what they may get
    "annotator",
    META,
    project_key(),
    Column("person_id", String(40), primary_key=True),
    Column("profile", Json, nullable=False),
    Column("seq", Big, nullable=False),
)
guideline_seen = Table(  # the newest version of a question's guidelines that a person has been shown
    "guideline_seen",
    META,
    project_key(),
    Column("question_id", String(40), primary_key=True),
    Column("person_id", String(40), primary_key=True),
    Column("version", Big, nullable=False),
    Column("at", String(32), nullable=False),
)
calibration = Table(
    "calibration",
    META,
    project_key(),
    Column("id", String(40), primary_key=True),
    Column("number", Big, nullable=False),
    Column("title", String(200), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("question_id", String(40), nullable=False),
    Column("items", Json, nullable=False),
    Column("people", Json, nullable=False),
    Column("pass_mark", Float, nullable=True),
    Column("repeats", String(40), nullable=True),
    Column("state", String(12), nullable=False),
    Column("opened_by", String(40), nullable=False),
    Column("opened_at", String(32), nullable=False),
    Column("revealed_at", String(32), nullable=True),
    Column("closed_at", String(32), nullable=True),
    Column("seq", Big, nullable=False),
)
calibration_answer = Table(
    "calibration_answer",
    META,
    project_key(),
    Column("session_id", String(40), primary_key=True),
    Column("ordinal", Big, primary_key=True, autoincrement=False),
    Column("person_id", String(40), primary_key=True),
    Column("answer", Json, nullable=False),
    Column("note_id", String(40), nullable=True),
    Column("seconds", Float, nullable=True),
    Column("at", String(32), nullable=False),
    Column("seq", Big, nullable=False),
)
calibration_decision = Table(
    "calibration_decision",
    META,
    project_key(),
    Column("session_id", String(40), primary_key=True),
    Column("ordinal", Big, primary_key=True, autoincrement=False),
    Column("answer", Json, nullable=False),
    Column("reason_id", String(40), nullable=True),
    Column("person_id", String(40), nullable=False),
    Column("at", String(32), nullable=False),
    Column("seq", Big, nullable=False),
)
