"""What a server says, as frozen objects.

Each class has the fields of its schema in `openapi.json` that scripts use; a test holds them against it. Fields that
a newer server adds are left out, so that a client of v1 goes on working.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar, get_args, get_type_hints

from labelwright.errors import UnreachableError
from labelwright.plain import Json, JsonObject

Viewed = TypeVar("Viewed")


@dataclass(frozen=True)
class LabelView:
    """A label that may be given."""

    id: str
    name: str


@dataclass(frozen=True)
class Question:
    """What is asked of each item; a number lies between ``min`` and ``max`` where they are given."""

    id: str
    name: str
    task: str
    metric: str
    primary: bool
    required: bool
    labels: tuple[LabelView, ...] = ()
    min: float | None = None
    max: float | None = None
    unit: str | None = None


@dataclass(frozen=True)
class EstimateView:
    """A figure of the model on the reserve, with its interval; ``enough`` is whether there are 30 labels."""

    metric: str
    value: float
    low: float
    high: float
    n: int
    n_labels: int
    enough: bool


@dataclass(frozen=True)
class Counts:
    """Items and answers of a project."""

    items: int
    pool: int
    reserve: int
    labeled: int
    reserve_labeled: int
    left: int
    answers: int
    skipped: int
    flagged: int
    duplicates: int


@dataclass(frozen=True)
class Running:
    """What the worker does: ``state`` is idle, waiting, running, failed or no-worker."""

    state: str
    step: str | None = None
    error: str | None = None
    n_labels: int | None = None
    last_published: str | None = None


@dataclass(frozen=True)
class ProjectSummary:
    """A project in the list."""

    slug: str
    title: str
    state: str
    role: str
    created_at: str
    items: int = 0
    answers: int = 0
    kind: str | None = None
    task: str | None = None


@dataclass(frozen=True)
class ProjectDetail:
    """A project with its questions."""

    slug: str
    title: str
    state: str
    role: str
    permissions: tuple[str, ...]
    settings_version: int
    counts: Counts
    running: Running
    questions: tuple[Question, ...]
    goal: str | None
    kind: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class Content:
    """What is shown of an item; ``media`` is the address of its image."""

    kind: str
    text: str | None = None
    row: JsonObject | None = None
    media: str | None = None


@dataclass(frozen=True)
class Item:
    """An item that is lent."""

    id: str
    key: str
    source: str
    content: Content


@dataclass(frozen=True)
class Lease:
    """An item that is lent to you until ``expires_at``, with the ids of the questions about it."""

    id: str
    item: Item
    question: str
    questions: tuple[str, ...]
    expires_at: str


@dataclass(frozen=True)
class Queue:
    """Leases; ``empty_because`` says why there are none."""

    leases: tuple[Lease, ...]
    left: int
    ranking: str | None
    empty_because: str | None = None


@dataclass(frozen=True)
class Stored:
    """The receipt of what was stored: its id, and the number and hash of its event."""

    id: str
    seq: int
    hash: str


@dataclass(frozen=True)
class CurvePoint:
    """A model that was measured; ``estimate`` is None before there are enough labels of the reserve."""

    cycle: int
    at: str
    n_labels: int
    estimate: EstimateView | None


@dataclass(frozen=True)
class Progress:
    """Where a project stands."""

    sentence: str
    metric: str
    target: float | None
    latest: EstimateView | None
    curve: tuple[CurvePoint, ...]
    counts: Counts
    running: Running
    ranking: str | None
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Round:
    """A round, with the figures before and after it."""

    number: int
    state: str
    strategy: str
    hypothesis: str
    planned: int
    answers: int
    seconds: float
    started_at: str
    ended_at: str | None
    before: EstimateView | None
    after: EstimateView | None
    verdict: str
    outcome: str


@dataclass(frozen=True)
class Added:
    """What came of adding rows."""

    added: int
    known: int
    duplicates: int
    reserve: int
    labeled: int
    corrected: int = 0


def view(kind: type[Viewed], said: Json) -> Viewed:
    """An object of what the server said.

    Raises
    ------
    UnreachableError
        If a field is missing, or not an object where one is expected.

    Examples
    --------
    >>> view(Stored, {"id": "a_1", "seq": 7, "hash": "0f", "more": None})
    Stored(id='a_1', seq=7, hash='0f')
    """
    if not isinstance(said, Mapping):
        raise _surprising(kind.__name__, "an object")
    values = {}
    hints: Mapping[str, object] = _hints(kind)  # type: ignore[arg-type]
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        if field.name in said:
            values[field.name] = _value(hints[field.name], said[field.name])
        elif field.default is dataclasses.MISSING:
            raise _surprising(kind.__name__, f"'{field.name}'")
    return kind(**values)


def views(kind: type[Viewed], said: Json) -> tuple[Viewed, ...]:
    """Objects of a list."""
    if not isinstance(said, list):
        raise _surprising(kind.__name__, "a list")
    return tuple(view(kind, part) for part in said)


@cache
def _hints(kind: type[object]) -> dict[str, object]:
    return get_type_hints(kind)


def _value(hint: object, said: Json) -> object:
    """The value of a field: an object, a tuple of them, or what JSON has."""
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return view(hint, said)
    parts = get_args(hint)
    if getattr(hint, "__origin__", None) is tuple:
        listed = said if isinstance(said, list) else []
        return tuple(_value(parts[0], part) for part in listed)
    inner = [part for part in parts if dataclasses.is_dataclass(part)]
    return _value(inner[0], said) if inner and said is not None else said


def _surprising(what: str, missing: str) -> UnreachableError:
    return UnreachableError(
        f"client: the server's {what} has not {missing}.", "Is this a server of Labelwright of the same major version?"
    )
