"""Items that are pinned to the current guidelines as examples: everybody sees their answers, so nobody is asked."""

from __future__ import annotations

from labelwright.store import tables as t
from labelwright.store.rows import Rows


def pinned(rows: Rows) -> set[int]:
    """Their ordinals."""
    guideline, question = t.guideline, t.question
    stored = rows.scalars(
        rows.select(guideline.c.examples, of=question).where(
            guideline.c.question_id == question.c.id, guideline.c.version == question.c.guideline_version
        )
    )
    return {int(example["ordinal"]) for examples in stored for example in examples}
