"""Features that both domains share, and features of each domain."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.check import Floats
from labelwright.transfer.base import Adapted, Transfer, ones


def of_target(X: Floats) -> Floats:
    """Target items: shared and own features, and none of the source.

    >>> of_target(np.array([[1.0, 2.0]])).tolist()
    [[1.0, 2.0, 0.0, 0.0, 1.0, 2.0]]
    """
    return np.concatenate([X, np.zeros_like(X), X], axis=1)


class Augment(Transfer):
    """Feature augmentation: a source item becomes (x, x, 0), a target item (x, 0, x).

    A linear model then learns a common part and a part for each domain, and the target needs labels only for what
    differs. Not without labels of the target: its own part stays 0 then.

    Examples
    --------
    >>> from labelwright import tasks
    >>> X = np.array([[5.0]])
    >>> Augment().fit(X, np.zeros(1), X, tasks.make("regression", {})).X_source.tolist()
    [[5.0, 5.0, 0.0]]
    """

    name: ClassVar[str] = "augment"
    widens: ClassVar[bool] = True
    reference: ClassVar[str] = "Daumé (2007). Frustratingly easy domain adaptation, eq. 1"

    def _fit(self, source: Floats, Y: Floats, target: Floats) -> Adapted:
        wide = np.concatenate([source, source, np.zeros_like(source)], axis=1)
        return Adapted(wide, ones(len(wide)), of_target)
