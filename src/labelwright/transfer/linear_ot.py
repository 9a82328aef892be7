"""The cheapest linear map that takes the source's mean and covariance to the target's."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats, check_between
from labelwright.transfer.base import Adapted, Transfer, ones
from labelwright.transfer.covariance import power, shrunk_covariance, units


class LinearOt(Transfer):
    """Linear optimal transport: of all linear maps onto the target's mean and covariance, the one that moves least.

    x becomes m_t + A (x - m_s) with A = C_s^(-1/2) (C_s^(1/2) C_t C_s^(1/2))^(1/2) C_s^(-1/2). Not where the domains
    differ because their classes are not equally common: it then moves one class onto another.

    Parameters
    ----------
    shrinkage : float
        Of the covariances towards a multiple of the identity, between 0 and 1.

    Notes
    -----
    Cost: three eigendecompositions of n_features x n_features.
    """

    name: ClassVar[str] = "linear-ot"
    reference: ClassVar[str] = "Flamary, Lounici, Ferrari (2019). Concentration bounds for linear Monge mapping, eq. 6"

    def __init__(self, *, shrinkage: float = 0.1) -> None:
        check_between(self.name, "shrinkage", shrinkage, 0, 1)
        self.shrinkage = shrinkage

    def _fit(self, source: Floats, Y: Floats, target: Floats) -> Adapted:
        unit = units(target)
        S, T = source / unit, target / unit
        C = shrunk_covariance(S, self.shrinkage)
        root, whiten = power(C, 0.5), power(C, -0.5)
        A = whiten @ power(root @ shrunk_covariance(T, self.shrinkage) @ root, 0.5) @ whiten
        moved = T.mean(axis=0) + (S - S.mean(axis=0)) @ A
        return Adapted(moved * unit, ones(len(moved)))
