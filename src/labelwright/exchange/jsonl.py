"""JSON lines: one object a line; also gzipped. A first line ``{"_meta": …}`` is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar

from labelwright.exchange.reader import Record
from labelwright.exchange.text_files import TextReader, lines

SCHEMA_ROWS = 200


class JsonLines(TextReader):
    """Objects with the same keys; a key that a line lacks is an empty cell."""

    name: ClassVar[str] = "jsonl"
    suffixes: ClassVar[tuple[str, ...]] = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")

    @cached_property
    def columns(self) -> list[str]:
        """The keys of the first lines, in the order they appear."""
        names: dict[str, None] = {}
        for _, _, value in islice(self._objects(), SCHEMA_ROWS):
            names.update(dict.fromkeys(value))
        return list(names)

    def __iter__(self) -> Iterator[Record]:
        """Stream the objects."""
        names = self.columns
        for number, line, value in self._objects():
            if unknown := value.keys() - set(names):
                raise self.fail(
                    f"a line must have the keys {', '.join(names)}, got also '{sorted(unknown)[0]}'.",
                    f"Keys must appear within the first {SCHEMA_ROWS} lines.",
                    row=number,
                )
            yield Record(number, f"{self.path.name}, line {line}", {name: value.get(name) for name in names})

    def _objects(self) -> Iterator[tuple[int, int, dict[str, Any]]]:
        number = 0
        with self.open() as file:
            for line, text in enumerate(lines(file, self.path.name), 1):
                if not text.strip():
                    continue
                try:
                    value = json.loads(text)
                    if "\\u" in text:
                        json.dumps(
                            value, ensure_ascii=False
                        ).encode()  # refuses half of a surrogate pair, which no file or database can hold
                except json.JSONDecodeError as error:
                    raise self.fail(
                        f"line {line} must be a JSON object, got invalid JSON ({error.msg} at {error.colno}).",
                        row=number + 1,
                    ) from error
                except (ValueError, RecursionError) as error:
                    raise self.fail(
                        f"line {line} must be JSON of whole characters, numbers of at most 4,300 digits and little "
                        f"nesting, got another ({type(error).__name__}).",
                        "Correct the line.",
                        row=number + 1,
                    ) from error
                if not isinstance(value, dict):
                    raise self.fail(f"line {line} must be a JSON object, got {type(value).__name__}.", row=number + 1)
                if line == 1 and "_meta" in value:
                    continue
                number += 1
                yield number, line, value
