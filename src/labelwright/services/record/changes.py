"""Which labels of a question differ between two moments, as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.coded import Codebook, Coded
from labelwright.engine.project import Project, Question
from labelwright.engine.said import Heard
from labelwright.errors import NotFoundError
from labelwright.services.record.labels_at import Then
from labelwright.services.record.moments import Moment
from labelwright.services.site.site import Cache
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

Ints = npt.NDArray[np.int64]
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
KINDS: Final = (ADDED, REMOVED, CHANGED)
NO_LABEL: Final = -1
_kept = Cache(size=8)  # of a million items a few megabytes each; pages of one difference read the same


@dataclass(frozen=True)
class Pair:
    """Two moments of a project.

    Parameters
    ----------
    first, second : Then
        In the order asked for, which need not be that of time.
    """

    first: Then
    second: Then

    @classmethod
    def of(cls, store: ProjectStore, rows: Rows, project: Project, first: Moment, second: Moment) -> Pair:
        """A project at two moments."""
        return cls(Then.at(store, rows, project, first), Then.at(store, rows, project, second))

    @property
    def span(self) -> tuple[int, int]:
        """The events between: after the first number, up to the second."""
        low, high = sorted((self.first.moment.upto_seq, self.second.moment.upto_seq))
        return low, high

    @property
    def questions(self) -> list[Question]:
        """All that were asked at one of them, under the newer schema of the two."""
        newest = {question.id: question for question in self.first.project.questions}
        for question in self.second.project.questions:
            known = newest.get(question.id)
            if known is None or known.schema_version <= question.schema_version:
                newest[question.id] = question
        return list(newest.values())

    def question(self, question_id: str | None) -> Question:
        """One of them; the first where none is named.

        Raises
        ------
        NotFoundError
            If neither moment has it.
        """
        for question in self.questions:
            if question_id in (None, question.id):
                return question
        raise NotFoundError(f"There was no question '{question_id}' at these moments.")


@dataclass(frozen=True)
class Changes:
    """What differs between two moments.

    Attributes
    ----------
    item_idx : int64 array of shape (n_changes,), increasing
    before, after : int64 array of shape (n_changes,)
        Numbers of answers in the codebook; -1 where there was no label.
    n_before, n_after : int64 array of shape (n_answers,)
        Items with each answer of the codebook.
    """

    item_idx: Ints
    before: Ints
    after: Ints
    n_before: Ints
    n_after: Ints
    book: Codebook

    def of_kind(self, kind: str | None) -> Ints:
        """Positions of the changes of a kind, of all where none is named."""
        match kind:
            case "added":
                keep = self.before == NO_LABEL
            case "removed":
                keep = self.after == NO_LABEL
            case "changed":
                keep = (self.before != NO_LABEL) & (self.after != NO_LABEL)
            case _:
                keep = np.ones(len(self.item_idx), dtype=bool)
        return np.flatnonzero(keep)


def changes(store: ProjectStore, pair: Pair, question: Question) -> Changes:
    """What differs in the labels of a question; the last few are kept, so that pages cost nothing.

    The sealed part of the reserve, of which label versions know nothing, is left out if one of the two is one.
    """
    key = (str(store.folder), store.project_id, question.id, pair.first.moment, pair.second.moment)
    found: Changes = _kept.get(key, lambda: _changes(pair, question))
    return found


def _changes(pair: Pair, question: Question) -> Changes:
    book = Codebook(question.task)
    versions = [then.moment.label_version for then in (pair.first, pair.second)]
    sealed = versions == [None, None]
    heard = Heard.read(pair.first.rows, question.id, pair.span[1]) if None in versions else None
    one, two = (then.labels(question.id, book, sealed=sealed, heard=heard) for then in (pair.first, pair.second))
    items = np.union1d(one.item_idx, two.item_idx)
    before, after = _spread(one, items), _spread(two, items)
    n = len(book.answers)
    keep = before != after
    return Changes(
        items[keep], before[keep], after[keep], np.bincount(one.codes, minlength=n),
        np.bincount(two.codes, minlength=n), book,
    )  # fmt: skip


def _spread(labels: Coded, items: Ints) -> Ints:
    codes = np.full(len(items), NO_LABEL, dtype=np.int64)
    codes[np.searchsorted(items, labels.item_idx)] = labels.codes
    return codes
