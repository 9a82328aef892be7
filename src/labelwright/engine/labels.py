"""Labels of items as they are now, or were at an event: the one function for screens and exports.

Between two label versions a label is provisional: what was fitted with the last version, applied by the same
resolver to the answers that count now.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from labelwright import annotators
from labelwright.annotators import Answers
from labelwright.engine import answers
from labelwright.engine.answers import NOBODY, Answer
from labelwright.engine.layout import Layout
from labelwright.engine.project import Question
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.rows import AnyRow, Rows


@dataclass(frozen=True)
class Label:
    """An item's label for a question.

    Attributes
    ----------
    confidence : float
        In [0, 1], 1 where all agree.
    people : tuple of str
        Whose answers it is made of; nobody's where it came with the data.
    provisional : bool
        Whether it is newer than the last label version.
    """

    answer: JsonObject
    confidence: float
    people: tuple[str, ...]
    provisional: bool


@dataclass(frozen=True)
class Version:
    """What a label version says of a question, without its arrays."""

    id: str
    cycle: int
    upto_seq: int
    schema_version: int
    resolver: str
    params: JsonObject
    same_as: int | None


def last_version(rows: Rows, question_id: str, upto_seq: int | None = None) -> Version | None:
    """The newest label version, as of an event or now."""
    table = t.label_version
    query = rows.select(table.c.id, table.c.cycle, table.c.upto_seq, table.c.questions, table.c.seq).order_by(
        table.c.cycle.desc()
    )
    if upto_seq is not None:
        query = query.where(table.c.upto_seq <= upto_seq)
    row = rows.first(query)
    return None if row is None or question_id not in row.questions else _version(row, question_id)


def version(rows: Rows, version_id: str, question_id: str) -> Version | None:
    """The label version of that id."""
    table = t.label_version
    row = rows.first(
        rows.select(table.c.id, table.c.cycle, table.c.upto_seq, table.c.questions).where(table.c.id == version_id)
    )
    return None if row is None or question_id not in row.questions else _version(row, question_id)


def labels(
    rows: Rows, layout: Layout, question: Question, *, ordinals: list[int] | None = None, upto_seq: int | None = None
) -> dict[int, Label]:
    """Labels by ordinal.

    Parameters
    ----------
    ordinals : list of int, optional
        Some items only.
    upto_seq : int, optional
        As of an event; as of now if left out.
    """
    last = last_version(rows, question.id, upto_seq)
    people = answers.counted(rows, layout, question.id, upto_seq, ordinals=ordinals)
    by_people = {one.ordinal for one in people}
    from_data = [one for one in answers.given(rows, layout, question.id, ordinals=ordinals)]
    used = [one for one in from_data if one.ordinal not in by_people] + people
    return resolved(question, used, last.params if last is not None else None, last.upto_seq if last else 0)


def resolved(question: Question, used: list[Answer], params: JsonObject | None, known_upto: int) -> dict[int, Label]:
    """Labels of answers by a question's resolver, with what it was fitted with; fitted anew where nothing was."""
    if not used:
        return {}
    resolver = annotators.make(question.resolver)
    answers_used = Answers(
        np.array([one.ordinal for one in used], dtype=np.int64), [one.person_id for one in used],
        [dict(one.answer) for one in used],
    )  # fmt: skip
    fitted = resolver.fit(question.task, answers_used) if params is None else params
    newest: Counter[int] = Counter()
    people: dict[int, list[str]] = {}
    for one in used:
        newest[one.ordinal] = max(newest[one.ordinal], one.seq)
        people.setdefault(one.ordinal, []).extend([one.person_id] if one.person_id not in NOBODY else [])
    return {
        int(item): Label(
            one.answer, one.confidence, tuple(dict.fromkeys(people[int(item)])), newest[int(item)] > known_upto
        )
        for item, one in zip(
            answers_used.items(), annotators.resolve(resolver, question.task, answers_used, fitted), strict=True
        )
    }


def _version(row: AnyRow, question_id: str) -> Version:
    one = row.questions[question_id]
    return Version(
        row.id,
        row.cycle,
        row.upto_seq,
        one["schema_version"],
        one["resolver"],
        one["params"],
        one["same_as"],
    )
