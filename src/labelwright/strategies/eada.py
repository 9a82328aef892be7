"""Ask about close calls among the items that fit no class well."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, check_between
from labelwright.evidence.base import Evidence
from labelwright.kernels.top import top_n
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.selection import Picks

LEAST = 1e-12  # probability, below which its logarithm falls no more


class Eada(Strategy):
    """Energy-based active domain adaptation: the share of the items with the highest free energy, and among them those
    whose two likeliest classes are closest.

    Items of another domain than the model's have a high free energy, -T log sum exp(z / T) of their logits z. Logits
    are known up to a constant; those with mean 0 over the classes are taken, which are those of a softmax regression
    with a ridge penalty. The score is minus the gap between the two likeliest classes, between -1 and 0. Not for two
    classes, where energy and gap say the same.

    Parameters
    ----------
    share : float
        Of the candidates that is kept by energy, above 0 and at most 1; twice the batch at least.
    temperature : float
        T, between 0.01 and 100.

    Notes
    -----
    Cost: two passes over the probabilities. Only the choice of items is the paper's: its training is not used.
    """

    name = "eada"
    family = "transfer"
    tasks = ("classification",)
    needs = ("proba", "margin")
    reference = "Xie et al. (2022). Active learning for domain adaptation: an energy-based approach, eq. 2, algorithm 1"

    def __init__(self, *, share: float = 0.1, temperature: float = 1.0) -> None:
        check_between("eada", "share", share, 1e-9, 1)
        check_between("eada", "temperature", temperature, 0.01, 100)
        self.share, self.temperature = float(share), float(temperature)

    def _score(self, evidence: Evidence) -> Floats:
        return evidence.margins

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        energy, keys = free_energy(evidence.proba, self.temperature), evidence.keys(rng)
        n_kept = min(evidence.n_items, max(2 * n, int(np.ceil(self.share * evidence.n_items))))
        kept = np.sort(top_n(energy, n_kept, keys))
        margins = evidence.margins[kept].astype(np.float64)
        best = kept[top_n(margins, n, lambda at: keys(kept[at]))]
        return Picks(best, evidence.margins[best], {"energy": energy[best], "margin": evidence.margins[best]})


def free_energy(proba: Floats, temperature: float) -> Floats:
    """-T log sum exp(z / T) of logits z with mean 0, (n_items,); at most -T log n_classes, where all classes tie.

    >>> free_energy(np.array([[0.5, 0.5], [0.9, 0.1]]), 1.0).round(3).tolist()
    [-0.693, -1.204]
    """
    logits = np.log(np.maximum(np.asarray(proba, dtype=np.float64), LEAST))
    logits = (logits - logits.mean(axis=1, keepdims=True)) / temperature
    highest = logits.max(axis=1, keepdims=True)
    return np.asarray(-temperature * (highest[:, 0] + np.log(np.exp(logits - highest).sum(axis=1))))
