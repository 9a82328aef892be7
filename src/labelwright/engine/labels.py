"""Labels of items as they are now, or were at an event: the one function for screens and exports.

Between two label versions a label is provisional: what was fitted with the last version, applied by the same
resolver to the answers that count now.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from labelwright import annotators
from labelwright.annotators import Answers, Voice
from labelwright.engine import answers
from labelwright.engine.answers import NOBODY, Answer
from labelwright.engine.layout import Layout
from labelwright.engine.project import Question, question_as_of
from labelwright.engine.voices import hears, read_voice, voice_path
from labelwright.errors import ConflictError
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import AnyRow, Rows
from labelwright.tasks.changed import KEYS

COLUMNS = ("id", "cycle", "upto_seq", "questions", "arrays")


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
    posterior : dict
        Figures of the resolver by name, such as the share of each class; empty where none are kept.
    """

    answer: JsonObject
    confidence: float
    people: tuple[str, ...]
    provisional: bool
    posterior: dict[str, float] = field(default_factory=dict)


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
    arrays: JsonObject


def last_version(rows: Rows, question_id: str, upto_seq: int | None = None) -> Version | None:
    """The newest label version, as of an event or now: one that was resolved later is not known then."""
    table = t.label_version
    query = rows.select(*(table.c[name] for name in COLUMNS)).order_by(table.c.cycle.desc())
    if upto_seq is not None:
        query = query.where(table.c.seq <= upto_seq)
    row = rows.first(query)
    return None if row is None or question_id not in row.questions else _version(row, question_id)


def version(rows: Rows, version_id: str, question_id: str) -> Version | None:
    """The label version of that id."""
    table = t.label_version
    row = rows.first(rows.select(*(table.c[name] for name in COLUMNS)).where(table.c.id == version_id))
    return None if row is None or question_id not in row.questions else _version(row, question_id)


def labels(
    store: ProjectStore, rows: Rows, layout: Layout, question: Question, *, ordinals: list[int] | None = None,
    upto_seq: int | None = None,
) -> dict[int, Label]:  # fmt: skip
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
    from_data = answers.given(rows, layout, question.id, upto_seq, ordinals=ordinals)
    used = [one for one in from_data if one.ordinal not in by_people] + people
    if last is not None and last.schema_version != question.schema_version:
        then = question_as_of(rows, question, last.schema_version)
        if any(then.schema.get(key) != question.schema.get(key) for key in KEYS):
            last = None  # what was fitted knows other labels: all is provisional until the next version
    return resolved(store, question, used, last)


def resolved(
    store: ProjectStore, question: Question, used: list[Answer], version: Version | None
) -> dict[int, Label]:  # fmt: skip
    """Labels of answers by a question's resolver, with what it was fitted with for a version; anew where nothing was.

    Raises
    ------
    ConflictError
        If the version rests on a file that is kept no longer.
    """
    if not used:
        return {}
    resolver = annotators.make(question.resolver)
    answers_used = Answers(
        np.array([one.ordinal for one in used], dtype=np.int64), [one.person_id for one in used],
        [dict(one.answer) for one in used],
        None if version is None else _voice(store, question, version),
    )  # fmt: skip
    params, known_upto = (None, 0) if version is None else (version.params, version.upto_seq)
    if version is not None and version.resolver != question.resolver:
        params = None  # fitted by another resolver, which was set until then
    fitted = resolver.fit(question.task, answers_used) if params is None else params
    newest: Counter[int] = Counter()
    people: dict[int, list[str]] = {}
    for one in used:
        newest[one.ordinal] = max(newest[one.ordinal], one.seq)
        people.setdefault(one.ordinal, []).extend([one.person_id] if one.person_id not in NOBODY else [])
    return {
        int(item): Label(
            one.answer,
            one.confidence,
            tuple(dict.fromkeys(people[int(item)])),
            newest[int(item)] > known_upto,
            one.posterior,
        )
        for item, one in zip(
            answers_used.items(), annotators.resolve(resolver, question.task, answers_used, fitted), strict=True
        )
    }


def _voice(store: ProjectStore, question: Question, version: Version) -> Voice | None:
    path = voice_path(version.same_as or version.cycle, question.id)
    if path in version.arrays and not store.arrays.has(path):
        raise ConflictError(
            f"labels: version {version.id} counts what a model said of the items, which is kept no longer.",
            "Ask for a newer version.",
        )
    return read_voice(store, path) if hears(question.resolver) else None


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
        row.arrays,
    )
