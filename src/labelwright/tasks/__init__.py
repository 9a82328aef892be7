"""Kinds of labels: `make` builds one from its name and schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from labelwright.registry import find, room
from labelwright.tasks.base import Answer, Cell, Resolved, Task
from labelwright.tasks.predictions import Predictions

__all__ = ["Answer", "Cell", "Predictions", "Resolved", "Task", "guess", "make", "names"]


def names() -> list[str]:
    """The kinds of labels there are.

    >>> names()
    ['classification', 'multilabel', 'regression']
    """
    return list(room(__name__, Task))


def make(name: str, schema: Mapping[str, Any]) -> Task:
    """Build a task; `InputError` if the name or the schema is not valid.

    >>> make("classification", guess("classification", ["cat", "dog"])).n_outputs
    2
    """
    return find(__name__, Task, name)(schema)


def guess(name: str, cells: Iterable[Cell], *, keep_order: bool = False) -> dict[str, Any]:
    """A schema that fits imported cells, or the labels given by a user (``keep_order``)."""
    return find(__name__, Task, name).guess(cells, keep_order=keep_order)
