"""The labels and answers of all items as arrays: what parts of the items are found by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from labelwright.engine import answers
from labelwright.engine import labels as labeling
from labelwright.engine.labels import Label
from labelwright.engine.layout import layout
from labelwright.engine.project import Project, Question
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.standing import ANSWERING
from labelwright.store.rows import Rows

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Annotated:
    """The labels and answers of items, as of the last event.

    Attributes
    ----------
    labels : mapping of int to Label
        Of one question, by ordinal.
    n_answers : int64 array of shape (n_items,)
        People with a standing answer to any question.
    skipped, flagged, noted, excluded : bool arrays of shape (n_items,)
        Noted: with a note to a standing answer, or a reason of a standing skip or flag.
    """

    labels: dict[int, Label]
    n_answers: Ints
    skipped: Bools
    flagged: Bools
    noted: Bools
    excluded: Bools

    @cached_property
    def labeled(self) -> Bools:
        """Items with a label of the question."""
        has_label = np.zeros(len(self.n_answers), dtype=bool)
        has_label[list(self.labels)] = True
        return has_label


def read_annotated(store: ProjectStore, rows: Rows, project: Project, question: Question) -> Annotated:
    """Labels of a question and all answers, as of the last event that the view knows."""
    n_items, table = project.row.n_items, t.annotation
    where = layout(store, rows, n_items)
    n_answers = np.zeros(n_items, dtype=np.int64)
    kinds = {"skip": np.zeros(n_items, dtype=bool), "flag": np.zeros(n_items, dtype=bool)}
    noted = np.zeros(n_items, dtype=bool)
    people: set[tuple[int, str]] = set()
    columns = (table.c.ordinal, table.c.person_id, table.c.kind, table.c.reason_id)
    for row in rows.stream(rows.select(*columns).where(table.c.standing)):
        noted[row.ordinal] |= row.reason_id is not None
        if row.kind in ANSWERING:
            people.add((row.ordinal, row.person_id))
        else:
            kinds[row.kind][row.ordinal] = True
    np.add.at(n_answers, [ordinal for ordinal, _ in people], 1)
    gone = np.zeros(n_items, dtype=bool)
    gone[answers.excluded(rows, n_items)] = True
    labels = labeling.labels(store, rows, where, question)
    return Annotated(labels, n_answers, kinds["skip"], kinds["flag"], noted, gone)
