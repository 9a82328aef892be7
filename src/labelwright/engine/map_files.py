"""The files of a project's map: one for each file of features, beside the fits that made them.

They follow from the features, and no event names them: whoever loses them has them made anew. A layer is complete
when each file of features has its file of the map.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine import features
from labelwright.engine.cycle import Cycle
from labelwright.engine.features import FeatureFile
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

PCA, NEIGHBOUR, CLUSTERS = "pca", "neighbour", "clusters"
MAP: Final = "map"  # the folder of the map within that of the features
LAYERS: Final = (PCA, CLUSTERS, NEIGHBOUR)  # in the order in which they are made
WIDTH: Final = {PCA: 2, NEIGHBOUR: 2, CLUSTERS: 1}
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class MapFiles:
    """The map of the features that the published ranking was made with.

    Attributes
    ----------
    store : ProjectStore
    revision : str
        Of the features.
    folder : str
        Of the map, within that of the features.
    n_items : int
        Visible items of the project; some may have no features yet.
    features : tuple of FeatureFile
    """

    store: ProjectStore
    revision: str
    folder: str
    n_items: int
    features: tuple[FeatureFile, ...]

    @property
    def n_encoded(self) -> int:
        """Items that have features; their ordinals are below it."""
        return max((file.first + file.n_items for file in self.features if not file.replaces), default=0)

    def fit(self, layer: str) -> str:
        """The file that a layer's items are placed by."""
        return f"{self.folder}/{layer}-fit.npz"

    @property
    def names(self) -> str:
        """The file of the names of clusters."""
        return f"{self.folder}/clusters-names.json"

    def part(self, layer: str, file: FeatureFile) -> str:
        """The file that holds a layer of the items of a file of features."""
        return f"{self.folder}/{layer}/{file.path.rpartition('/')[2]}"

    def missing(self, layer: str) -> list[FeatureFile]:
        """Files of features whose items are not placed yet."""
        return [file for file in self.features if not self.store.arrays.has(self.part(layer, file))]

    def placed(self, layer: str) -> int:
        """How many items are placed, without gaps from the first."""
        ranges = [file for file in self.features if not file.replaces]
        there = [file for file in ranges if self.store.arrays.has(self.part(layer, file))]
        return max((file.first + file.n_items for file in there), default=0)

    @cached_property
    def state(self) -> tuple[str, ...]:
        """What is there of each layer; the same as long as nothing was added."""
        return tuple(
            self.part(layer, file) for layer in LAYERS for file in self.features
            if self.store.arrays.has(self.part(layer, file))
        )  # fmt: skip

    def read(self, layer: str) -> Floats:
        """A layer of all items, (n_items, width) float32; NaN where an item is not placed yet."""
        values = np.full((self.n_items, WIDTH[layer]), np.nan, dtype=np.float32)
        for file in self.features:
            path = self.part(layer, file)
            if not self.store.arrays.has(path):
                continue
            stored = self.store.arrays.read(path)
            if file.replaces:
                ordinals = stored[:, 0].astype(np.int64)
                values[ordinals[ordinals < self.n_items]] = stored[ordinals < self.n_items, 1:]
            else:
                values[file.first : file.first + file.n_items] = stored[: max(0, self.n_items - file.first)]
        return values

    def cluster_names(self) -> list[str]:
        """What tells each cluster from the rest; "" where nothing does."""
        if not self.store.arrays.has(self.names):
            return []
        return [str(name) for name in json.loads(self.store.arrays.read_bytes(self.names))]

    def method(self) -> str | None:
        """By what the neighbours' map was embedded; None while it is not there."""
        if not self.store.arrays.has(self.fit(NEIGHBOUR)):
            return None
        return str(self.store.arrays.read_bundle(self.fit(NEIGHBOUR))["method"][0])


def map_files(store: ProjectStore, rows: Rows) -> MapFiles | None:
    """The files of the map as of now; None where no ranking was made with features."""
    row = store.row(rows)
    if row.awaits_features:
        return None
    revision = Cycle(store, row.cycle).inputs.revision
    folder = features.folder_of(rows, revision)
    if folder is None:
        return None
    return MapFiles(store, revision, f"{folder}/{MAP}", row.n_items, tuple(features.files_of(rows, revision)))
