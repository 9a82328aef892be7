"""Events about features: an encoder was fitted, items were encoded. Each names its revision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from labelwright.store import tables as t
from labelwright.store.chain import Event
from labelwright.store.record.base import EventBody, Projected
from labelwright.store.rows import Rows

FIRST_REVISION = "first"  # of projects made before revisions; their features lie in "features" itself


@dataclass(frozen=True)
class EncoderFitted(EventBody):
    """An encoder was fitted on a sample of the items.

    Attributes
    ----------
    revision : str
        Names encoder, parameters and what it was fitted on.
    name : str
        The encoder's name, such as "tfidf".
    folder : str
        Where its files and its features lie.
    n_items : int
        Size of the sample.
    arrays : mapping of str to str
        Files and their digests.
    """

    kind: ClassVar[str] = "encoder"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.encoder),)

    revision: str
    name: str
    folder: str
    n_items: int
    arrays: dict[str, str]

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(t.encoder, {"revision": self.revision, "name": self.name, "folder": self.folder, "seq": event.seq})


@dataclass(frozen=True)
class ItemsEncoded(EventBody):
    """Features of some items are in a file.

    Attributes
    ----------
    revision : str
    first, n_items : int
        Ordinals first to first + n_items - 1, or where ``replaces`` is true: how many rows.
    replaces : bool
        Whether the rows are of items whose content was replaced; their ordinals are the file's first column.
    arrays : mapping of str to str
        The file and its digest.
    """

    kind: ClassVar[str] = "features"
    projected: ClassVar[tuple[Projected, ...]] = (Projected(t.feature_file),)

    revision: str
    first: int
    n_items: int
    replaces: bool
    arrays: dict[str, str]

    def project(self, rows: Rows, event: Event) -> None:
        rows.insert(
            t.feature_file,
            *(
                {
                    "revision": self.revision, "path": path, "first": self.first, "n_items": self.n_items,
                    "replaces": self.replaces, "seq": event.seq,
                }
                for path in self.arrays
            ),
        )  # fmt: skip
