"""Fill the full-text index of a project, a page at a time, so that nothing else waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from labelwright import items
from labelwright.engine.contents import bodies
from labelwright.items.base import ItemKind
from labelwright.store import search
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows
from labelwright.store.search import Indexed, Text

PAGE: Final = 250  # answers wait while a page is written


def texts(rows: Rows, kind: ItemKind, ordinals: Sequence[int], versions: Mapping[int, int]) -> Iterator[Text]:
    """What is searched of some items: the key, and the content of a version (0 where none is named)."""
    item = t.item
    key_of = {
        row.ordinal: row.key
        for row in rows.all(rows.select(item.c.ordinal, item.c.key).where(item.c.ordinal.in_(list(ordinals))))
    }
    for ordinal, body in zip(ordinals, bodies(rows, ordinals, versions), strict=True):
        yield Text(ordinal, versions.get(ordinal, 0), f"{key_of[ordinal]}\n{kind.search_text(body)}")


def indexed(rows: Rows, kind: ItemKind, ordinals: Sequence[int]) -> list[Text]:
    """What the index holds of some items, every content of theirs that it has come to."""
    done, table = search.progress(rows), t.replacement
    found = list(texts(rows, kind, [ordinal for ordinal in ordinals if ordinal < done.n_items], {}))
    replaced = rows.select(table.c.ordinal, table.c.version).where(
        table.c.ordinal.in_(list(ordinals)), table.c.seq <= done.seq
    )
    for ordinal, version in rows.all(replaced):
        found += texts(rows, kind, [ordinal], {ordinal: version})
    return found


def index_page(store: ProjectStore) -> bool:
    """Add the next items, or contents that replaced others; whether there is more to add."""
    with store.read() as rows:
        row = store.row_if_any(rows)
        if row is None or row.n_items == 0:
            return False
        done = search.progress(rows)
        kind = items.make(str(row.config["kind"]))
        if done.n_items < row.n_items:
            ordinals = list(range(done.n_items, min(done.n_items + PAGE, row.n_items)))
            new = list(texts(rows, kind, ordinals, {}))
            upto = Indexed(ordinals[-1] + 1, done.seq)
        else:
            table = t.replacement
            replaced = rows.all(
                rows.select(table.c.ordinal, table.c.version, table.c.seq)
                .where(table.c.seq > done.seq)
                .order_by(table.c.seq)
                .limit(PAGE)
            )
            if not replaced:
                return False
            new = [text for one in replaced for text in texts(rows, kind, [one.ordinal], {one.ordinal: one.version})]
            upto = Indexed(done.n_items, replaced[-1].seq)
    with store.stage() as rows:
        if search.progress(rows) == done:  # another worker may have been faster
            erased = set(rows.scalars(rows.select(t.erasure.c.ordinal)))
            search.add(rows, [one for one in new if one.ordinal not in erased], upto)
    return True
