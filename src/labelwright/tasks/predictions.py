"""Predictions of items. Each task has its own kind of predictions; this file has what all kinds share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright.tasks.quantising import NEWEST

QUANTISER: Final = NEWEST
"""The newest version of the rounding of stored probabilities; a frozen cycle names the one it began with."""


class Predictions(ABC):
    """Predictions for n items. Only their task looks inside: see `Task.pack`, `Task.take`, `Task.doubt`.

    `labelwright.tasks.dense.Dense` holds one row of numbers an item and serves most tasks. A task whose items have
    any number of answers, such as spans of a text, keeps a kind of its own in its file.
    """

    @abstractmethod
    def __len__(self) -> int:
        """The number of items."""

    @property
    @abstractmethod
    def numbers(self) -> npt.NDArray[Any]:
        """All numbers of the predictions as one array, to check that they are finite."""

    @property
    def committee(self) -> npt.NDArray[np.floating[Any]] | None:
        """The draws of a committee, (n_draws, n_items, ...); None where there is none."""
        return None
