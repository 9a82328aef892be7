"""Whether two samples of embeddings differ in their means under a kernel."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.check import check_count
from labelwright.drift.base import Drift, DriftTest
from labelwright.drift.fourier import fourier
from labelwright.drift.samples import Pooled, chance


class Mmd(DriftTest):
    """The maximum mean discrepancy of a Gaussian kernel, with a permutation test.

    Sees any change of a distribution, best a broad one. The effect is the discrepancy, from 0 to about 1.4.

    Parameters
    ----------
    n_permutations : int
        The least p-value is one over one more than these.

    References
    ----------
    Gretton and others (2012). A kernel two-sample test, JMLR 13, lemma 6.

    Examples
    --------
    >>> from labelwright.drift.samples import pool
    >>> rng = np.random.default_rng(0)
    >>> found = Mmd().test(pool(rng.normal(size=(50, 2)), rng.normal(size=(50, 2)) + 1), rng)
    >>> round(found.p_value, 3)
    0.005
    """

    name: ClassVar[str] = "mmd"
    takes: ClassVar[str] = "embeddings, or columns of numbers"
    effect: ClassVar[str] = "maximum mean discrepancy, 0 to 1.4"
    reference: ClassVar[str] = "Gretton and others (2012). A kernel two-sample test, JMLR 13"

    def __init__(self, *, n_permutations: int = 200) -> None:
        self.n_permutations = check_count("mmd", "n_permutations", n_permutations, low=19)

    def test(self, pooled: Pooled, rng: np.random.Generator) -> Drift:
        """Compare the means of the features of both samples."""
        import pandas as pd

        features = fourier(pooled.embedded("mmd"), rng)
        sides = pooled.permuted(self.n_permutations, rng).astype(np.float64)  # (n_permutations + 1, n_items)
        n_current = sides.sum(axis=1)
        n_reference = len(features) - n_current
        sums = sides @ features  # (n_permutations + 1, n_features)
        current = sums / n_current[:, None]
        reference = (features.sum(axis=0) - sums) / n_reference[:, None]
        squared = ((current - reference) ** 2).sum(axis=1)
        # each feature row has length 1, so that a sample of n adds (1 - |mean|^2) / (n - 1) to the squared distance
        for mean, n in ((current, n_current), (reference, n_reference)):
            squared -= (1 - (mean**2).sum(axis=1)) / np.maximum(n - 1, 1)
        scores = features[pooled.is_current] @ (current[0] - reference[0])
        effect = float(np.sqrt(max(squared[0], 0.0)))
        sizes = (pooled.n_reference, pooled.n_current)
        return Drift(chance(squared), effect, pd.DataFrame(), self.name, *sizes, scores)
