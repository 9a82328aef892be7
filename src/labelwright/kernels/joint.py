"""The information that answers to a growing batch have about the members of a committee."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats
from labelwright.kernels.blocks import each_block
from labelwright.kernels.plogp import FLOOR, entropies, shannon


class Configurations:
    """The answers that a batch may get, how likely each set of them is, and what it would say about the members.

    All sets of answers are kept while there are no more than ``n_most``; beyond, a quarter as many are drawn from them
    in proportion (one from each of as many equal shares of the chances) and alike ones are counted together.

    Parameters
    ----------
    n_draws : int
        Members, equally likely before any answer.
    n_most : int

    Attributes
    ----------
    weight : float64 array of shape (n_configurations,)
        Chances, of sum 1.
    posterior : float64 array of shape (n_configurations, n_draws)
        Chances of the members after such answers.

    Notes
    -----
    Information of one more answer: sum_c weight_c (H(sum_s posterior_cs p_s) - sum_s posterior_cs H(p_s)). It needs no
    joint probabilities, which become too small for floating point in a large batch.

    Examples
    --------
    >>> batch = Configurations(2, 100)
    >>> members = np.array([[0.0, 1.0], [1.0, 0.0]])  # (n_draws, n_classes), one item
    >>> batch.information(members[:, None], np.zeros((2, 1))).round(4)
    array([0.6931])
    >>> batch.add(members, np.random.default_rng(0))
    >>> batch.posterior.tolist(), batch.information(members[:, None], np.zeros((2, 1))).round(4).tolist()
    ([[0.0, 1.0], [1.0, 0.0]], [0.0])
    """

    def __init__(self, n_draws: int, n_most: int) -> None:
        self.n_most = n_most
        self.weight: npt.NDArray[np.float64] = np.ones(1)
        self.posterior: npt.NDArray[np.float64] = np.full((1, n_draws), 1 / n_draws)

    def add(self, members: Floats, rng: np.random.Generator) -> None:
        """Put an item into the batch; ``members`` (n_draws, n_classes) is what each says of it."""
        joint = self.posterior[:, None, :] * members.T.astype(np.float64)  # (n_configurations, n_classes, n_draws)
        joint = joint.reshape(-1, joint.shape[2])
        chance = joint.sum(axis=1)
        weight = np.repeat(self.weight, members.shape[1]) * chance
        there = np.flatnonzero(weight > 0)
        if len(there) > self.n_most:
            edges, n_drawn = np.cumsum(weight[there]), max(1, self.n_most // 4)
            at = (np.arange(n_drawn) + rng.random(n_drawn)) * (edges[-1] / n_drawn)
            kept, counts = np.unique(np.searchsorted(edges, at).clip(max=len(there) - 1), return_counts=True)
            there, self.weight = there[kept], counts / n_drawn
        else:
            self.weight = weight[there] / weight[there].sum()
        self.posterior = joint[there] / chance[there, None]

    def information(
        self, draws: Floats, spread: Floats, max_bytes: int | None = None, slack: float = 0.0
    ) -> npt.NDArray[np.float64]:
        """The information of one more answer about the members, (n_items,), in nats.

        Parameters
        ----------
        draws : array of shape (n_draws, n_items, n_classes)
            In whose precision this is computed.
        spread : array of shape (n_draws, n_items)
            The entropy of each member's probabilities.
        slack : float
            Nats that may be left out, so that configurations which hardly count are not looked at.
        """
        n_draws, n_items, n_classes = draws.shape
        counted = self._counted(slack)
        columns = np.ascontiguousarray(self.posterior[counted].T, dtype=draws.dtype)  # (n_draws, n_configurations)
        weights = self.weight[counted].astype(draws.dtype)
        known = (self.weight[counted] @ self.posterior[counted]) @ spread.astype(np.float64)  # (n_items,)
        out = np.empty(n_items)
        tile_bytes = None if max_bytes is None else max_bytes // 2

        def work(cut: slice) -> None:
            some = np.maximum(draws[:, cut], FLOOR, dtype=draws.dtype)
            rows = np.ascontiguousarray(some.reshape(n_draws, -1).T)  # (n_some * n_classes, n_draws)
            out[cut] = entropies(rows, columns, weights, tile_bytes).reshape(-1, n_classes).sum(axis=1)

        row_bytes = 6 * draws.itemsize * n_draws * n_classes
        if max_bytes is None:  # enough blocks for all cores
            row_bytes = max(row_bytes, 2**24 // 128)
        each_block(work, n_items, row_bytes, max_bytes, "batch-bald")
        return out - known

    def _counted(self, slack: float) -> npt.NDArray[np.int64]:
        """Configurations without those that could add less than the slack of information in total."""
        left = self.weight * shannon(self.posterior)
        order = np.argsort(left, kind="stable")
        return np.sort(order[np.searchsorted(np.cumsum(left[order]), slack) :])
