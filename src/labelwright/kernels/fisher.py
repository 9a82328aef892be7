"""Greedy trace minimisation with rank-one updates: each row adds its outer product to the information."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats
from labelwright.kernels.places import CACHED, Places

N_FRONTS = 4  # times that candidates are chosen anew where not all rows are


class Weighted:
    """Rows (h, 1) times a weight each: the factors of binary Fisher information, never made whole.

    Parameters
    ----------
    places : Places
        Inputs h of the last layer.
    weight : float32 array of shape (n_items,)
    """

    def __init__(self, places: Places, weight: npt.NDArray[np.float32]) -> None:
        self.places, self.weight = places.check(), weight
        self.n_dims = places.n_dims + 1

    def at(self, position: int) -> npt.NDArray[np.float64]:
        """One row, (n_dims,)."""
        row = np.append(self.places[np.array([position])][0], np.float32(1)).astype(np.float64)
        return row * float(self.weight[position])

    def learn(self, a: Floats, c: Floats, u: Floats, z: Floats, s: float, e: float) -> None:
        """Bring the forms a and c, both (n_items,), up to date after a pick; see `least_trace`."""
        U, Z = u.astype(np.float32), z.astype(np.float32)

        def work(cut: slice, rows: npt.NDArray[np.float32]) -> None:
            along = (rows @ U[:-1] + U[-1]) * self.weight[cut]
            across = (rows @ Z[:-1] + Z[-1]) * self.weight[cut]
            a[cut] -= along * along / s
            c[cut] += along * (e / s * along - 2 * across) / s

        self.places.each(work, 64, at_most=CACHED)

    def forms(self, *matrices: Floats) -> npt.NDArray[np.float32]:
        """The quadratic form of each row with some symmetric matrices, (n_matrices, n_items)."""
        small = [np.ascontiguousarray(M, dtype=np.float32) for M in matrices]
        out = np.empty((len(matrices), len(self.places)), dtype=np.float32)

        def work(cut: slice, rows: npt.NDArray[np.float32]) -> None:
            for k, M in enumerate(small):
                inner = rows @ M[:-1, :-1]
                inner += 2 * M[-1, :-1]
                out[k, cut] = (np.einsum("nd,nd->n", inner, rows) + M[-1, -1]) * self.weight[cut] ** 2

        self.places.each(work, 8 * self.n_dims + 32)
        return out

    def front(
        self, A: Floats, middle: Floats, closed: npt.NDArray[np.bool_], m: int
    ) -> tuple[npt.NDArray[np.int64], Weighted]:
        """Positions of the m open rows with the highest gains, sorted, and these rows; all where there are no more."""
        if len(self.weight) <= m:
            return np.arange(len(self.weight)), self
        a, c = self.forms(A, middle)
        gain = np.where(closed, -1, np.maximum(c, 0) / (1 + a))
        some = np.sort(np.argpartition(gain, len(gain) - m)[len(gain) - m :])
        return some, Weighted(Places(self.places[some], max_bytes=self.places.max_bytes), self.weight[some])

    def information(self) -> npt.NDArray[np.float64]:
        """The sum of outer products of all rows, (n_dims, n_dims)."""

        def work(cut: slice, rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
            V = np.column_stack([rows, np.ones(len(rows), dtype=np.float32)]) * self.weight[cut, None]
            return (V.T @ V).astype(np.float64)

        return np.asarray(np.sum(self.places.each(work, 12 * self.n_dims + 16), axis=0))


def least_trace(
    rows: Weighted,
    known: Floats,
    wanted: Floats,
    n: int,
    closes: Callable[[int], npt.NDArray[np.int64]],
    first: Callable[[npt.NDArray[np.int64]], int],
    oversampling: float = 2.0,
    max_candidates: int = 10_000,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Pick n rows that greedily minimise tr((known + sum v v')^-1 wanted): more at first, then the least useful out.

    Parameters
    ----------
    rows : Weighted
    known : array of shape (n_dims, n_dims)
        Information held already, positive definite.
    wanted : array of shape (n_dims, n_dims)
        Information that would be held if all were labeled.
    n : int
    closes : callable
        Positions that may not be picked after a pick.
    first : callable
        Which of some tied positions comes first.
    oversampling : float
        Rows picked forward over n, at least 1.
    max_candidates : int
        Where there are more rows, those with the highest gains are looked at, and chosen anew four times.

    Returns
    -------
    positions : int64 array of shape (at most n,)
    gain : array of shape (at most n,)
        What the pick took from the trace when it came.

    Notes
    -----
    With A = M^-1, a_i = v_i' A v_i and c_i = v_i' A F A v_i, adding v_i takes c_i / (1 + a_i) from the trace
    (Sherman and Morrison). After a pick v with u = A v, s = 1 + v'u, z = F-weighted A F u and e = u' F u,
    a_i and c_i change by products with u and z alone: one pass over the candidates a pick.

    References
    ----------
    Ash, Goel, Krishnamurthy, Kakade (2021). Gone fishing: neural active learning with Fisher embeddings, alg. 1.
    """
    A = np.linalg.inv(known)
    A = (A + A.T) / 2
    n_wanted = min(len(rows.weight), int(np.ceil(n * oversampling)))
    closed = np.zeros(len(rows.weight), dtype=bool)
    picks: list[int] = []
    gains: list[float] = []
    while len(picks) < n_wanted and not closed.all():
        front, part = rows.front(A, A @ wanted @ A, closed, max_candidates)
        a, c = part.forms(A, A @ wanted @ A).astype(np.float64)
        turn = n_wanted if len(front) == len(closed) else max(1, n_wanted // N_FRONTS)
        for _ in range(min(turn, n_wanted - len(picks))):
            gain = np.where(closed[front], -1, np.maximum(c, 0) / (1 + a))  # below 0 by rounding alone
            best = gain.max(initial=-1)
            if best < 0:
                break
            pick = first(front[gain == best])
            picks.append(pick)
            gains.append(float(best))
            closed[closes(pick)] = True
            v = rows.at(pick)
            u = A @ v
            s, z, e = 1 + float(v @ u), A @ (wanted @ u), float(u @ wanted @ u)
            A -= np.outer(u, u) / s
            part.learn(a, c, u, z, s, e)
    kept = _pruned(np.stack([rows.at(pick) for pick in picks]), A, wanted, n) if picks else []
    return np.array([picks[k] for k in kept], dtype=np.int64), np.array([gains[k] for k in kept])


def _pruned(V: Floats, A: Floats, wanted: Floats, n: int) -> list[int]:
    """Which rows stay when the one that costs the trace least is left out, again and again.

    With a downdate A' = A + u u' / (1 - a), u = A v, both V A V' and V A F A V' change by products of two columns.
    """
    kept = list(range(len(V)))
    inner, across = V @ A @ V.T, V @ A @ wanted @ A @ V.T  # (n_rows, n_rows)
    while len(kept) > n:
        a, c = np.diag(inner)[kept], np.diag(across)[kept]
        out = kept[int(np.argmin(c / np.maximum(1 - a, 1e-12)))]
        left = max(1 - inner[out, out], 1e-12)
        g, h = inner[:, out].copy(), across[:, out].copy()
        inner += np.outer(g, g) / left
        across += (np.outer(g, h) + np.outer(h, g)) / left + h[out] / left**2 * np.outer(g, g)
        kept.remove(out)
    return kept
