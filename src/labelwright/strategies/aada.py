"""Ask about doubtful items that do not look like the source."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, check_between
from labelwright.evidence.base import Evidence
from labelwright.kernels.top import top_n
from labelwright.scores.uncertainty import entropy
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks
from labelwright.strategies.shared.sourced import chance_of_source

LEAST = 1e-3  # probability of the source, below which odds against it grow no more


class Aada(Strategy):
    """Active adversarial domain adaptation: the entropy of the prediction, times the odds that the item is not of the
    source's domain; picks are sampled among the top two percent.

    The score is at least 0. Without an adversarial network, a logistic regression on embeddings tells the domains
    apart. Not where the domains are told apart wholly: outliers then come first.

    Parameters
    ----------
    top : float
        Share of the candidates that a batch is sampled from, above 0 and at most 1; as many as the batch at least.

    Notes
    -----
    Cost: one logistic regression on both domains, one pass over the probabilities.
    """

    name = "aada"
    family = "transfer"
    tasks = ("classification",)
    needs = ("proba", "embed", "source")
    drawn = True
    reference = "Su et al. (2020). Active adversarial domain adaptation, eq. 4 and sec. 3.3"

    def __init__(self, *, top: float = 0.02) -> None:
        check_between("aada", "top", top, 1e-9, 1)
        self.top = float(top)

    def _score(self, evidence: Evidence) -> Floats:
        source = np.clip(chance_of_source(evidence), LEAST, 1)
        return np.asarray((1 - source) / source * entropy(evidence.proba))

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        scores = self.score(evidence)
        n_top = max(n, int(np.ceil(self.top * evidence.n_items)))
        best = top_n(scores, n_top, evidence.keys(rng))
        picks = rng.choice(best, n, replace=False)
        picks = picks[np.argsort(-scores[picks], kind="stable")]
        return Picks(picks, scores[picks], {"domain-doubt": scores[picks]})
