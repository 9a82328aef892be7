"""Strings by the million in few objects: a list of as many Python strings would take several times the memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Final, overload

import numpy as np
import numpy.typing as npt

HASH_BYTES: Final = 16


class Texts(Sequence[str]):
    """Strings in one block of bytes.

    Examples
    --------
    >>> texts = Texts(["k1", "é"])
    >>> len(texts), texts[1], list(texts)
    (2, 'é', ['k1', 'é'])
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._bytes, self._ends = bytearray(), array("Q", [0])
        for text in texts:
            self.append(text)

    def append(self, text: str) -> None:
        """Add one at the end."""
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Texts: ...
    def __getitem__(self, index: int | slice) -> str | Texts:
        if isinstance(index, slice):
            return Texts(self[k] for k in range(*index.indices(len(self))))
        at = range(len(self))[index]
        return self._bytes[self._ends[at] : self._ends[at + 1]].decode("utf-8", "surrogatepass")


class Hashes(Sequence[str]):
    """Content hashes of 32 hex digits, as the 16 bytes that they stand for.

    Examples
    --------
    >>> hashes = Hashes(["00" * 15 + "ff"])
    >>> hashes[0] == "00" * 15 + "ff", hashes.array().shape
    (True, (1,))
    """

    def __init__(self, hashes: Iterable[str] = ()) -> None:
        self._bytes = bytearray()
        for one in hashes:
            self.append(one)

    def append(self, content_hash: str) -> None:
        """Add one at the end."""
        self._bytes += bytes.fromhex(content_hash)

    def array(self) -> npt.NDArray[np.bytes_]:
        """All of them, (n,) of 16 bytes each; the memory is shared."""
        return np.frombuffer(self._bytes, dtype=f"S{HASH_BYTES}")

    def __len__(self) -> int:
        return len(self._bytes) // HASH_BYTES

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Hashes: ...
    def __getitem__(self, index: int | slice) -> str | Hashes:
        if isinstance(index, slice):
            return Hashes(self[k] for k in range(*index.indices(len(self))))
        at = range(len(self))[index] * HASH_BYTES
        return self._bytes[at : at + HASH_BYTES].hex()
