"""Gradients of a softmax layer as the model expects them, never made: (p - e) times (h, 1) for the likeliest class."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints
from labelwright.kernels.places import Places


class Gradients:
    """Squared lengths and distances between gradient embeddings, from their factors.

    Row i is the outer product of a_i = p_i - e(likeliest class) and (h_i, 1), so that
    <g_i, g_j> = (a_i . a_j) (h_i . h_j + 1).

    Parameters
    ----------
    proba : array of shape (n_items, n_classes)
    places : Places
        Inputs h of the last layer.

    Examples
    --------
    >>> g = Gradients(np.array([[0.5, 0.5], [1.0, 0.0]], dtype=np.float32), Places(np.zeros((2, 3))))
    >>> g.norms().tolist(), g.nearest(np.array([0])).tolist()
    ([0.5, 0.0], [0.0, 0.5])
    """

    def __init__(self, proba: Floats, places: Places) -> None:
        self.proba, self.places = proba, places
        self.top = np.empty(len(places), dtype=np.int64)
        self._norms = np.empty(len(places), dtype=np.float32)
        lengths = places.norms

        def work(cut: slice, rows: npt.NDArray[np.float32]) -> None:
            p = proba[cut]
            self.top[cut] = p.argmax(axis=1)
            squares = np.einsum("nk,nk->n", p, p) - 2 * p[np.arange(len(p)), self.top[cut]] + 1
            self._norms[cut] = np.maximum(squares, 0) * (lengths[cut] + 1)

        places.each(work, 8 * proba.shape[1] + 32)

    def norms(self) -> npt.NDArray[np.float32]:
        """Squared length of each gradient, (n_items,)."""
        return self._norms

    def nearest(self, picks: Ints) -> npt.NDArray[np.float32]:
        """Squared distance of each gradient to the nearest of some, (n_items,)."""
        a, h = self._factors(picks)
        out = np.empty(len(self.places), dtype=np.float32)

        def work(cut: slice, rows: npt.NDArray[np.float32]) -> None:
            out[cut] = self._squares(cut, rows, a, h, self._norms[picks]).min(axis=1)

        self.places.each(work, 16 * len(picks) + 32)
        return out

    def nearest_of(self, row: int, picks: Ints) -> float:
        """The same for one gradient."""
        a, h = self._factors(picks)
        cut = np.array([row])
        return float(self._squares(cut, self.places[cut], a, h, self._norms[picks]).min())

    def _factors(self, picks: Ints) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        a = np.array(self.proba[picks], dtype=np.float32)
        a[np.arange(len(picks)), self.top[picks]] -= 1
        return a, self.places[picks]

    def _squares(self, cut: slice | Ints, rows: Floats, a: Floats, h: Floats, norms: Floats) -> Floats:
        inner = rows @ h.T  # (n_rows, n_picks)
        inner += 1
        across = np.asarray(self.proba[cut], dtype=np.float32) @ a.T
        across -= a.T[self.top[cut]]
        inner *= across
        inner *= -2
        inner += norms
        inner += self._norms[cut][:, None]
        return np.maximum(inner, 0, out=inner)
