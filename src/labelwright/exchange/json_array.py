"""JSON arrays of objects, streamed: ``[{…}, {…}]`` in one line or pretty-printed; also gzipped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar, Final, TextIO

from labelwright.budgets import MAX_CELL
from labelwright.exchange.jsonl import JsonObjects

BLOCK: Final = 1 << 16
LONGEST_TOKEN: Final = 16
"""Characters from the end of the text within which an error may mean that more of it must be read."""
_SPACE: Final = " \t\r\n"


class JsonArray(JsonObjects):
    """Objects with the same keys, one after the other in an array; a key that an object lacks is an empty cell."""

    name: ClassVar[str] = "json"
    suffixes: ClassVar[tuple[str, ...]] = (".json", ".json.gz")

    def _objects(self) -> Iterator[tuple[int, str, dict[str, Any]]]:
        with self.open() as file:
            text = _Buffer(file)
            if (first := text.next_character()) != "[":
                raise self.fail(
                    f"the file must be a JSON array of objects, got {first or 'nothing'} in front.",
                    "Write [{…}, {…}], or name the file .jsonl if it has one object a line.",
                )
            text.skip()
            number = 0
            while text.next_character() != "]":
                if number and text.next_character() != ",":
                    raise self.fail(
                        "a comma or the end of the array must follow the object.",
                        "Correct it there, or write the file anew if it was cut off.",
                        row=number,
                    )
                if number:
                    text.skip()
                    text.next_character()
                number += 1
                yield number, f"element {number}", self._value(text, number)
            text.skip()
            if more := text.next_character():
                raise self.fail(f"the file must end after the array, got '{more}'.", "Remove what follows.")

    def _value(self, text: _Buffer, number: int) -> dict[str, Any]:
        what = f"element {number}"
        with self.decoding(what, number):
            taken = text.take()
        if taken is None:
            raise self.fail(f"{what} must have at most {MAX_CELL:,} characters, got more.", "Cut it up.", row=number)
        value, source = taken
        return self.checked(value, source, what, number)


class _Buffer:
    """The part of the file that is not decoded yet."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._decoder = file, json.JSONDecoder()
        self._text, self._at = "", 0

    def next_character(self) -> str:
        """The next character that is no white space, which is skipped; empty at the end."""
        while True:
            while self._at < len(self._text):
                if (character := self._text[self._at]) not in _SPACE:
                    return character
                self._at += 1
            if not self.grow():
                return ""

    def skip(self) -> None:
        """Pass over the next character."""
        self._at += 1

    def take(self) -> tuple[object, str] | None:
        """The next value and its source; None if it has more than `MAX_CELL` characters.

        Raises
        ------
        json.JSONDecodeError
            If it is no JSON, or the file ends in it.
        """
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                is_cut = error.msg.startswith("Unterminated") or error.pos > len(self._text) - LONGEST_TOKEN
                if is_cut and len(self._text) - self._at > MAX_CELL:
                    return None
                if not is_cut or not self.grow():
                    raise
                continue
            source, self._at = self._text[self._at : end], end
            return value, source

    def grow(self) -> bool:
        """Read more, each time as much again as there is, so that a large object is not decoded too often."""
        rest = self._text[self._at :]
        more = self._file.read(max(BLOCK, len(rest)))
        self._text, self._at = rest + more, 0
        return bool(more)
