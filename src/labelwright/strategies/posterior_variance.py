"""Ask for the numbers that leave a fitted Gaussian process the least uncertain about the pool."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, Ints
from labelwright.evidence.base import Evidence
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.covering import sample
from labelwright.strategies.shared.selection import Picks

MAX_LABELED = 500  # answers that the process is fitted on, and items labeled or in flight that it is conditioned on
N_SAMPLED = 1000  # candidates, which are also what is covered
LENGTHS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)  # tried, for features of mean squared length 1
NOISES = np.logspace(-3, 1, 13)  # tried, as shares of the variance of the answers


class PosteriorVariance(Strategy):
    """Each pick lowers the mean posterior variance of a Gaussian process over the pool the most.

    The kernel is Gaussian and its width and noise are fitted to the answers by the marginal likelihood, so that a
    smooth target spreads the picks widely and a noisy one makes them representative. The score is what a pick
    takes from the mean variance, as a share of the variance before any answer, between 0 and 1. Not with features
    in which near items do not have near numbers.

    Notes
    -----
    For candidate j with posterior covariances S, the gain is the mean over i of S_ij^2 / (S_jj + noise); S is then
    conditioned on the pick, whose answer it does not depend on. Of a larger pool 1,000 items are sampled. Cost: six
    eigendecompositions of the answers, and a pass over a matrix of 1,000 x 1,000 a pick.
    """

    name = "posterior-variance"
    family = "regression"
    tasks = ("regression",)
    needs = ("embed", "answers")
    batch_aware = True
    has_gain = True
    reference = "Seo, Wallat, Graepel, Obermayer (2000). Gaussian process regression: active data selection, sec. 3"

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        some = sample(evidence.n_items, max(n, N_SAMPLED), rng)
        order = some[np.argsort(evidence.keys(rng)(some), kind="stable")]  # so that sums do not depend on the order
        Z = evidence.embed_at(order).astype(np.float64)
        known = evidence.embed_labeled.astype(np.float64)
        mean = Z.mean(axis=0)
        scale = float(np.sqrt(Z.var(axis=0).sum())) or 1.0
        Z, known = (Z - mean) / scale, (known - mean) / scale
        some = sample(len(evidence.answers), MAX_LABELED, rng)
        length, noise = _fitted(known[some], np.asarray(evidence.answers, dtype=np.float64)[some])
        seen = known[sample(len(known), MAX_LABELED, rng)]
        across = _kernel(Z, seen, length)
        posterior = np.linalg.solve(_kernel(seen, seen, length) + noise * np.eye(len(seen)), across.T)
        covariance = _kernel(Z, Z, length) - across @ posterior
        cost = np.ones(len(order)) if evidence.costs is None else evidence.costs[order]
        picks, scores = _greedy(covariance, noise, cost, n, evidence, order)
        return Picks(order[picks], scores, {"posterior-variance": scores})


def _kernel(A: Floats, B: Floats, length: float) -> Floats:
    """Covariances of a process of variance 1, (len(A), len(B))."""
    squared = (A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1) - 2 * (A @ B.T)
    return np.asarray(np.exp(-np.maximum(squared, 0) / (2 * length**2)))


def _fitted(Z: Floats, y: Floats) -> tuple[float, float]:
    """Width and noise of the largest marginal likelihood, where the process has the variance of the answers."""
    rest = (y - y.mean()) / (float(y.std()) or 1.0)
    best, found = -np.inf, (1.0, 1.0)
    for length in LENGTHS:
        value, axes = np.linalg.eigh(_kernel(Z, Z, length))
        power = (axes.T @ rest) ** 2
        for noise in NOISES:
            spectrum = np.maximum(value, 0) + noise
            likelihood = -0.5 * float((power / spectrum + np.log(spectrum)).sum())
            if likelihood > best:
                best, found = likelihood, (length, float(noise))
    return found


def _greedy(S: Floats, noise: float, cost: Floats, n: int, evidence: Evidence, order: Ints) -> tuple[Ints, Floats]:
    """Positions in the order, and what each takes from the mean variance a unit of cost; one of each group."""
    free = np.ones(len(order), dtype=bool)
    place = {int(item): k for k, item in enumerate(order)} if evidence.groups is not None else {}
    picks: list[int] = []
    gains: list[float] = []
    while len(picks) < n and free.any():
        spread = np.maximum(S.diagonal(), 0) + noise
        gain = np.where(free, (S**2).mean(axis=0) / spread / cost, -1.0)
        j = int(gain.argmax())
        picks.append(j)
        gains.append(float(gain[j]))
        free[j] = False
        for item in evidence.closes(int(order[j])) if place else ():
            free[place.get(int(item), j)] = False
        S = S - np.outer(S[:, j], S[j]) / spread[j]
    return np.array(picks, dtype=np.int64), np.array(gains)
