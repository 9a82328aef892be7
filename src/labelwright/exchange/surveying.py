"""One pass over a whole source before its import: how many rows it has, which labels, and whether a row is broken."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.budgets import COUNT_ROWS, COUNT_SIZE
from labelwright.exchange.answers import Answers
from labelwright.exchange.guess import is_blank
from labelwright.exchange.reader import Reader, SourceError


@dataclass(frozen=True)
class Survey:
    """What one pass found.

    Attributes
    ----------
    n_read : int
        Rows that were read; 0 if nothing needed a pass.
    n_rows : int, optional
        Rows of the source; None if it is larger than the budget or broken.
    answers : Answers
        The values of the label column among the rows that were read.
    is_cut : bool
        Whether the pass ended at the budget.
    fault : SourceError, optional
        The first row that cannot be read.
    """

    n_read: int
    n_rows: int | None
    answers: Answers
    is_cut: bool = False
    fault: SourceError | None = None


def survey(reader: Reader, label: str | None) -> Survey:
    """Read the source once, up to `COUNT_ROWS` rows and `COUNT_SIZE` bytes; only distinct labels are kept."""
    answers, n_read, size = Answers(), 0, 0
    n_rows = reader.count()
    if n_rows is not None and label is None:
        return Survey(0, n_rows, answers)
    try:
        for record in reader.only([] if label is None else [label]):
            n_read, size = n_read + 1, size + record.size
            if label is not None and not is_blank(record.cells[label]):
                answers.add(record.cells[label])
            if n_read >= COUNT_ROWS or size > COUNT_SIZE:
                return Survey(n_read, n_rows, answers, is_cut=n_rows is None or n_read < n_rows)
    except SourceError as fault:
        return Survey(n_read, None, answers, fault=fault)
    return Survey(n_read, n_read, answers)
