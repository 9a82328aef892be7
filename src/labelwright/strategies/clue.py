"""Ask about the centres of clusters of what the model doubts."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, check_between, check_count
from labelwright.evidence.base import Evidence
from labelwright.kernels.k_means import k_means
from labelwright.scores.uncertainty import entropy
from labelwright.strategies.base import Strategy
from labelwright.strategies.k_means import one_each
from labelwright.strategies.shared.covering import in_key_order, sample
from labelwright.strategies.shared.selection import Picks


class Clue(Strategy):
    """Clustering uncertainty-weighted embeddings: the items nearest to centres that the model's doubts pull to them.

    Clusters are found by k-means in which each item weighs as much as the entropy of its probabilities. It is made for
    a model that was trained on another domain, and looks at no source itself. The score is minus the distance to the
    centre, at most 0, in the unit of the embedding. Not where what is labeled already matters: it keeps no distance.

    Parameters
    ----------
    temperature : float
        What the logits are divided by before the entropy, between 0.01 and 100; small ones leave the closest calls.
    max_items : int
        Size of the uniform sample that the centres are found on.

    Notes
    -----
    Cost: Lloyd's rounds on the sample, then one product of the pool with the centres.
    """

    name = "clue"
    family = "transfer"
    tasks = ("classification",)
    needs = ("proba", "embed")
    batch_aware = True
    reference = "Prabhu et al. (2021). Active domain adaptation via clustering uncertainty-weighted embeddings, eq. 4"

    def __init__(self, *, temperature: float = 1.0, max_items: int = 20_000) -> None:
        check_between("clue", "temperature", temperature, 0.01, 100)
        self.temperature = float(temperature)
        self.max_items = check_count("clue", "max_items", max_items)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        some = in_key_order(evidence, sample(evidence.n_items, max(self.max_items, 2 * n), rng), rng)
        weights = heated_entropy(evidence.proba[some], self.temperature)
        weights = weights if np.count_nonzero(weights) >= n else np.ones(len(some))
        centres, _ = k_means(evidence.embed_at(some), weights, n, rng)
        picks, which = one_each(evidence, centres)
        distance = np.sqrt(((evidence.embed_at(picks) - centres[which]) ** 2).sum(axis=1))
        return Picks(picks, -distance, {"entropy": heated_entropy(evidence.proba[picks], self.temperature)})


def heated_entropy(proba: Floats, temperature: float) -> Floats:
    """Entropy in nats of probabilities whose logits are divided by a temperature, (n_items,).

    >>> heated_entropy(np.array([[0.5, 0.5], [1.0, 0.0]]), 2.0).round(3).tolist()
    [0.693, 0.0]
    """
    raised = np.asarray(proba, dtype=np.float64) ** (1 / temperature)
    return entropy(raised / raised.sum(axis=1, keepdims=True))
