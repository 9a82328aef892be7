"""How stored answers are read: under the schema in force, in which labels may have been merged or split."""

from __future__ import annotations

from functools import partial

from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.rows import Rows
from labelwright.tasks.changed import Changed


def changed_labels(rows: Rows, question_id: str, upto_seq: int | None = None) -> Changed:
    """What became of the earlier labels of a question, as of an event or now."""
    table = t.schema_version
    query = rows.select(table.c.body).where(table.c.question_id == question_id).order_by(table.c.version.desc())
    if upto_seq is not None:
        query = query.where(table.c.seq <= upto_seq)
    row = rows.first(query)
    schema = {} if row is None else row.body
    return Changed.of(question_id, schema, [str(label["id"]) for label in schema.get("labels") or ()])


class Reading:
    """Reads the answers of all questions of a project, as of an event or now.

    Examples
    --------
    A question whose label l_2 was merged into l_1: ``reading("q_1", {"label": "l_2"})`` gives ``{"label": "l_1"}``.
    """

    def __init__(self, rows: Rows, upto_seq: int | None = None) -> None:
        self._changed = partial(changed_labels, rows, upto_seq=upto_seq)
        self._known: dict[str, Changed] = {}

    def __call__(self, question_id: str, answer: JsonObject) -> JsonObject | None:
        """What an answer says; None if it names a label that was split."""
        if question_id not in self._known:
            self._known[question_id] = self._changed(question_id)
        return self._known[question_id].current(answer)
