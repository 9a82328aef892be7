"""What goes with the content of an erased item: features, signatures, media, the map; and who had used it.

The event and everything in the database are one transaction; then the files follow. Each file that is written anew
follows from the old one alone, so that its digest can stand in the event before the file does, and a process that
finds the work unfinished, because another was killed, ends up with the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright import items
from labelwright.engine.contents import erased
from labelwright.engine.cycle import Cycle
from labelwright.engine.encoding import PARTS
from labelwright.engine.encoding_shards import CONTENTS
from labelwright.engine.map_files import MAP
from labelwright.items.base import Content
from labelwright.items.image import BLANK_FILE
from labelwright.loop.state import RESERVE
from labelwright.plain import JsonObject
from labelwright.store import tables as t
from labelwright.store.arrays import digest_of
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

CHUNK: Final = 500
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Used:
    """What had used some items: label versions that hold a label of one, models that were trained on one."""

    label_versions: tuple[str, ...]
    models: tuple[str, ...]


def tombstone(store: ProjectStore, kind_name: str, body: JsonObject) -> JsonObject:
    """The body that takes the place of an erased one; its file, where it has one, is written."""
    content: Content = items.make(kind_name).tombstone(body)
    if content.media is not None:
        store.media.keep(BLANK_FILE, content.media)
    return content.body


def altered(store: ProjectStore, rows: Rows, ordinals: Sequence[int]) -> dict[str, str]:
    """The files that hold something made of the items' contents, and the digests that they will have without it."""
    new = set(ordinals)
    return {
        place.path: digest_of(place.blanked(store))
        for place in _places(store, rows, sorted(new | set(erased(rows))))
        if not new.isdisjoint(place.ordinals)
    }


def use_of(store: ProjectStore, rows: Rows, ordinals: Sequence[int]) -> Used:
    """Which label versions and models had used some items; where files were thinned, as the answers say."""
    wanted = np.array(sorted(ordinals), dtype=np.int64)
    versions: set[str] = set()
    trained: set[tuple[int, str]] = set()
    for row in rows.all(rows.select(t.label_version.c.id, t.label_version.c.cycle).order_by(t.label_version.c.cycle)):
        cycle = Cycle(store, int(row.cycle))
        for question in cycle.inputs.questions if cycle.is_frozen else ():
            if cycle.has_labels(question):
                labels = cycle.labels(question)
                held, reserve = labels.item_idx, labels.split == RESERVE
            else:
                held = np.array([answer.ordinal for answer in cycle.answers(question)], dtype=np.int64)
                reserve = cycle.layout.reserve[held]
            inside = np.isin(held, wanted)
            if inside.any():
                versions.add(str(row.id))
            if (inside & ~reserve).any():
                trained.add((int(row.cycle), question.id))
    model = t.model
    models = [
        str(row.id)
        for row in rows.all(rows.select(model.c.id, model.c.cycle, model.c.question_id).order_by(model.c.seq))
        if (int(row.cycle), row.question_id) in trained
    ]
    return Used(tuple(sorted(versions, key=lambda name: (len(name), name))), tuple(models))


def finish(store: ProjectStore) -> bool:
    """Bring the files to what the record says of erased items; True if something was left to do.

    Safe at any time and more than once: what is done already stays as it is. Databases are compacted, so that no free
    page keeps what was deleted.
    """
    with store.read() as rows:
        ordinals = sorted(erased(rows))
        if not ordinals:
            return False
        listed = {row.path: row.digest for row in rows.all(rows.select(t.array_file.c.path, t.array_file.c.digest))}
        stale = [
            place
            for place in _places(store, rows, ordinals)
            if place.path in listed and store.arrays.digest(place.path) != listed[place.path]
        ]
        media = list(_media(store, rows, ordinals))
    _delete_parts(store)
    for place in stale:
        store.arrays.write_over(place.path, place.blanked(store))
    if stale or media:
        _delete_maps(store)
    store.media.delete(media)
    if stale or media:
        store.database.compact()
    return bool(stale or media)


def forget_copies(store: ProjectStore) -> None:
    """Drop this machine's copies of files of a store, where another machine may have erased something in them."""
    with store.read() as rows:
        if not erased(rows):
            return
    store.forget_copies()


