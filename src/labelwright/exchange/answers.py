"""What a column of labels holds, determined cell by cell, so that a whole column can be read without being kept."""

from __future__ import annotations

import re
from typing import Any

from labelwright.budgets import MAX_LABELS, SAMPLE_SIZE

FEW_NUMBERS = 20
"""Distinct whole numbers up to which a column of numbers is taken for classes."""
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


class Answers:
    """The distinct values of a label column.

    Cells are added one by one. At most `MAX_LABELS` + 1 distinct values are kept, and at most `SAMPLE_SIZE` characters.

    Examples
    --------
    >>> answers = Answers()
    >>> for cell in ["10", "9", "x"]:
    ...     answers.add(cell)
    >>> answers.task(), answers.labels("classification")
    ('classification', ('9', '10', 'x'))
    """

    def __init__(self) -> None:
        self._values, self._parts = _Distinct(), _Distinct()
        self._n_cells = 0
        self._has_several, self._all_numbers, self._all_whole = False, True, True

    def add(self, cell: Any) -> None:
        """Note one cell that is not blank."""
        self._n_cells += 1
        self._has_several = self._has_several or isinstance(cell, list) or (isinstance(cell, str) and "|" in cell)
        if self._all_numbers:
            self._all_numbers = is_number(cell)
            self._all_whole = self._all_whole and self._all_numbers and _is_whole(cell)
        self._values.add(str(cell).strip())
        for part in cell if isinstance(cell, list) else re.split(r"[|;]", str(cell)):
            self._parts.add(str(part).strip())

    def task(self) -> str:
        """What the column looks like: classification without a cell."""
        if self._n_cells and self._has_several:
            return "multilabel"
        if self._n_cells and self._all_numbers and (len(self._values.kept) > FEW_NUMBERS or not self._all_whole):
            return "regression"
        return "classification"

    def labels(self, task: str) -> tuple[str, ...]:
        """The distinct labels, sorted, numbers by value; at most `MAX_LABELS`, and none for a regression."""
        if task == "regression":
            return ()
        return tuple(sorted(self._of(task).kept, key=_natural)[:MAX_LABELS])

    def has_too_many(self, task: str) -> bool:
        """Whether the column has more labels than a schema can hold."""
        return task != "regression" and self._of(task).is_full

    def _of(self, task: str) -> _Distinct:
        return self._parts if task == "multilabel" else self._values


class _Distinct:
    """Distinct texts up to the limits."""

    def __init__(self) -> None:
        self.kept: set[str] = set()
        self._size = 0

    @property
    def is_full(self) -> bool:
        return len(self.kept) > MAX_LABELS or self._size > SAMPLE_SIZE

    def add(self, text: str) -> None:
        if text and text not in self.kept and not self.is_full:
            self.kept.add(text)
            self._size += len(text)


def is_number(cell: object) -> bool:
    """Whether a cell is a number, or text that reads as one."""
    if isinstance(cell, bool):
        return False
    return isinstance(cell, (int, float)) or (isinstance(cell, str) and _NUMBER.fullmatch(cell.strip()) is not None)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) or float(value).is_integer()  # no float holds any integer


def _natural(name: str) -> tuple[Any, ...]:
    return (0, float(name), name) if is_number(name) else (1, 0.0, name)
