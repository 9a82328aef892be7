"""JSON lines: one object a line; also gzipped. A first line ``{"_meta": …}`` is left out."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from labelwright.errors import InputError
from labelwright.exchange.cells import UNENCODABLE
from labelwright.exchange.format import Export, Format, Written
from labelwright.exchange.reader import Record
from labelwright.exchange.text_files import TextReader, lines

SCHEMA_ROWS = 200


class JsonObjects(TextReader):
    """A file of JSON objects; a subclass says where one ends and the next begins."""

    @cached_property
    def columns(self) -> list[str]:
        """The keys of the first objects, in the order they appear."""
        names: dict[str, None] = {}
        for _, _, value in islice(self._objects(), SCHEMA_ROWS):
            names.update(dict.fromkeys(value))
        return list(names)

    def __iter__(self) -> Iterator[Record]:
        """Stream the objects."""
        names = self.columns
        for number, place, value in self._objects():
            if unknown := value.keys() - set(names):
                raise self.fail(
                    f"an object must have the keys {', '.join(names)}, got also '{sorted(unknown)[0]}'.",
                    f"Keys must appear within the first {SCHEMA_ROWS} objects.",
                    row=number,
                )
            yield Record(number, f"{self.path.name}, {place}", {name: value.get(name) for name in names})

    @abstractmethod
    def _objects(self) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Number from 1, place in the file and value of each object."""

    @contextmanager
    def decoding(self, what: str, number: int) -> Iterator[None]:
        """Turn what the JSON decoder raises into an error that names the object."""
        try:
            yield
        except (InputError, UnicodeDecodeError):  # what comes of reading on is not about this object
            raise
        except json.JSONDecodeError as error:
            raise self.fail(
                f"{what} must be a JSON object, got invalid JSON ({error.msg}).",
                "Correct it there, or write the file anew if it was cut off.",
                row=number,
            ) from error
        except (ValueError, RecursionError) as error:
            raise self.fail(
                f"{what} must be JSON of whole characters, numbers of at most 4,300 digits and little nesting, got "
                f"another ({type(error).__name__}).",
                "Correct it.",
                row=number,
            ) from error

    def checked(self, value: object, text: str, what: str, number: int) -> dict[str, Any]:
        """The value if it is an object that can be stored; ``text`` is its source."""
        if not isinstance(value, dict):
            raise self.fail(
                f"{what} must be a JSON object, got {type(value).__name__}.",
                'Write each item as {"text": …}.',
                row=number,
            )
        if "\\u" in text:
            with self.decoding(what, number):  # half of a surrogate pair fits into no file or database
                json.dumps(value, ensure_ascii=False).encode()
        return value


class JsonLines(JsonObjects, Format):
    """Objects with the same keys; a key that a line lacks is an empty cell."""

    name: ClassVar[str] = "jsonl"
    suffixes: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
    ending: ClassVar[str] = ".jsonl"
    title: ClassVar[str] = "JSONL"

    def _objects(self) -> Iterator[tuple[int, str, dict[str, Any]]]:
        number = 0
        with self.open() as file:
            for line, text in enumerate(lines(file, self.path.name), 1):
                if not text.strip():
                    continue
                with self.decoding(f"line {line}", number + 1):
                    value = json.loads(text)
                checked = self.checked(value, text, f"line {line}", number + 1)
                if line == 1 and "_meta" in checked:
                    continue
                number += 1
                yield number, f"line {line}", checked

    @classmethod
    def write(cls, path: Path, export: Export) -> Written:
        """Write one object a line, with all columns."""
        n_rows = 0
        with path.open("w", encoding="utf-8", errors=UNENCODABLE) as file:
            for row in export.rows:
                file.write(
                    json.dumps({column: row.get(column) for column in export.columns}, ensure_ascii=False) + "\n"
                )
                n_rows += 1
        return Written(n_rows)
