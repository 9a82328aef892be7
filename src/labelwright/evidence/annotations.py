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
    encoded like ``y_labeled``.
    """

    item: npt.NDArray[np.int64]
    annotator: npt.NDArray[np.int64]
    answer: npt.NDArray[Any]
