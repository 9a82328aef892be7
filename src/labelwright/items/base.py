"""The contract of a kind of item.

A new kind is one file with one subclass of ``ItemKind``: what a cell becomes (``content``), how two contents are known
to be the same (``content_hash``) or nearly so (``signatures``), and what a list shows (``preview``). Features for a
model come from `labelwright.encoders`, which name the kinds of item that they can read.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.errors import InputError
from labelwright.plain import Json, JsonObject

_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))  # made once, used a lot
Signatures = npt.NDArray[np.uint32]
ERASED = "erased"  # true in a body that stands in the place of an erased content


@dataclass(frozen=True)
class Content:
    """What is stored of an item: a JSON body, and bytes where it has media."""

    body: JsonObject
    media: bytes | None = None
    suffix: str = ""

    @property
    def size(self) -> int:
        """About how many bytes it takes, for work in blocks that fit into memory."""
        return len(self.media or b"") + len(str(self.body))


class ItemKind(ABC):
    """A kind of item; stateless."""

    name: ClassVar[str]
    signature_words: ClassVar[int] = 0
    """Width of a near-duplicate signature; 0 where only exact duplicates are looked for."""

    @abstractmethod
    def content(self, cells: Mapping[str, object]) -> Content:
        """Make the content from the cells that hold it; raise ``InputError`` on a broken one."""

    def content_hash(self, content: Content) -> str:
        """32 hex digits; equal exactly where the contents are."""
        if content.media is not None:
            return hashlib.sha256(content.media).hexdigest()[:32]
        return body_hash(content.body)

    def signatures(self, contents: Sequence[Content]) -> Signatures:
        """Near-duplicate signatures (n_items, signature_words)."""
        return np.zeros((len(contents), 0), dtype=np.uint32)

    def near(self, a: Signatures, b: Signatures) -> npt.NDArray[np.bool_]:
        """Which pairs of rows of two signature arrays are near duplicates."""
        return np.zeros(len(a), dtype=bool)

    def bands(self, signatures: Signatures) -> Iterable[npt.NDArray[np.uint64]]:
        """Hashes (n_items,) such that near duplicates agree in at least one; 0 means: in no bucket."""
        return ()

    def check_size(self, content: Content, max_text: int) -> None:
        """Refuse a content of more characters than a worker and a page can handle.

        Raises
        ------
        InputError
            If what a search looks through has more than ``max_text`` characters.
        """
        n_characters = self.length(content.body)
        if n_characters > max_text:
            raise InputError(
                f"an item must have at most {max_text:,} characters, got {n_characters:,}.",
                "Cut it into several items, or raise LABELWRIGHT_MAX_TEXT.",
            )

    def tombstone(self, body: Mapping[str, Json]) -> Content:
        """What stands in the place of an erased content: of the same shape, and without anything that it said."""
        return Content({ERASED: True})

    @abstractmethod
    def preview(self, body: Mapping[str, Json]) -> str:
        """A short line for lists."""

    def search_text(self, body: Mapping[str, Json]) -> str:
        """What a search looks through."""
        return self.preview(body)

    def length(self, body: Mapping[str, Json]) -> int:
        """About how many characters a search looks through."""
        return len(self.search_text(body))


def body_hash(body: Mapping[str, Json]) -> str:
    """Hash of a JSON body, independent of the order of its keys."""
    return hashlib.sha256(_CANONICAL.encode(body).encode()).hexdigest()[:32]
