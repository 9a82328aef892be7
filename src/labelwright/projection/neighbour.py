"""A map that keeps neighbours: a sample is embedded, the rest is placed by its nearest sampled neighbours."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.check import complain
from labelwright.kernels.blocks import blocks
from labelwright.kernels.distances import squared_distances, squared_norms
from labelwright.kernels.k_means import closest, k_means
from labelwright.kernels.places import Places
from labelwright.projection.plane import Axes, Matrix, Positions, pca

MAX_SAMPLE: Final = 20_000
MAX_WITHOUT_EXTRA: Final = 5_000  # the Barnes-Hut method of scikit-learn takes a minute for as many
N_AXES: Final = 50  # principal components in which neighbours are looked for
PERPLEXITY: Final = 15.0
EARLY, ROUNDS = 150, 300  # rounds of the embedding; after that a map of 20,000 changes little
N_NEIGHBOURS: Final = 10
N_BESIDE: Final = 8  # parts of the sample in which the neighbours of an item are looked for
PART_SIZE: Final = 150  # sampled items in a part, on average
FULL, SMALLER = "openTSNE", "scikit-learn"


@dataclass(frozen=True, eq=False)
class NeighbourMap:
    """Sampled items with their positions.

    Attributes
    ----------
    axes : Axes
        In which neighbours are looked for.
    sampled : float32 array of shape (n_sampled, n_axes)
        The sampled items along the axes.
    positions : float32 array of shape (n_sampled, 2)
    parts : float32 array of shape (n_parts, n_axes)
        Centres of the parts into which the sample is cut.
    """

    axes: Axes
    sampled: Matrix
    positions: Positions
    parts: Matrix

    def place(self, rows: Matrix, k: int = N_NEIGHBOURS) -> Positions:
        """Positions of any items, (n_items, 2) float32: the mean of k near sampled ones, by inverse distance.

        An item that is in the sample comes to lie where it was embedded. The inverse is of the squared distance,
        so that the nearest has the most to say.

        Parameters
        ----------
        rows : array of shape (n_items, n_dims)
        k : int
            At least 1.

        Notes
        -----
        Neighbours are looked for in the parts of the sample around the item's own: nearly always the nearest, at a
        twentieth of the cost of comparing with the whole sample.
        """
        placed = self.axes.place(rows)
        out = np.empty((len(rows), 2), dtype=np.float32)
        smallest = 1e-9 * max(float(squared_norms(self.sampled).mean()), 1e-20)
        own = closest(Places(placed), self.parts)
        for part, known in enumerate(self._around):
            here, points = np.flatnonzero(own == part), self.sampled[known]
            norms = squared_norms(points)
            for cut in blocks(len(here), 16 * len(known), None, "projection"):
                idx = here[cut]
                squares = squared_distances(placed[idx], points, norms)  # (n_block, n_known)
                few = min(k, len(known))
                near = np.argpartition(squares, few - 1, axis=1)[:, :few]
                weights = 1 / np.maximum(np.take_along_axis(squares, near, axis=1), smallest)
                weights /= weights.sum(axis=1, keepdims=True)
                out[idx] = np.einsum("ij,ijk->ik", weights, self.positions[known[near]])
        return out

    @cached_property
    def _around(self) -> list[npt.NDArray[np.int64]]:
        """For each part, the sampled items in it and in the parts next to it."""
        own = closest(Places(self.sampled), self.parts)
        gaps = squared_distances(self.parts, self.parts)
        beside = np.argsort(gaps, axis=1, kind="stable")[:, :N_BESIDE]
        return [np.flatnonzero(np.isin(own, some)) for some in beside]


def method() -> str:
    """What embeds the sample here: "openTSNE" with the extra `map`, else "scikit-learn"."""
    return FULL if importlib.util.find_spec("openTSNE") is not None else SMALLER


def most_sampled(by: str) -> int:
    """How many items a method embeds; the rest is placed.

    >>> most_sampled("openTSNE"), most_sampled("scikit-learn")
    (20000, 5000)
    """
    return MAX_SAMPLE if by == FULL else MAX_WITHOUT_EXTRA


def neighbour_map(sample: Matrix, *, random_state: int = 0, by: str | None = None) -> NeighbourMap:
    """Embed a sample so that neighbours stay neighbours.

    Parameters
    ----------
    sample : array of shape (n_rows, n_dims)
        At most ``most_sampled(by)`` rows, finite.
    random_state : int
    by : str, optional
        "openTSNE" or "scikit-learn"; what is installed if left out.

    Raises
    ------
    InputError
        If the sample is empty or too large.

    Notes
    -----
    The embedding begins at the principal components, so that the large structure is the same from one run to the
    next, and with the same libraries on the same machine so is the rest.

    References
    ----------
    Poličar, Stražar, Zupan (2024). openTSNE: a modular Python library for t-SNE dimensionality reduction and embedding.
    Kobak, Berens (2019). The art of using t-SNE for single-cell transcriptomics, sec. "Results".

    Examples
    --------
    >>> rows = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    >>> found = neighbour_map(rows, by="scikit-learn")
    >>> bool(np.allclose(found.place(rows), found.positions, atol=0.1))
    True
    """
    by = by or method()
    most = most_sampled(by)
    if not 1 <= len(sample) <= most:
        raise complain("neighbour_map", "sample", f"from 1 to {most} rows", len(sample), "Draw a smaller sample.")
    axes = pca(sample, min(N_AXES, sample.shape[1]))
    places = axes.place(sample)  # (n_rows, n_axes)
    start = _start(places)
    if len(places) < 5:  # too few to have neighbours
        return NeighbourMap(axes, places, start, places[:1])
    perplexity = min(PERPLEXITY, (len(places) - 1) / 3)
    embed = _by_open_tsne if by == FULL else _by_scikit_learn
    positions = np.asarray(embed(places, start, perplexity, random_state), dtype=np.float32)
    n_parts = -(-len(places) // PART_SIZE)
    parts, _ = k_means(places, np.ones(len(places)), n_parts, np.random.default_rng(random_state))
    return NeighbourMap(axes, places, positions, parts)


def _start(places: Matrix) -> Positions:
    """The first two components, small as the methods want them; a hair apart where items are equal."""
    start = np.zeros((len(places), 2), dtype=np.float64)
    width = min(2, places.shape[1])
    start[:, :width] = places[:, :width]
    spread = start[:, 0].std()
    start *= 1e-4 / (spread if spread > 0 else 1.0)
    start += np.random.default_rng(0).normal(0, 1e-6, start.shape)
    return start.astype(np.float32)


def _by_open_tsne(
    places: Matrix, start: Positions, perplexity: float, random_state: int
) -> npt.NDArray[np.floating]:  # fmt: skip
    from openTSNE import TSNE

    few = len(places) < 2000
    made = TSNE(
        perplexity=perplexity, initialization=start.astype(np.float64), random_state=random_state, n_jobs=-1,
        early_exaggeration_iter=EARLY, n_iter=ROUNDS,
        neighbors="exact" if few else "annoy", negative_gradient_method="bh" if few else "fft",
    )  # fmt: skip
    return np.asarray(made.fit(places))


def _by_scikit_learn(
    places: Matrix, start: Positions, perplexity: float, random_state: int
) -> npt.NDArray[np.floating]:  # fmt: skip
    from sklearn.manifold import TSNE

    return np.asarray(TSNE(perplexity=perplexity, init=start, random_state=random_state).fit_transform(places))
