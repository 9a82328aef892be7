"""The seam for formats that are read and written: a format is one file in this package with one class.

A `Format` is a `Reader` that also writes. Formats of other tools look into a file before they take it
(``by_content``), because their files end like any JSON file. What a format has no place for is named in
`Written.left_out`; nothing is dropped in silence. `labelwright.testing.check_format` holds a format to all of this.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final

from labelwright.exchange.reader import Reader

Row = Mapping[str, object]
Value = str | float | int | list[str] | None
"""A label in words: the name of a class, the names of several labels, or a number; None where there is none."""
SAID: Final = "said"
"""The key of a row under which its labels and answers stand, beside its columns: `Said` by the id of the question."""
ERASED_ITEMS: Final = "erased items, of which no content is left"


@dataclass(frozen=True)
class Answered:
    """One person's answer to a question about an item.

    Attributes
    ----------
    by : str
        The id of the person, or `decided` for the decision of a review.
    at : str, optional
        When, in UTC.
    asked_as : str, optional
        The kind of the slot.
    propensity : float, optional
        The chance with which the item was drawn.
    """

    by: str
    answer: Value
    at: str | None = None
    seconds: float | None = None
    asked_as: str | None = None
    propensity: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Said:
    """What people and the model say of an item: its label, the answers behind it in their order, the prediction."""

    label: Value = None
    answers: tuple[Answered, ...] = ()
    prediction: Value = None
    score: float | None = None

    @property
    def ends_with_the_label(self) -> tuple[Answered, ...]:
        """The answers in an order in which the last one is the label, for formats whose last answer counts.

        Where nobody's answer is the label, it is added as an answer of nobody.
        """
        if self.label is None:
            return self.answers
        agreeing = [one for one in self.answers if one.answer == self.label]
        last = agreeing[-1] if agreeing else Answered("", self.label)
        return (*(one for one in self.answers if one is not last), last)


@dataclass(frozen=True)
class Asked:
    """A question of an export.

    Attributes
    ----------
    prefix : str
        What the names of its columns begin with; empty where there is one question.
    labels : tuple of str
        The names of the labels; empty for numbers.
    """

    id: str
    text: str
    task: str
    labels: tuple[str, ...] = ()
    prefix: str = ""


@dataclass(frozen=True)
class Export:
    """What is to be written: rows with their columns, and what formats with a structure of their own need to know.

    Attributes
    ----------
    kind : str
        Of the items: text, image or table; empty for rows that are no items.
    content : tuple of str
        The columns that hold the content of an item.
    """

    columns: Sequence[str]
    rows: Iterable[Row]
    kind: str = ""
    questions: tuple[Asked, ...] = ()
    content: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes
    ----------
    as_text : tuple of str
        Columns whose values had several types and were written as text.
    left_out : tuple of str
        What the format has no place for, in words.
    """

    n_rows: int
    as_text: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


class Format(Reader):
    """A source of records that exports are written to as well.

    Attributes
    ----------
    ending : str
        What the name of an export ends in. The one with the longest ending that fits a name is taken.
    title : str
        The name that people know it by.
    items_only : bool
        Whether it holds items with their labels alone, and no other table.
    """

    ending: ClassVar[str]
    title: ClassVar[str]
    items_only: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def write(cls, path: Path, export: Export) -> Written:
        """Write all rows; the caller sees to it that the file appears whole or not at all."""
