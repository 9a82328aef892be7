"""Source items weigh as much as they look like items of the target."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.check import Floats, check_between
from labelwright.transfer.base import Adapted, Transfer
from labelwright.transfer.domains import source_log_odds


class Weights(Transfer):
    """Importance weights by a domain classifier, flattened and clipped: for domains that overlap.

    The weight of an item is (p(target | x) / p(source | x)) ** flattening, clipped at ``highest`` times the mean, and
    scaled to mean 1. Not where the domains hardly overlap: a few items then carry the whole weight.

    Parameters
    ----------
    flattening : float
        Between 0 (all weigh alike) and 1 (unbiased, with a large variance).
    highest : float
        At least 1, in means.

    Examples
    --------
    >>> from labelwright import tasks
    >>> source, target = np.array([[0.0], [1.0], [2.0]]), np.array([[2.0], [3.0]])
    >>> found = Weights().fit(source, np.zeros(3), target, tasks.make("regression", {})).weights
    >>> bool((np.diff(found) > 0).all()), round(float(found.mean()), 6)
    (True, 1.0)
    """

    name: ClassVar[str] = "weights"
    reference: ClassVar[str] = "Shimodaira (2000). Improving predictive inference under covariate shift, sec. 2, 5"

    def __init__(self, *, flattening: float = 0.5, highest: float = 10.0) -> None:
        check_between(self.name, "flattening", flattening, 0, 1)
        check_between(self.name, "highest", highest, 1, 1e6)
        self.flattening, self.highest = flattening, highest

    def _fit(self, source: Floats, Y: Floats, target: Floats) -> Adapted:
        log_odds = -self.flattening * source_log_odds(source, target, source)
        weights = np.exp(log_odds - log_odds.max())
        weights = np.minimum(weights / weights.mean(), self.highest)
        return Adapted(source, weights / weights.mean())
