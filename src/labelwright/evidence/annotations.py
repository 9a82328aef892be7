"""Who answered what about the labeled items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Annotations:
    """Who answered what: one row an answer.

    ``item`` int64 (n,), positions among the labeled items; ``annotator`` int64 (n,), any codes; ``answer`` (n,)
    encoded like ``y_labeled``. ``costs`` float64 (n_people,), the expected cost of an answer by each person there
    is, by code; None where it is not known who there is.
    """

    item: npt.NDArray[np.int64]
    annotator: npt.NDArray[np.int64]
    answer: npt.NDArray[Any]
    costs: npt.NDArray[np.float64] | None = None

    def may_be_asked_again(self, n_labeled: int, max_answers: int) -> npt.NDArray[np.int64]:
        """Labeled items with fewer than ``max_answers`` answers that somebody has not answered yet.

        >>> item, annotator, answer = np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([2, 2, 0])
        >>> some = Annotations(item, annotator, answer, costs=np.array([1.0, 4.0]))
        >>> some.may_be_asked_again(2, max_answers=5)
        array([1])
        """
        most = max_answers if self.costs is None else min(max_answers, len(self.costs))
        return np.flatnonzero(np.bincount(self.item, minlength=n_labeled) < most)
