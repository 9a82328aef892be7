"""What an item takes with it into a format of another tool: its content, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from labelwright.exchange.format import SAID, Export

STRUCTURED: Final = ("label", "annotations", "prediction", "prediction_confidence")
"""Figures of a question that these formats have a place of their own for."""


def has_content(export: Export, row: Mapping[str, object]) -> bool:
    """Whether anything can be shown; nothing of an item that was erased."""
    if export.kind == "image" and not export.content:
        return True
    return any(row.get(column) is not None for column in export.content)


def content_of(export: Export, row: Mapping[str, object]) -> dict[str, object]:
    """The content by the name of its field; an image that stays here is named by its key, its path in the source."""
    if export.kind == "image" and not export.content:
        return {"image": row.get("key")}
    return {column.removeprefix("row."): row.get(column) for column in export.content}


def meta_of(export: Export, row: Mapping[str, object]) -> dict[str, object]:
    """All other columns that say something: split, propensity, reasons, posterior, provenance.

    The key is the id in the other tool, so the id of this one stands under ``item``.
    """
    placed = {f"{question.prefix}{name}" for question in export.questions for name in STRUCTURED}
    return _rest(export, row, placed)


def meta_of_one(export: Export, row: Mapping[str, object]) -> dict[str, object]:
    """The same for formats with one question a task and no place for answers of people: all but the first label."""
    placed = {f"{question.prefix}annotations" for question in export.questions}
    return _rest(export, row, {*placed, f"{export.questions[0].prefix}label"})


def n_answers_of(row: Mapping[str, object]) -> int:
    """How many answers of people a row has."""
    said: Any = row.get(SAID) or {}
    return sum(len(one.answers) for one in said.values())


def _rest(export: Export, row: Mapping[str, object], placed: set[str]) -> dict[str, object]:
    placed = {*placed, "key", *export.content}
    return {
        "item" if column == "id" else column: value
        for column in export.columns
        if column not in placed and (value := row.get(column)) not in (None, "")
    }


def others_of(export: Export) -> tuple[str, ...]:
    """The questions beside the first one, for formats with one question a task."""
    names = ", ".join(question.id for question in export.questions[1:])
    return (f"a place of their own for the labels of {names}, which stand in the metadata",) if names else ()
