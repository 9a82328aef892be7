"""Ask about the items that would shrink the model's uncertainty over the whole pool most."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_between, check_count, check_proba
from labelwright.evidence.base import Evidence
from labelwright.kernels.fisher import Weighted, least_trace
from labelwright.kernels.places import Places
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks


class Bait(Strategy):
    """Greedy optimal design: the batch after which a linear last layer would be most certain about all items.

    The score is what a pick takes from tr(M^-1 F), the expected excess loss over the pool up to a constant, at least 0.
    Information is that of one yes or no, whether the likeliest class is right, whatever the number of classes. Not for
    models whose probabilities are badly calibrated: they are taken as given.

    Parameters
    ----------
    ridge : float
        Information held before any label, above 0, as a share of the mean diagonal of the pool's.
    oversampling : float
        Items picked forward over n, at least 1; the least useful are taken back.
    max_candidates : int
        Beyond so many items, those with the highest gains are searched, and chosen anew four times on the way.

    Notes
    -----
    Cost: four products of the pool with a D x D matrix, then one pass over the candidates for each of oversampling x n
    picks, by rank-one updates.
    """

    name = "bait"
    family = "model-change"
    tasks = ("classification",)
    needs = ("proba", "labeled", "embed")
    batch_aware = True
    reference = (
        "Ash, Goel, Krishnamurthy, Kakade (2021). Gone fishing, alg. 1; Huseljic et al. (2024). Fast fishing (binary)"
    )

    def __init__(self, *, ridge: float = 1.0, oversampling: float = 2.0, max_candidates: int = 10_000) -> None:
        check_between("bait", "ridge", ridge, 1e-9, 1e9)
        check_between("bait", "oversampling", oversampling, 1, 100)
        self.ridge, self.oversampling = float(ridge), float(oversampling)
        self.max_candidates = check_count("bait", "max_candidates", max_candidates)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        check_proba("bait", evidence.proba)
        pool = Weighted(evidence.places, _spread(evidence.proba))
        labeled = Weighted(Places(evidence.embed_answered), _spread(evidence.proba_labeled))
        held, wanted = labeled.information(), pool.information()
        wanted = (wanted + held) / (len(evidence.places) + len(labeled.places))
        ridge = self.ridge * max(float(np.trace(wanted)) / len(wanted), 1e-12)
        keys = evidence.keys(rng)

        def first(ties: npt.NDArray[np.int64]) -> int:
            return int(ties[0] if len(ties) == 1 else ties[np.argmin(keys(ties))])

        known = held + ridge * np.eye(len(held))
        picks, gain = least_trace(
            pool, known, wanted, n, evidence.closes, first, self.oversampling, max(self.max_candidates, 4 * n)
        )
        return Picks(picks, gain, {"information": gain})


def _spread(proba: Floats) -> npt.NDArray[np.float32]:
    """Standard deviation of whether the likeliest class is right, (n_items,)."""
    top = proba.max(axis=1)
    return np.asarray(np.sqrt(np.maximum(top * (1 - top), 0)), dtype=np.float32)
