"""What one look says of one thing that may change, as it is recorded and shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from pydantic import TypeAdapter

from labelwright.plain import JsonObject

INPUTS: Final = "inputs"
COLUMNS: Final = "columns"
PREDICTIONS: Final = "predictions"
LABELS: Final = "labels"
ERRORS: Final = "errors"
STREAM: Final = "stream"
READY: Final = "ready"
FEW_ITEMS: Final = "few-items"
FEW_LABELS: Final = "few-labels"
NO_MODEL: Final = "no-model"
UNCLEAR: Final = "unclear"


@dataclass(frozen=True)
class Point:
    """One point of a picture.

    Attributes
    ----------
    name : str
        The time, or key, of the first item of the window.
    item : int
        Ordinal of that item.
    value, low, high : float
        With its 95 % interval; both ends are the value where there is none.
    n : int
        Items behind it.
    """

    name: str
    item: int
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Series:
    """A line of a picture: "statistic" by border, "error", or the share of a label by its id."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class TestLine:
    """One test.

    Attributes
    ----------
    name : str
        "mmd-scan", "classifier", "columns", "label-shift" or "adwin".
    p_value : float, optional
        None for a detector of a stream, which has none.
    effect : float
    n_before, n_after : int
        Items on both sides.
    """

    name: str
    p_value: float | None
    effect: float
    n_before: int
    n_after: int


@dataclass(frozen=True)
class Part:
    """A column or a label: what it was and is, or how much it differs.

    Attributes
    ----------
    name : str
    effect : float
    p_value : float
        Corrected for the number of parts.
    before, after, low, high : float, optional
        Prevalences of a label, with the interval of the new one.
    """

    name: str
    effect: float
    p_value: float
    before: float | None = None
    after: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Finding:
    """What a look says of one thing.

    Attributes
    ----------
    what : str
        "inputs", "columns", "predictions", "labels", "errors" or "stream".
    state : str
        "ready", "few-items", "few-labels", "no-model", or "unclear" where the model confuses labels wholly.
    n, needed : int
        Items or labels there are, and from which number on it is tested.
    level : float
        A p-value at or below it is an alarm.
    alarm : bool
    onset : str, optional
        Time or key of the first item after the likeliest change.
    onset_item : int, optional
        Its ordinal.
    question : str, optional
        That "errors" and "stream" are of; the primary one where it is left out.
    n_left_out : int
        Labels of the stream that came before its start, since predictions from before them are not kept any more.
    limit : float, optional
        What the largest statistic of the picture exceeds by chance in one of twenty cases.
    """

    what: str
    state: str
    n: int
    needed: int
    level: float = 0.0
    alarm: bool = False
    onset: str | None = None
    onset_item: int | None = None
    limit: float | None = None
    tests: tuple[TestLine, ...] = ()
    series: tuple[Series, ...] = ()
    parts: tuple[Part, ...] = ()
    question: str | None = None
    n_left_out: int = 0

    def dump(self) -> JsonObject:
        """As an event holds it."""
        return cast(JsonObject, _READER.dump_python(self, mode="json"))

    @classmethod
    def parse(cls, stored: JsonObject) -> Finding:
        """As read back.

        >>> one = Finding("errors", "few-labels", 3, 40)
        >>> Finding.parse(one.dump()) == one
        True
        """
        return _READER.validate_python(stored)


_READER = TypeAdapter(Finding)
