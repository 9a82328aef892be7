"""Kinds of labels: `make` builds one from its name and schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from labelwright.plain import Json, JsonObject
from labelwright.registry import find, plugins
from labelwright.tasks.base import Answer, Cell, Resolved, Task
from labelwright.tasks.dense import Dense, DenseTask
from labelwright.tasks.predictions import QUANTISER, Predictions

__all__ = [
    "QUANTISER", "Answer", "Cell", "Dense", "DenseTask", "Predictions", "Resolved", "Task", "guess", "kind", "make",
    "names",
]  # fmt: skip


def names() -> list[str]:
    """The kinds of labels there are.

    >>> names()
    ['classification', 'multilabel', 'regression']
    """
    return list(plugins(__name__, Task))


def make(name: str, schema: Mapping[str, Json]) -> Task:
    """Build a task; `InputError` if the name or the schema is not valid.

    >>> make("classification", guess("classification", ["cat", "dog"])).n_outputs
    2
    """
    return find(__name__, Task, name)(schema)


def kind(name: str) -> type[Task]:
    """The class of a task, for what does not depend on a schema, such as its metrics.

    >>> kind("regression").metrics
    ('mae', 'rmse', 'r2')
    """
    return find(__name__, Task, name)


def guess(name: str, cells: Iterable[Cell], *, keep_order: bool = False) -> JsonObject:
    """A schema that fits imported cells, or the labels given by a user (``keep_order``)."""
    return find(__name__, Task, name).guess(cells, keep_order=keep_order)