def leftovers(store: ProjectStore, rows: Rows) -> list[str]:
    """Media of erased items that are still there, by name."""
    return [name.rpartition("/")[2] for name in _media(store, rows, sorted(erased(rows)))]


@dataclass(frozen=True, eq=False)
class _Place:
    """Rows of one file that were made of erased contents.

    Attributes
    ----------
    path : str
    ordinals : tuple of int
    inside : int64 array of shape (n,)
        Their rows in the file.
    values : array of shape (n, width) or (width,)
        What stands in their place.
    """

    path: str
    ordinals: tuple[int, ...]
    inside: npt.NDArray[np.int64]
    values: Array

    def blanked(self, store: ProjectStore) -> Array:
        """The whole file without them."""
        made = np.array(store.arrays.read(self.path))
        made[self.inside] = self.values
        return made


def _places(store: ProjectStore, rows: Rows, ordinals: Sequence[int]) -> Iterator[_Place]:
    """Where the items are in files of signatures and of features."""
    wanted = np.array(ordinals, dtype=np.int64)
    yield from _of_signatures(store, rows, wanted)
    files = t.feature_file
    for file in rows.all(rows.select(files.c.path, files.c.first, files.c.n_items, files.c.replaces)):
        if not store.arrays.has(file.path):
            continue
        stored = store.arrays.read(file.path)
        if file.replaces:  # the ordinals are the first column
            inside = np.flatnonzero(np.isin(stored[:, 0].astype(np.int64), wanted))
            values = np.zeros((len(inside), stored.shape[1]), dtype=stored.dtype)
            values[:, 0] = stored[inside, 0]
            found = stored[inside, 0].astype(np.int64)
        else:
            found = wanted[(wanted >= file.first) & (wanted < file.first + file.n_items)]
            inside = found - file.first
            values = np.zeros((len(inside), stored.shape[1]), dtype=stored.dtype)
        if len(inside):
            yield _Place(file.path, tuple(found.tolist()), inside, values)


def _of_signatures(store: ProjectStore, rows: Rows, wanted: npt.NDArray[np.int64]) -> Iterator[_Place]:
    """Signatures for near duplicates become those of the tombstone, which resembles nothing."""
    kind = items.make(str(store.row(rows).config["kind"]))
    if not kind.signature_words:
        return
    body = rows.scalar(rows.select(t.content.c.body).where(t.content.c.ordinal == int(wanted[0])))
    blank = kind.signatures([kind.tombstone(body)])[0]
    table, first = t.array_file, 0
    for path in rows.scalars(rows.select(table.c.path).where(table.c.kind == "signatures").order_by(table.c.path)):
        if not store.arrays.has(path):
            return  # what follows cannot be counted
        n_items = len(store.arrays.read(path))
        found = wanted[(wanted >= first) & (wanted < first + n_items)]
        if len(found):
            yield _Place(path, tuple(found.tolist()), found - first, blank)
        first += n_items


def _media(store: ProjectStore, rows: Rows, ordinals: Sequence[int]) -> Iterator[str]:
    """Files of the items' contents and what was made of them for screens, unless another item has the same content."""
    hashes: set[str] = set()
    for table in (t.item, t.replacement):
        for start in range(0, len(ordinals), CHUNK):
            part = list(ordinals[start : start + CHUNK])
            hashes |= set(rows.scalars(rows.select(table.c.content_hash).where(table.c.ordinal.in_(part))))
    gone, shared = set(ordinals), set[str]()
    listed = sorted(hashes)
    for start in range(0, len(listed), CHUNK):
        query = rows.select(t.item.c.ordinal, t.item.c.content_hash).where(
            t.item.c.content_hash.in_(listed[start : start + CHUNK])
        )
        shared |= {row.content_hash for row in rows.all(query) if row.ordinal not in gone}
    for content_hash in sorted(hashes - shared):
        yield from store.media.of_content(content_hash)


def _delete_parts(store: ProjectStore) -> None:
    """Features that are not joined to whole files yet are made again, from contents that are written again."""
    left = [path for path in store.arrays.find("features") if path.split("/")[2] in (PARTS, CONTENTS)]
    store.arrays.delete(left)


def _delete_maps(store: ProjectStore) -> None:
    """Maps follow from features and are made again."""
    store.arrays.delete([path for path in store.arrays.find("features") if path.split("/")[2] == MAP])
