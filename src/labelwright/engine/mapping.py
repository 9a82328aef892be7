"""Make a project's map: fit on a sample, then place the items of each file of features.

Each part is a file that is written once, so that whoever starts again goes on where another has stopped.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine import features
from labelwright.engine.contents import blocks
from labelwright.engine.features import FeatureFile
from labelwright.engine.map_files import LAYERS, NEIGHBOUR, PCA, MapFiles, map_files
from labelwright.errors import ConflictError
from labelwright.items import make as make_kind
from labelwright.projection.clusters import Clusters, clusters, how_many, names_of_rows, names_of_texts
from labelwright.projection.neighbour import MAX_SAMPLE, NeighbourMap, method, most_sampled, neighbour_map
from labelwright.projection.plane import Axes, pca
from labelwright.store.arrays import Array
from labelwright.store.project import ProjectStore

NAMED_BY: Final = 3000  # items whose contents are read to name clusters
Floats = npt.NDArray[np.float32]
Place = Callable[[Floats], Floats]


def wanted(store: ProjectStore) -> bool:
    """Whether a part of the map is not made yet."""
    with store.read() as rows:
        row = store.row_if_any(rows)
        files = None if row is None or row.n_items == 0 else map_files(store, rows)
    return files is not None and any(files.missing(layer) for layer in LAYERS)


def make(store: ProjectStore, may_go_on: Callable[[], bool] = lambda: True) -> bool:
    """Make what is missing: the plane first, then clusters, then the map of neighbours; whether all is there.

    Parameters
    ----------
    may_go_on : callable
        Asked before each file.
    """
    with store.read() as rows:
        files = map_files(store, rows)
        kind = str(store.row(rows).config["kind"])
    if files is None:
        return False
    for layer in LAYERS:
        if not (missing := files.missing(layer)):
            continue
        if not may_go_on():
            return False
        place = _placing(files, layer, kind)
        for file in missing:
            if not may_go_on():
                return False
            with suppress(ConflictError):
                store.arrays.write(files.part(layer, file), _placed(store, file, place))
    return True


def _placed(store: ProjectStore, file: FeatureFile, place: Place) -> Array:
    """A layer of the items of a file; with their ordinals first where their content was replaced."""
    if not file.replaces:
        return place(np.asarray(store.arrays.read(file.path), dtype=np.float32))
    ordinals, rows = features.patch(store, file)
    return np.concatenate([ordinals[:, None], place(rows)], axis=1, dtype=np.float64)


def _placing(files: MapFiles, layer: str, kind: str) -> Place:
    """How a layer places items, by a fit that is read, or made now."""
    if not files.store.arrays.has(files.fit(layer)):
        with suppress(ConflictError):  # another worker was faster, and its fit is as good
            files.store.arrays.write_bundle(files.fit(layer), _fitted(files, layer))
    stored = files.store.arrays.read_bundle(files.fit(layer))
    if layer == PCA:
        return Axes(stored["mean"], stored["axes"]).place
    if layer == NEIGHBOUR:
        axes = Axes(stored["mean"], stored["axes"])
        return NeighbourMap(axes, stored["sampled"], stored["positions"], stored["parts"]).place
    groups = Clusters(stored["centres"])
    if not files.store.arrays.has(files.names):
        names = _names(files, groups, kind)
        with suppress(ConflictError):
            files.store.arrays.write_bytes(files.names, json.dumps(names, ensure_ascii=False).encode())
    return lambda rows: groups.place(rows)[:, None].astype(np.float32)


def _fitted(files: MapFiles, layer: str) -> dict[str, Array]:
    if layer == NEIGHBOUR:
        by = method()
        found = neighbour_map(_sample(files, most_sampled(by))[1], by=by)
        return {
            "mean": found.axes.mean, "axes": found.axes.axes, "sampled": found.sampled,
            "positions": found.positions, "parts": found.parts, "method": np.array([by]),
        }  # fmt: skip
    _, sample = _sample(files, MAX_SAMPLE)
    if layer == PCA:
        axes = pca(sample)
        return {"mean": axes.mean, "axes": axes.axes}
    return {"centres": clusters(sample, how_many(files.n_encoded)).centres}


def _sample(files: MapFiles, most: int) -> tuple[npt.NDArray[np.int64], Floats]:
    """Items drawn at random, always the same of as many, sorted; and their features."""
    n = files.n_encoded
    drawn = np.sort(np.random.default_rng(0).choice(n, min(n, most), replace=False))
    return drawn, features.rows_of(files.store, files.revision, drawn)


def _names(files: MapFiles, groups: Clusters, kind: str) -> list[str]:
    drawn, rows = _sample(files, NAMED_BY)
    codes, n_clusters = groups.place(rows), len(groups.centres)
    if kind not in ("text", "table"):
        return [""] * n_clusters
    bodies = [content.body for block in blocks(files.store, drawn) for content in block]
    if kind == "table":
        cells = [row if isinstance(row := body.get("row"), dict) else {} for body in bodies]
        return names_of_rows(cells, codes, n_clusters)
    reader = make_kind(kind)
    return names_of_texts([reader.search_text(body) for body in bodies], codes, n_clusters)
