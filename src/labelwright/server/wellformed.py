"""Whether the JSON of a request can be stored at all: checked once, before any service reads it."""

from __future__ import annotations

import math

MAX_DEPTH = 64


def check_json(value: object) -> None:
    """Refuse JSON that a database, a file or Python's own recursion cannot take.

    The walk keeps its own stack, so that the depth of the value costs no recursion.

    Raises
    ------
    ValueError
        At the first text with a NUL or a lone surrogate, number that is not a finite float, or value that is nested
        deeper than 64 levels. The message names the place.

    Examples
    --------
    >>> check_json({"rows": [{"text": "fine"}, {"text": "a" + chr(0)}]})
    Traceback (most recent call last):
    ValueError: rows.1.text must have no NUL character
    """
    open_values: list[tuple[tuple[str, ...], object]] = [((), value)]
    while open_values:
        where, one = open_values.pop()
        if len(where) > MAX_DEPTH:
            raise ValueError(f"{'.'.join(where[:3])} must be nested at most {MAX_DEPTH} levels deep")
        if isinstance(one, dict):
            for name in one:
                _check_text((*where, "a name"), name)
            open_values += [((*where, name), part) for name, part in reversed(one.items())]
        elif isinstance(one, list):
            open_values += [((*where, str(k)), part) for k, part in reversed(list(enumerate(one)))]
        elif isinstance(one, str):
            _check_text(where, one)
        elif isinstance(one, (int, float)):
            _check_number(where, one)


def _check_text(where: tuple[str, ...], text: str) -> None:
    if "\x00" in text:
        raise ValueError(f"{'.'.join(where)} must have no NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{'.'.join(where)} must be Unicode text, got half of a surrogate pair") from None


def _check_number(where: tuple[str, ...], number: float) -> None:
    try:
        finite = math.isfinite(number)
    except OverflowError:  # an integer that no float can hold
        finite = False
    if not finite:
        raise ValueError(f"{'.'.join(where)} must be a number of at most 1.8e308")
