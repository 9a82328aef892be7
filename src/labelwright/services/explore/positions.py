"""Where items lie on the map, as whole numbers of 16 bits, and how far the map is made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from labelwright.engine.map_files import CLUSTERS, LAYERS, NEIGHBOUR, PCA, MapFiles, map_files
from labelwright.errors import NotReadyError
from labelwright.projection.neighbour import most_sampled
from labelwright.services.explore import sliced
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

Projection = Literal["pca", "neighbour"]
STEPS: Final = 65_534  # the larger of width and height is cut into as many
NOWHERE: Final = 65_535  # of an item that is not placed
COLOURS: Final = ("label", "predicted", "score", "rank", "cluster", "error", "split", "batch")


@dataclass(frozen=True)
class LayerView:
    """How far one projection is made.

    Attributes
    ----------
    name : str
        "pca" or "neighbour".
    n_placed : int
    done : bool
        Whether all items with features are placed.
    method : str, optional
        What embedded the sample: "openTSNE" or "scikit-learn".
    n_sampled : int, optional
        Items that were embedded; the rest is placed by its neighbours among them.
    """

    name: str
    n_placed: int
    done: bool
    method: str | None
    n_sampled: int | None


@dataclass(frozen=True)
class About:
    """What there is to be drawn.

    Attributes
    ----------
    n_items, n_encoded : int
        Items of the project, and those that have features.
    share : float
        In [0, 1]: how much of the work on the map is done.
    colours : list of str
        What points can be coloured by, for the caller.
    """

    n_items: int
    n_encoded: int
    share: float
    projections: list[LayerView]
    colours: list[str]


@dataclass(frozen=True)
class Positions:
    """Positions as they are sent.

    Attributes
    ----------
    content : bytes
        Two little-endian numbers of 16 bits an item, by ordinal.
    etag : str
        The revision of the positions: another one after items were placed, added or replaced.
    """

    content: bytes
    etag: str


def about(site: Site, actor: Actor, slug: str) -> About:
    """How far the map is made, and what it can be coloured by."""
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        files = map_files(store, rows)
        columns = sliced.columns(rows, project)
        saved = rows.first(rows.select(t.saved_slice.c.id))
    by = [one for one in COLOURS if one != "batch" or project.row.n_items]
    people = ["person"] if actor.may("people.read") else []
    colours = [*by[:6], *people, *by[6:], *(["slices"] if saved else []), *(f"slice:{name}" for name in columns)]
    if files is None:
        return About(project.row.n_items, 0, 0.0, [], colours)
    layers = [_layer(files, name) for name in (PCA, NEIGHBOUR)]
    n_parts = len(LAYERS) * len(files.features)
    share = len(files.state) / n_parts if n_parts else 0.0
    return About(project.row.n_items, files.n_encoded, share, layers, colours)


def positions(site: Site, slug: str, projection: Projection) -> Positions:
    """Where the items lie; the same bytes until items are added or changed.

    Raises
    ------
    NotReadyError
        If the projection is not made yet.
    """
    store = site.project(slug)
    with store.read() as rows:
        access.ready(store, rows)
        ready_files(store, rows)
        found = at_revision(site, store, rows, projection)
    if found is None:
        raise NotReadyError(
            "explore: this map is not made yet.", "It is made after the first training; look again soon."
        )
    return found


def at_revision(site: Site, store: ProjectStore, rows: Rows, projection: Projection) -> Positions | None:
    """The positions as of now, with the revision that an area names; None where they are not made yet."""
    files = map_files(store, rows)
    parts = [] if files is None else [path for path in files.state if path.startswith(f"{files.folder}/{projection}/")]
    if files is None or not parts:
        return None
    key = ("map", store.project_id, projection, files.n_items, *parts)
    found: Positions = site.cache.get(key, lambda: _positions(files, projection, key))
    return found


def ready_files(store: ProjectStore, rows: Rows) -> MapFiles:
    """The files of the map; refused where items have no features yet."""
    files = map_files(store, rows)
    if files is None or not files.n_encoded:
        raise NotReadyError("explore: the items have no features yet.", "The first training makes them; see Progress.")
    return files


def clusters_of(files: MapFiles) -> npt.NDArray[np.int64]:
    """The cluster of each item, (n_items,); -1 where it is not known yet."""
    found = files.read(CLUSTERS)[:, 0]
    return np.where(np.isnan(found), -1, np.nan_to_num(found)).astype(np.int64)


def _layer(files: MapFiles, name: str) -> LayerView:
    n_placed = files.placed(name)
    method = files.method() if name == NEIGHBOUR else None
    n_sampled = None if method is None else min(files.n_encoded, most_sampled(method))
    return LayerView(name, n_placed, not files.missing(name), method, n_sampled)


def _positions(files: MapFiles, projection: str, key: tuple[object, ...]) -> Positions:
    values = files.read(projection)  # (n_items, 2)
    known = np.isfinite(values).all(axis=1)
    whole = np.full(values.shape, NOWHERE, dtype="<u2")
    if known.any():
        low, high = values[known].min(axis=0), values[known].max(axis=0)
        side = float((high - low).max()) or 1.0
        margin = (side - (high - low)) / 2  # in the middle of the square
        whole[known] = np.rint((values[known] - low + margin) / side * STEPS).astype("<u2")
    etag = hashlib.sha256(repr(key).encode()).hexdigest()[:32]
    return Positions(whole.tobytes(), etag)
