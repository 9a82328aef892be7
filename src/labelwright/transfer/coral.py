"""The source with the mean and the covariance of the target."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats, check_between
from labelwright.transfer.base import Adapted, Transfer, ones
from labelwright.transfer.covariance import power, shrunk_covariance, units


class Coral(Transfer):
    """Correlation alignment: source features are whitened, then coloured like the target.

    x becomes m_t + (x - m_s) C_s^(-1/2) C_t^(1/2). Not where the domains differ because their classes are not equally
    common: it then moves one class onto another.

    Parameters
    ----------
    shrinkage : float
        Of the covariances towards a multiple of the identity, between 0 and 1.

    Notes
    -----
    Cost: two eigendecompositions of n_features x n_features.
    """

    name: ClassVar[str] = "coral"
    reference: ClassVar[str] = "Sun, Feng, Saenko (2016). Return of frustratingly easy domain adaptation, algorithm 1"

    def __init__(self, *, shrinkage: float = 0.1) -> None:
        check_between(self.name, "shrinkage", shrinkage, 0, 1)
        self.shrinkage = shrinkage

    def _fit(self, source: Floats, Y: Floats, target: Floats) -> Adapted:
        unit = units(target)
        S, T = source / unit, target / unit
        whiten = power(shrunk_covariance(S, self.shrinkage), -0.5)
        moved = T.mean(axis=0) + (S - S.mean(axis=0)) @ whiten @ power(shrunk_covariance(T, self.shrinkage), 0.5)
        return Adapted(moved * unit, ones(len(moved)))
