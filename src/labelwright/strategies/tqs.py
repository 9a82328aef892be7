"""Ask where a committee disagrees, the model doubts, and the item does not look like the source."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats
from labelwright.evidence.base import Evidence
from labelwright.scores.committee import vote_entropy
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.sourced import chance_of_source


class Tqs(Strategy):
    """Transferable query selection: disagreement of a committee, plus closeness of the two likeliest classes, plus the
    probability that the item is not of the source's domain.

    Each of the three lies between 0 and 1, and so the score between 0 and 3. Not where the domains are told apart
    wholly: the last part is then the same for all.

    Notes
    -----
    Disagreement is the entropy of the votes over its largest value. A bagged committee and a logistic regression of
    domains stand for the paper's five classifiers and its adversarial network; its random draw by domainness is left
    out. Cost: one pass over the draws, one logistic regression on both domains.
    """

    name = "tqs"
    family = "transfer"
    tasks = ("classification",)
    needs = ("draws", "margin", "embed", "source")
    has_gain = True
    reference = "Fu et al. (2021). Transferable query selection for active domain adaptation, sec. 3.2"

    def _score(self, evidence: Evidence) -> Floats:
        draws = evidence.draws
        most = np.log(min(draws.shape[0], draws.shape[2])) or 1.0
        return np.asarray(vote_entropy(draws) / most + (1 + evidence.margins) + 1 - chance_of_source(evidence))
