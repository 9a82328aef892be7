"""Which cycle's model serves a question: the one that somebody chose, else that of the published ranking."""

from __future__ import annotations

from labelwright.store import tables as t
from labelwright.store.rows import Rows


def chosen_cycles(rows: Rows) -> dict[str, int]:
    """The cycles of chosen models by question; questions that the newest model serves are left out."""
    choice, model = t.model_choice, t.model
    query = rows.select(choice.c.question_id, model.c.cycle).where(model.c.id == choice.c.model_id)
    return {row.question_id: int(row.cycle) for row in rows.all(query)}


def serving_cycle(rows: Rows, question_id: str, published: int) -> int:
    """The cycle whose predictions of a question are shown and exported. Rankings learn from the newest one.

    Parameters
    ----------
    published : int
        The cycle of the published ranking; 0 before the first model.

    Returns
    -------
    cycle : int
        0 if there is no model yet.
    """
    return published and chosen_cycles(rows).get(question_id, published)
