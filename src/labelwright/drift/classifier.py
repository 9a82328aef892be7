"""Whether a classifier can tell two samples apart."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.check import Bools, Floats, Ints, check_count
from labelwright.drift.base import Drift, DriftTest
from labelwright.drift.fourier import fourier
from labelwright.drift.samples import Pooled, chance

N_FOLDS = 5
PENALTY = 0.01  # of the squared weights, a training item


class Classifier(DriftTest):
    """The classifier two-sample test: AUC of a classifier by cross-validation, with a permutation test.

    The effect is ``2 AUC - 1``: 0 where the samples cannot be told apart, 1 where each item shows its sample.

    Parameters
    ----------
    n_permutations : int
        The least p-value is one over one more than these.

    Notes
    -----
    The classifier is ridge regression on the columns and 256 random Fourier features of them. Its weights are linear in
    the labels, so all permutations are trained in one product, and the test is exact: every permutation is trained
    and cross-validated anew on the same folds. Units of one group are in one fold.

    References
    ----------
    Lopez-Paz, Oquab (2017). Revisiting classifier two-sample tests, ICLR.

    Examples
    --------
    >>> from labelwright.drift.samples import pool
    >>> rng = np.random.default_rng(0)
    >>> found = Classifier().test(pool(rng.normal(size=(50, 2)), rng.normal(size=(50, 2)) + 3), rng)
    >>> round(found.p_value, 3), found.effect > 0.9
    (0.005, True)
    """

    name: ClassVar[str] = "classifier"
    takes: ClassVar[str] = "embeddings, or columns of numbers"
    effect: ClassVar[str] = "2 AUC - 1, 0 to 1"
    reference: ClassVar[str] = "Lopez-Paz, Oquab (2017). Revisiting classifier two-sample tests, ICLR"

    def __init__(self, *, n_permutations: int = 200) -> None:
        self.n_permutations = check_count("classifier", "n_permutations", n_permutations, low=19)

    def test(self, pooled: Pooled, rng: np.random.Generator) -> Drift:
        """Compare how well the samples can be told apart with how well permuted ones can."""
        import pandas as pd

        values = pooled.embedded("classifier")
        spread = np.sqrt((values**2).sum(axis=1).mean())
        features = np.hstack([values / max(float(spread), 1e-12), fourier(values, rng)])
        sides = pooled.permuted(self.n_permutations, rng)
        n_units = int(pooled.units.max()) + 1
        folds = (rng.permutation(n_units) % N_FOLDS)[pooled.units]
        scores = _out_of_fold(features, sides, folds)
        areas = _areas(scores, sides, folds)
        effect = max(0.0, 2 * float(areas[0]) - 1)
        sizes = (pooled.n_reference, pooled.n_current)
        return Drift(chance(areas), effect, pd.DataFrame(), self.name, *sizes, scores[pooled.is_current, 0])


def _out_of_fold(features: Floats, sides: Bools, folds: Ints) -> Floats:
    """Scores of each item by the classifiers of the other folds, (n_items, n_permutations + 1)."""
    targets = sides.T.astype(np.float64)
    scores = np.empty_like(targets)
    for fold in range(N_FOLDS):
        held = folds == fold
        X, y = features[~held], targets[~held]
        center = X.mean(axis=0)
        gram = (X - center).T @ (X - center) + PENALTY * len(X) * np.eye(X.shape[1])
        weights = np.linalg.solve(gram, (X - center).T @ (y - y.mean(axis=0)))
        scores[held] = (features[held] - center) @ weights
    return scores


def _areas(scores: Floats, sides: Bools, folds: Ints) -> Floats:
    """Area under the curve of each permutation over pairs within a fold, (n_permutations + 1,)."""
    from scipy.stats import rankdata

    above, pairs = np.zeros(len(sides)), np.zeros(len(sides))
    for fold in range(N_FOLDS):
        held = folds == fold
        current = sides[:, held].T
        ranks = rankdata(scores[held], axis=0)
        n = current.sum(axis=0)
        above += (ranks * current).sum(axis=0) - n * (n + 1) / 2
        pairs += n * (len(current) - n)
    return np.asarray(np.divide(above, pairs, out=np.full(len(sides), 0.5), where=pairs > 0))
