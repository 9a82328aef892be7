"""The cheapest linear map that takes the source's mean and covariance to the target's."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.transfer.aligned import Aligned
from labelwright.transfer.covariance import power


class LinearOt(Aligned):
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

    def matrix(self, C_source: Floats, C_target: Floats) -> Floats:
        """C_s^(-1/2) (C_s^(1/2) C_t C_s^(1/2))^(1/2) C_s^(-1/2)."""
        root, whiten = power(C_source, 0.5), power(C_source, -0.5)
        return whiten @ power(root @ C_target @ root, 0.5) @ whiten
