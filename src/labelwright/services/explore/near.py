"""Items that are most like one: exact, in the features that the published ranking was made with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright import encoders
from labelwright.engine import features
from labelwright.engine.map_files import MapFiles
from labelwright.errors import InputError, NotFoundError, NotReadyError
from labelwright.items.base import Content
from labelwright.kernels.distances import squared_distances
from labelwright.kernels.places import Places
from labelwright.services.explore.positions import ready_files
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access, items, shown
from labelwright.services.projects.items import ItemSummary
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.rows import Rows

MAX_NEAR: Final = 200
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Near:
    """An item that is like the example.

    Attributes
    ----------
    ordinal : int
    distance : float
        In the features, at least 0.
    item : ItemSummary
    """

    ordinal: int
    distance: float
    item: ItemSummary


def neighbours(site: Site, actor: Actor, slug: str, item_id: str, n: int) -> list[Near]:
    """The items nearest to an item, the nearest first, without itself.

    Raises
    ------
    NotFoundError
        If there is no such item.
    NotReadyError
        If it has no features yet.
    """
    store = site.project(slug)
    with store.read() as rows:
        ordinal = shown.existing(access.ready(store, rows), item_id)
        files = ready_files(store, rows)
    if ordinal >= files.n_encoded:
        raise NotReadyError(f"explore: {item_id} has no features yet.", "The next training makes them.")
    example = features.rows_of(store, files.revision, np.array([ordinal], dtype=np.int64))
    return _nearest(site, actor, slug, files, example, n, without=ordinal)


def like_text(site: Site, actor: Actor, slug: str, text: str, n: int) -> list[Near]:
    """The items nearest to a text, by the encoder as it was fitted to the project's items.

    Raises
    ------
    InputError
        If the project's items are no texts, or the encoder knows no word of it.
    """
    store = site.project(slug)
    with store.read() as rows:
        kind = access.ready(store, rows).kind
        files = ready_files(store, rows)
        name = _encoder_of(rows, files.revision)
    if kind != "text":
        raise InputError(f"explore: the items must be texts to be compared with a text, they are of kind '{kind}'.")
    folder = files.folder.rpartition("/")[0]
    encoder = encoders.load(name, store.arrays.read_bytes(f"{folder}/encoder.skops"))
    example = np.asarray(encoder.transform([Content({"text": text})]), dtype=np.float32)
    if not example.any():
        raise InputError("explore: text must hold a word that the items have, got none of them.")
    return _nearest(site, actor, slug, files, example, n)


def _encoder_of(rows: Rows, revision: str) -> str:
    name = rows.scalar(rows.select(t.encoder.c.name).where(t.encoder.c.revision == revision))
    if name is None:
        raise NotFoundError(f"There is no encoder '{revision}'.")
    return str(name)


def _nearest(
    site: Site, actor: Actor, slug: str, files: MapFiles, example: Floats, n: int, without: int | None = None
) -> list[Near]:
    store = files.store
    squares = distances(files, example)
    with store.read() as rows:
        gone = rows.scalars(rows.select(t.exclusion.c.ordinal)).all()
    squares[[ordinal for ordinal in gone if ordinal < len(squares)]] = np.inf
    if without is not None:
        squares[without] = np.inf
    n = min(n, int(np.isfinite(squares).sum()))
    near = np.argpartition(squares, max(0, n - 1))[:n]
    near = near[np.lexsort((near, squares[near]))]
    listed = {shown.ordinal_of(one.id): one for one in items.of_ordinals(site, actor, slug, near.tolist())}
    return [Near(int(o), float(np.sqrt(squares[o])), listed[int(o)]) for o in near]


def distances(files: MapFiles, example: Floats) -> Floats:
    """Squared distances of all items with features to an example, (n_encoded,) float32; files are read in blocks.

    Parameters
    ----------
    example : float32 array of shape (1, n_dims)
    """
    out = np.full(min(files.n_encoded, files.n_items), np.inf, dtype=np.float32)
    for file in files.features:
        if file.replaces:
            ordinals, rows = features.patch(files.store, file)
            inside = ordinals < len(out)
            out[ordinals[inside]] = squared_distances(rows[inside], example)[:, 0]
            continue
        parts = Places(files.store.arrays.read(file.path)).each(
            lambda _, block: squared_distances(block, example)[:, 0], 16, "neighbours"
        )
        found = np.concatenate(parts)
        out[file.first : file.first + len(found)] = found[: max(0, len(out) - file.first)]
    return out
