"""What methods have in common that move the source by a matrix, so that it has the target's mean and covariance."""

from __future__ import annotations

from abc import abstractmethod

from labelwright.check import Floats, check_between
from labelwright.transfer.base import Adapted, Transfer, ones
from labelwright.transfer.covariance import shrunk_covariance, units


class Aligned(Transfer):
    """x becomes m_t + (x - m_s) A, for a matrix A that follows from the two covariances.

    Parameters
    ----------
    shrinkage : float
        Of the covariances towards a multiple of the identity, between 0 and 1.
    """

    def __init__(self, *, shrinkage: float = 0.1) -> None:
        check_between(self.name, "shrinkage", shrinkage, 0, 1)
        self.shrinkage = shrinkage

    @abstractmethod
    def matrix(self, C_source: Floats, C_target: Floats) -> Floats:
        """A, of the covariances of source and target, each (n_features, n_features)."""

    def _fit(self, source: Floats, Y: Floats, target: Floats) -> Adapted:
        unit = units(target)
        S, T = source / unit, target / unit
        A = self.matrix(shrunk_covariance(S, self.shrinkage), shrunk_covariance(T, self.shrinkage))
        moved = T.mean(axis=0) + (S - S.mean(axis=0)) @ A
        return Adapted(moved * unit, ones(len(moved)))
