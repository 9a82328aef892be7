"""In which encoding a text file is: by its byte-order mark, else UTF-16 by its NUL bytes, else UTF-8 or Windows-1252.

A byte that is not UTF-8 may stand anywhere, so the whole file is decoded once, in blocks. Windows-1252 holds every
character of Latin-1.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final

HEAD = 4096
BLOCK = 1 << 20
LEAST_NULS = 1 / 50
"""Share of NUL bytes that UTF-16 has at least: every delimiter, digit and end of line has one."""


@dataclass(frozen=True)
class Encoding:
    """An encoding by the name that people know and by the codec that Python decodes it with."""

    name: str
    codec: str


UTF_8: Final = Encoding("UTF-8", "utf-8-sig")
WINDOWS_1252: Final = Encoding("Windows-1252", "cp1252")
_MARKS: Final = (  # the mark of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, Encoding("UTF-32", "utf-32")),
    (codecs.BOM_UTF32_BE, Encoding("UTF-32", "utf-32")),
    (codecs.BOM_UTF16_LE, Encoding("UTF-16", "utf-16")),
    (codecs.BOM_UTF16_BE, Encoding("UTF-16", "utf-16")),
)


def detect(open_bytes: Callable[[], IO[bytes]]) -> Encoding:
    """The encoding of a file, which is opened by the function once or twice.

    Whether the bytes of the encoding are all valid is for its reader to say, except that text which is not UTF-8 is
    taken for Windows-1252.

    Examples
    --------
    >>> import io
    >>> detect(lambda: io.BytesIO("café".encode("latin-1"))).name
    'Windows-1252'
    """
    with open_bytes() as file:
        head = file.read(HEAD)
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                return encoding
        if (byte_order := _utf_16(head)) is not None:
            return Encoding("UTF-16", byte_order)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while head:
                decoder.decode(head)
                head = file.read(BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return WINDOWS_1252
    return UTF_8


def _utf_16(head: bytes) -> str | None:
    """The codec of UTF-16 without a mark: the NUL bytes of its ASCII characters stand in one half of each pair."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < LEAST_NULS * len(head) or min(even, odd) * 4 > max(even, odd):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"
