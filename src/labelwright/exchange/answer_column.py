"""Which column of a table looks like the answer, to ask a person before a model learns from it as a feature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from labelwright.exchange.answers import FEW_NUMBERS, is_number

NAMES: Final = frozenset({
    "approved", "attrition", "churn", "churned", "converted", "default", "defaulted", "diagnosis", "fraud", "grade",
    "is_churn", "is_fraud", "outcome", "prediction", "quality", "response", "result", "sentiment", "spam", "species",
    "subscribed", "survived", "verdict",
})  # fmt: skip
"""Names of columns that often hold what is to be predicted, beside those that are taken for labels at once."""
ROWS_EACH: Final = 5
"""Rows for each distinct value, at least, where few distinct values mean classes."""


def answer_column(cells: Mapping[str, Sequence[Any]], task: str | None = None) -> str | None:
    """The column that looks like the answer, of columns with their cells that are not blank, in the file's order.

    That is the first with such a name; else the last column if it has few distinct values, unless the task is a
    regression. A column in the middle that has few, such as the sex of a patient, may as well be a feature.

    Examples
    --------
    >>> ages = [float(age) for age in range(20, 50)]
    >>> answer_column({"age": ages, "sex": ["m", "f"] * 15, "left": ["yes", "no", "no"] * 10})
    'left'
    >>> answer_column({"age": ages, "height": ages}) is None
    True
    """
    named = [name for name in cells if name.strip().lower().replace(" ", "_") in NAMES and cells[name]]
    if named:
        return named[0]
    last = next(reversed(list(cells)), None)
    return last if last is not None and task != "regression" and _has_few(cells[last]) else None


def _has_few(values: Sequence[Any]) -> bool:
    """Whether the values are a few distinct texts, whole numbers or truth values."""
    if not all(isinstance(value, (str, int)) or (is_number(value) and float(value).is_integer()) for value in values):
        return False
    distinct = {str(value).strip() for value in values}
    if any(is_number(text) and not float(text).is_integer() for text in distinct):
        return False
    return 2 <= len(distinct) <= FEW_NUMBERS and len(values) >= ROWS_EACH * len(distinct)
