"""The source with the mean and the covariance of the target."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.transfer.aligned import Aligned
from labelwright.transfer.covariance import power


class Coral(Aligned):
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

    def matrix(self, C_source: Floats, C_target: Floats) -> Floats:
        """C_s^(-1/2) C_t^(1/2)."""
        return power(C_source, -0.5) @ power(C_target, 0.5)
