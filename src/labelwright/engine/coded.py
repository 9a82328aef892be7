"""Labels of very many items as numbers, at any moment: for counts, and for what changed between two moments."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from labelwright.engine import answers
from labelwright.engine import labels as labeling
from labelwright.engine.answers import Answer
from labelwright.engine.cycle import Cycle
from labelwright.engine.labels import Version
from labelwright.engine.layout import Layout
from labelwright.engine.project import DEFAULT_RESOLVER, Question
from labelwright.engine.said import Heard, Said, said_by_data, said_by_people
from labelwright.plain import JsonObject
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows
from labelwright.tasks import Task

Ints = npt.NDArray[np.int64]


@dataclass
class Codebook:
    """Distinct answers with a number each, shared by all that is compared.

    Parameters
    ----------
    task : Task
        Spells answers, so that those that mean the same have one number.

    Examples
    --------
    >>> from labelwright import tasks
    >>> book = Codebook(tasks.make("regression", {}))
    >>> book.code({"value": 3}), book.code({"value": 4.5}), book.code({"value": 3.0})
    (0, 1, 0)
    >>> book.answers
    [{'value': 3.0}, {'value': 4.5}]
    """

    task: Task
    answers: list[JsonObject] = field(default_factory=list)
    _codes: dict[str, int] = field(default_factory=dict)

    def code(self, answer: JsonObject) -> int:
        """The number of an answer."""
        said = self.task.current(dict(answer))  # None where a label was split since: then it is kept as it was
        (spelled,) = [dict(answer)] if said is None else self.task.decode(self.task.encode([said]))
        code = self._codes.setdefault(json.dumps(spelled, sort_keys=True), len(self.answers))
        if code == len(self.answers):
            self.answers.append(spelled)
        return code


@dataclass(frozen=True)
class Coded:
    """Labels of a question at a moment.

    Attributes
    ----------
    item_idx : int64 array of shape (n_labels,), increasing
    codes : int64 array of shape (n_labels,)
        Of the answers, in the codebook.
    """

    item_idx: Ints
    codes: Ints


def of_version(store: ProjectStore, version: Version, question: Question, book: Codebook) -> Coded | None:
    """The labels of a label version from its file, None where that is kept no longer."""
    cycle = Cycle(store, version.cycle)
    if not cycle.is_frozen:
        return None
    frozen = next((one for one in cycle.inputs.questions if one.id == question.id), None)
    if frozen is None or not cycle.has_labels(frozen):
        return None
    item_idx, y = cycle.label_targets(frozen)
    values, codes = np.unique(y, axis=0, return_inverse=True)
    known = np.array([book.code(answer) for answer in frozen.make_task().decode(values)], dtype=np.int64)
    order = np.argsort(item_idx, kind="stable")
    return Coded(item_idx[order], known[codes.reshape(-1)[order]] if len(known) else known)


def as_of(
    store: ProjectStore, rows: Rows, where: Layout, question: Question, book: Codebook, upto_seq: int,
    heard: Heard | None = None,
) -> Coded:  # fmt: skip
    """The labels as of an event: those of `labels.labels`, a thousand times as many a second where people agree.

    Parameters
    ----------
    where : Layout
        Of the items that there were.
    question : Question
        As it was.
    heard : Heard, optional
        The answers to the question up to this event or a later one, where several moments are asked for.

    Notes
    -----
    Cost: one pass over the answers. Where the majority decides, only items whose people disagree, or that a review
    decided about, are resolved one by one; under other resolvers all are.
    """
    if question.resolver != DEFAULT_RESOLVER:
        found = labeling.labels(store, rows, where, question, upto_seq=upto_seq)
        item_idx = np.array(sorted(found), dtype=np.int64)
        return Coded(item_idx, np.array([book.code(found[int(i)].answer) for i in item_idx], dtype=np.int64))
    people = said_by_people(rows, where, question.id, upto_seq, heard)
    decided = answers.decided(rows, where, question.id, upto_seq)
    by_data = said_by_data(rows, where, question.id, upto_seq).without(people.ordinal, [one.ordinal for one in decided])
    return _merged(question, book, people, by_data, decided)


def _merged(question: Question, book: Codebook, people: Said, by_data: Said, decided: list[Answer]) -> Coded:
    """One label an item: that of all who said something of it where they agree, else what the task makes of them."""
    ordinal = np.concatenate([people.ordinal, by_data.ordinal])
    codes = np.concatenate([of.recoded(book.code) for of in (people, by_data)])
    of_item = np.bincount(ordinal)
    item_idx = np.flatnonzero(of_item)
    latest = np.zeros(len(of_item), dtype=np.int64)
    latest[ordinal] = codes
    label = latest[item_idx]  # of items with one answer
    several = of_item[ordinal] > 1
    if several.any():
        ordinal, codes = ordinal[several], codes[several]
        order = np.argsort(ordinal, kind="stable")  # answers of an item stay in the order they came
        codes = codes[order]
        items, start = np.unique(ordinal[order], return_index=True)
        agree = np.minimum.reduceat(codes, start) == np.maximum.reduceat(codes, start)
        ends = np.append(start[1:], len(codes))
        place = np.searchsorted(item_idx, items)
        for k in np.flatnonzero(~agree):
            answered = [dict(book.answers[code]) for code in codes[start[k] : ends[k]]]
            label[place[k]] = book.code(question.task.merge(answered).answer)
    last = {one.ordinal: book.code(one.answer) for one in decided}
    known = dict(zip(item_idx.tolist(), label.tolist(), strict=True)) | last if last else {}
    if not known:
        return Coded(item_idx, label)
    item_idx = np.array(sorted(known), dtype=np.int64)
    return Coded(item_idx, np.array([known[int(i)] for i in item_idx], dtype=np.int64))
