"""Text: shown as it is, compared by MinHash."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.errors import InputError
from labelwright.items.base import ERASED, Content, ItemKind, Signatures
from labelwright.plain import Json

N_PERM = 32
N_BANDS = 8
MIN_JACCARD = 0.8
SHINGLES_AT_ONCE = 1024  # whose permuted hashes, 256 KiB, stay in a cache
_WORD = re.compile(r"\w+")
_PRIME = np.uint64((1 << 61) - 1)
_RNG = np.random.default_rng(20260101)  # fixed: signatures are stored
_A = _RNG.integers(1, 1 << 31, N_PERM, dtype=np.uint64)  # (N_PERM,)
_B = _RNG.integers(0, 1 << 31, N_PERM, dtype=np.uint64)


class Text(ItemKind):
    """A text in any language and direction."""

    name: ClassVar[str] = "text"
    signature_words: ClassVar[int] = N_PERM

    def content(self, cells: Mapping[str, Any]) -> Content:
        """The one cell is the text; it must not be blank."""
        ((column, cell),) = cells.items()
        if not isinstance(cell, (str, int, float)) or cell != cell or not str(cell).replace("\x00", "").strip():
            raise InputError(f"column '{column}': the text must not be empty.", "Fill it in or drop the row.")
        return Content({"text": str(cell).replace("\x00", "")})

    def signatures(self, contents: Sequence[Content]) -> Signatures:
        """MinHash of 3-word shingles (short texts: of words), Broder 1997; empty ones get all bits set."""
        signatures = np.full((len(contents), N_PERM), np.iinfo(np.uint32).max, dtype=np.uint32)
        rows, starts, hashes = list[int](), list[int](), list[int]()
        for i, content in enumerate(contents):
            words = _WORD.findall(text_of(content.body).lower())
            if words:
                width = 3 if len(words) >= 8 else 1
                shingles = {" ".join(words[j : j + width]) for j in range(len(words) - width + 1)}
                rows.append(i)
                starts.append(len(hashes))
                hashes += [zlib.crc32(shingle.encode()) for shingle in shingles]
            if rows and (len(hashes) >= SHINGLES_AT_ONCE or i == len(contents) - 1):
                signatures[rows] = _minima(np.array(hashes, dtype=np.uint64), starts)
                rows, starts, hashes = [], [], []
        return signatures

    def near(self, a: Signatures, b: Signatures) -> npt.NDArray[np.bool_]:
        """Estimated Jaccard similarity of at least .8."""
        return np.asarray((a == b).mean(axis=1) >= MIN_JACCARD)

    def bands(self, signatures: Signatures) -> Iterable[npt.NDArray[np.uint64]]:
        """Eight bands of four rows: a pair of similarity .8 shares one with probability .98."""
        empty = np.ones(len(signatures), dtype=bool)
        for column in signatures.T:
            empty &= column == np.iinfo(np.uint32).max
        for band in np.array_split(signatures, N_BANDS, axis=1):
            mixed = np.full(len(band), 1469598103934665603, dtype=np.uint64)
            for column in band.T:
                mixed = (mixed ^ column) * np.uint64(1099511628211)  # FNV-1a, wraps
            mixed[mixed == 0] = 1
            mixed[empty] = 0
            yield mixed

    def tombstone(self, body: Mapping[str, Json]) -> Content:
        """An empty text."""
        return Content({"text": "", ERASED: True})

    def preview(self, body: Mapping[str, Json]) -> str:
        """The first 140 characters."""
        text = " ".join(text_of(body)[:400].split())
        return text[:139] + "…" if len(text) > 140 else text

    def search_text(self, body: Mapping[str, Json]) -> str:
        """The whole text."""
        return text_of(body)


def _minima(hashes: npt.NDArray[np.uint64], starts: Sequence[int]) -> npt.NDArray[np.uint32]:
    """The least of each permutation over the hashes of each text, (n_texts, N_PERM), which begin at ``starts``."""
    permuted = hashes[:, None] * _A + _B  # below 2**63 + 2**31, so nothing wraps
    modulo = (permuted & _PRIME) + (permuted >> np.uint64(61))  # a Mersenne prime takes no division
    modulo -= _PRIME * (modulo >= _PRIME)
    return np.minimum.reduceat(modulo.astype(np.uint32), starts, axis=0)


def text_of(body: Mapping[str, Json]) -> str:
    """The text of an item."""
    return str(body["text"])
