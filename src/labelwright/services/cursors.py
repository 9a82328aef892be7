"""Cursors of lists that are read in the order of the record."""

from __future__ import annotations

from labelwright.errors import InputError


def seq_of(cursor: str, who: str) -> int:
    """The number of the event that a page ended with.

    Raises
    ------
    InputError
        If no page gave it.

    Examples
    --------
    >>> seq_of("42", "reviews")
    42
    """
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise InputError(f"{who}: cursor must be one that a page gave, got '{cursor}'.")
    return int(cursor)
