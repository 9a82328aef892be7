"""What Python raises for a zip that is cut off, damaged, encrypted or packed in a way that it does not know."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from typing import Final

DAMAGED: Final[tuple[type[Exception], ...]] = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError,
    RuntimeError,  # encrypted, or NotImplementedError: packed by another method
)  # fmt: skip
"""For ``except``; `labelwright.errors.InputError`, which is a `ValueError`, goes first."""
MALFORMED: Final[tuple[type[Exception], ...]] = (KeyError, TypeError, AttributeError, IndexError, *DAMAGED)
"""The same, and what comes of contents that are not those of the format."""
