"""The files of a multipart request, one after the other, while they come in: none is held in memory or kept open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from labelwright.budgets import MAX_PART_HEADERS
from labelwright.errors import InputError

FIELD = "files"


@dataclass(frozen=True)
class Begin:
    """A file begins."""

    name: str


async def events(request: Request) -> AsyncIterator[Begin | bytes]:
    """A `Begin` for each file of the field ``files``, followed by its bytes in pieces; other fields are left out.

    Raises
    ------
    InputError
        If the body is no multipart form, ends early, or a part's headers are too long.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise InputError("upload: the body must be multipart/form-data.", f"Send the files in the field '{FIELD}'.")
    try:
        form = _Form(boundary)
        async for chunk in request.stream():
            form.write(chunk)
            for event in form.take():
                yield event
        form.close()
    except FormParserError as error:
        raise InputError(f"upload: the body must be a whole multipart form, got another ({error}).") from error


class _Form:
    """Collects what the parser calls back."""

    def __init__(self, boundary: bytes) -> None:
        self._events: list[Begin | bytes] = []
        self._name, self._value, self._n_header, self._is_file, self._is_whole = b"", b"", 0, False, False
        self._disposition = b""
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin, "on_header_field": self._header_name,
                "on_header_value": self._header_value, "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished, "on_part_data": self._data, "on_end": self._end,
            },
        )  # fmt: skip

    def write(self, chunk: bytes) -> None:
        """Parse the next bytes."""
        self._parser.write(chunk)

    def take(self) -> list[Begin | bytes]:
        """Return the events since the last call."""
        taken, self._events = self._events, []
        return taken

    def close(self) -> None:
        """Refuse a body that ended before its last boundary."""
        self._parser.finalize()
        if not self._is_whole:
            raise InputError(
                "upload: the body must be a whole multipart form, got the beginning of one.", "Send again."
            )

    def _begin(self) -> None:
        self._name, self._value, self._n_header, self._disposition, self._is_file = b"", b"", 0, b"", False

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._count(end - start)
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._count(end - start)
        self._value += data[start:end]

    def _count(self, n: int) -> None:
        self._n_header += n
        if self._n_header > MAX_PART_HEADERS:
            raise InputError(f"upload: the headers of a file must have at most {MAX_PART_HEADERS:,} bytes.")

    def _header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value
        self._name, self._value = b"", b""

    def _headers_finished(self) -> None:
        options = parse_options_header(self._disposition)[1]
        self._is_file = options.get(b"name") == FIELD.encode() and b"filename" in options
        if self._is_file:
            self._events.append(Begin(options[b"filename"].decode("utf-8", "replace")))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self._events.append(data[start:end])

    def _end(self) -> None:
        self._is_whole = True
