"""Ask about items whose prediction flips when features are left out, spread over the pool."""

from __future__ import annotations

from typing import Any

import numpy as np

from labelwright.check import check_between, check_count, complain
from labelwright.evidence.base import Evidence
from labelwright.kernels.k_means import k_means
from labelwright.strategies.base import Strategy
from labelwright.strategies.k_means import one_each
from labelwright.strategies.shared.covering import in_key_order, sample
from labelwright.strategies.shared.duplicates import first_of_each
from labelwright.strategies.shared.selection import Picks

MAX_ITEMS = 20_000  # flipped items that the centres are found on


class DropQuery(Strategy):
    """Items whose likeliest class changes in most looks with features left out; one from each of n clusters.

    The score is the share of looks that flip, between 0 and 1. For a linear model on embeddings of a large
    network, a few labels a class. Not on raw columns, where each feature matters and leaving three quarters out says
    little.

    Parameters
    ----------
    n_looks : int
        Predictions with features left out.
    rate : float
        Share of the features set to 0, between 0.05 and 0.95; the rest are scaled up by 1 / (1 - rate).

    Notes
    -----
    Where fewer than n items flip, the rest are those nearest to flipping: the model's doubt decides. Cost:
    n_looks predictions of the pool, and Lloyd's rounds on what flips.
    """

    name = "dropquery"
    family = "hybrid"
    tasks = ("classification",)
    needs = ("proba", "changed", "embed")
    batch_aware = True
    drawn = True
    reference = "Gupte et al. (2024). Revisiting active learning with foundation models, sec. 4"

    def __init__(self, *, n_looks: int = 3, rate: float = 0.75) -> None:
        self.n_looks = check_count("dropquery", "n_looks", n_looks)
        check_between("dropquery", "rate", rate, 0.05, 0.95)
        self.rate = float(rate)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        evidence.places.check()
        before = np.arange(evidence.n_items), evidence.proba.argmax(axis=1)
        flips = np.zeros(evidence.n_items, dtype=np.float32)
        for _ in range(self.n_looks):
            changed = evidence.predictions_changed(lambda rows: self._dropped(rows, rng))
            after = evidence.proba_task.proba(changed)
            flips += after[before] < after.max(axis=1)  # a tie is no flip
        flips /= self.n_looks
        unsure = np.flatnonzero(flips > 0.5)
        picks = np.empty(0, dtype=np.int64)
        if len(unsure) > n:
            among = evidence.subset(unsure)
            some = in_key_order(among, sample(len(unsure), max(MAX_ITEMS, 2 * n), rng), rng)
            X = among.embed_at(some)
            picks = unsure[one_each(among, k_means(X, np.ones(len(X)), n, rng)[0])[0]]
        rest = np.lexsort((-evidence.doubt, -flips))[: 4 * n]
        picks = np.concatenate([picks, rest[first_of_each(evidence, rest, n - len(picks), picks)]])
        return Picks(picks, flips[picks].astype(np.float64), {"flips": flips[picks].astype(np.float64)})

    def _dropped(self, rows: Any, rng: np.random.Generator) -> Any:
        """Rows with some features set to 0; one byte of chance a number."""
        if hasattr(rows, "tocsr"):
            rows = rows.tocsr(copy=True)
            rows.data *= self._mask(rows.data.shape, rng)
            return rows
        if getattr(rows, "dtype", None) is None or rows.dtype.kind not in "fiub":
            raise complain("dropquery", "X", "numeric", type(rows).__name__, "Encode the columns first.")
        return rows * self._mask(rows.shape, rng)

    def _mask(self, shape: tuple[int, ...], rng: np.random.Generator) -> Any:
        limit = round(256 * self.rate)
        kept = np.frombuffer(rng.bytes(int(np.prod(shape))), dtype=np.uint8).reshape(shape) >= limit
        return kept * np.float32(256 / (256 - limit))
