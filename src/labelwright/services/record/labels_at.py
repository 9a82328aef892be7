"""Labels of a question at a moment as numbers, with the question as it was then."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from labelwright.engine import answers, coded
from labelwright.engine import labels as labeling
from labelwright.engine.coded import Codebook, Coded
from labelwright.engine.layout import SEALED, layout
from labelwright.engine.past import project_as_of
from labelwright.engine.project import Project, Question
from labelwright.engine.said import Heard
from labelwright.services.record.moments import Moment
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows


@dataclass(frozen=True)
class Then:
    """A project at a moment, to read labels of.

    Parameters
    ----------
    project : Project
        As it was.
    """

    store: ProjectStore
    rows: Rows
    moment: Moment
    project: Project

    @classmethod
    def at(cls, store: ProjectStore, rows: Rows, project: Project, moment: Moment) -> Then:
        """The project as it was at a moment."""
        past = project if moment.is_now else project_as_of(store, rows, project, moment.upto_seq)
        return cls(store, rows, moment, past)

    def question(self, question_id: str) -> Question | None:
        """One of the questions that there were."""
        return next((one for one in self.project.questions if one.id == question_id), None)

    def labels(
        self, question_id: str, book: Codebook, *, sealed: bool = True, heard: Heard | None = None
    ) -> Coded:  # fmt: skip
        """The labels of a question; nothing of excluded items, as in an export.

        Parameters
        ----------
        sealed : bool
            With those of the sealed part of the reserve, which no label version has.
        heard : Heard, optional
            What people answered up to this moment or a later one, where several are asked for.
        """
        store, rows, upto = self.store, self.rows, self.moment.upto_seq
        question = self.question(question_id)
        if question is None:
            return Coded(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
        where = layout(store, rows, self.project.row.n_items)
        found = None
        if self.moment.label_version is not None:
            version = labeling.version(rows, self.moment.label_version, question_id)
            if version is None:
                return Coded(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
            found = coded.of_version(store, version, question, book)
            question, sealed = replace(question, resolver=version.resolver), False
        if found is None:
            found = coded.as_of(store, rows, where, question, book, upto, heard)
        keep = np.ones(len(found.item_idx), dtype=bool)
        gone = answers.excluded_as_of(store, rows, where.n_items, upto)
        keep &= ~np.isin(found.item_idx, gone)
        if not sealed:
            keep &= where.split[found.item_idx] != SEALED
        return Coded(found.item_idx[keep], found.codes[keep])
