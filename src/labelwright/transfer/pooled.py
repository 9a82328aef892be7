"""The source as it is."""

from __future__ import annotations

from typing import ClassVar

from labelwright.check import Floats
from labelwright.transfer.base import Adapted, Transfer, ones


class Pooled(Transfer):
    """Source items count like target items, apart from the amount: for domains that hardly differ.

    Examples
    --------
    >>> import numpy as np
    >>> from labelwright import tasks
    >>> X = np.eye(2)
    >>> Pooled().fit(X, np.array([0.0, 1.0]), X, tasks.make("regression", {})).weights.tolist()
    [1.0, 1.0]
    """

    name: ClassVar[str] = "pooled"
    reference: ClassVar[str] = "Daumé (2007). Frustratingly easy domain adaptation, sec. 2 (ALL, WEIGHTED)"

    def _fit(self, source: Floats, Y: Floats, target: Floats) -> Adapted:
        return Adapted(source, ones(len(source)))
