"""Ask where the answer would lower the model's loss on the pool most."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_between, check_count, check_one_of, complain
from labelwright.evidence.base import Evidence
from labelwright.kernels.links import softmax
from labelwright.kernels.top import top_n
from labelwright.models.linear import logistic_coefficients
from labelwright.scores.reduction import expected_error_reduction
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.covering import sample
from labelwright.strategies.shared.selection import Picks


class ExpectedErrorReduction(Strategy):
    """Looks one answer ahead: asks where the model would expect the fewest errors on the pool after the answer.

    The score is the expected loss now minus the expected loss after the answer, in the mean over possible answers and
    targets; in nats or as a share of errors, and below 0 where an answer would make the model less certain. Not for
    models that are far from linear in the embedding: what looks ahead is a logistic layer on it.

    Parameters
    ----------
    loss : {"log", "zero-one"}
        What is to be lowered: the entropy of the predictions, or 1 - max p.
    n_targets : int
        Size of the uniform sample of candidates that stands for the pool.
    max_candidates : int
        Up to here all candidates are scored; beyond, those with the smallest margins.
    penalty : float
        Above 0: of the layer's squared weights, as 1/C of scikit-learn's LogisticRegression.
    min_proba : float
        Answers of a lower probability are taken to change nothing.

    Notes
    -----
    The layer is fitted once to what is labeled, and never refitted: each possible answer moves it in closed form.

    Cost: n_classes matrices of n_dims^2 to invert, then max_candidates x n_targets x n_classes exponentials for each
    answer that is likely.
    """

    name = "expected-error-reduction"
    family = "expected-error"
    tasks = ("classification",)
    needs = ("proba", "embed", "answers")
    reference = "Roy, McCallum (2001). Toward optimal active learning, sec. 2"

    def __init__(
        self,
        *,
        loss: str = "log",
        n_targets: int = 500,
        max_candidates: int = 10_000,
        penalty: float = 1.0,
        min_proba: float = 0.01,
    ) -> None:
        check_one_of(self.name, "loss", loss, ("log", "zero-one"))
        check_between(self.name, "penalty", penalty, 1e-9, math.inf)
        check_between(self.name, "min_proba", min_proba, 0, 1)
        self.loss, self.penalty, self.min_proba = loss, float(penalty), float(min_proba)
        self.n_targets = check_count(self.name, "n_targets", n_targets)
        self.max_candidates = check_count(self.name, "max_candidates", max_candidates)

    def _score(self, evidence: Evidence) -> Floats:
        everything = np.arange(evidence.n_items)
        return self._reduction(evidence, everything, everything)

    def _pick(self, evidence: Evidence, n: int, rng: np.random.Generator) -> Picks:
        keys, kept = evidence.keys(rng), np.arange(evidence.n_items)
        targets = sample(evidence.n_items, self.n_targets, rng)
        n_kept = max(self.max_candidates, n)
        if evidence.n_items > n_kept:
            kept = np.sort(top_n(evidence.doubt, n_kept, keys))
        scores = self._reduction(evidence, kept, targets)
        best = top_n(scores, n, lambda at: keys(kept[at]))
        return Picks(kept[best], scores[best], {"error-reduction": scores[best]})

    def _reduction(self, evidence: Evidence, kept: Ints, targets: Ints) -> npt.NDArray[np.float64]:
        proba, known = evidence.proba, evidence.embed_answered
        return expected_error_reduction(
            proba[kept],
            evidence.embed_at(kept),
            (proba[targets], evidence.embed_at(targets)),
            (self._fitted(known, evidence.answers, proba.shape[1]), known),
            loss=self.loss,
            penalty=self.penalty,
            min_proba=self.min_proba,
            max_bytes=evidence.max_bytes,
        )

    def _fitted(self, embed: Floats, y: Ints, n_classes: int) -> npt.NDArray[np.float64]:
        """What a logistic layer says of the labeled items it was fitted to, (n_labels, n_classes)."""
        seen = np.unique(y)
        if len(embed) != len(y) or seen[-1] >= n_classes:
            raise complain(self.name, "y_labeled", f"of {n_classes} classes, one answer an item", f"{len(y)} answers")
        proba = np.zeros((len(y), n_classes))
        if len(seen) == 1:  # nothing to fit: a layer without weights
            return proba + 1 / n_classes
        Z = embed.astype(np.float64)
        W, b = logistic_coefficients(Z, y, np.ones(len(y)), 1 / self.penalty)
        raw = Z @ W.T + b
        proba[:, seen] = softmax(np.hstack([np.zeros_like(raw), raw]) if len(seen) == 2 else raw)
        return proba
