"""Predictions with the same numbers for every item, and what the tasks that have them share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, complain
from labelwright.tasks.base import Task
from labelwright.tasks.predictions import QUANTISER, Predictions
from labelwright.tasks.quantising import check_version


@dataclass(frozen=True)
class Dense(Predictions):
    """One row of numbers an item, with the draws of a committee where there is one.

    Parameters
    ----------
    values : array of shape (n_items, n_outputs), or (n_items,) where an answer is a number
        Probabilities in [0, 1], or numbers in the unit of the target.
    draws : array of shape (n_draws, *values.shape), optional
        The same from each member of a committee.

    Raises
    ------
    InputError
        If the draws have another shape than the values.
    """

    values: npt.NDArray[Any]
    draws: npt.NDArray[Any] | None = None

    def __post_init__(self) -> None:
        if self.draws is not None and self.draws.shape[1:] != self.values.shape:
            raise complain("predictions", "draws", f"of shape (n_draws, *{self.values.shape})", self.draws.shape)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def numbers(self) -> npt.NDArray[Any]:
        return self.values

    @property
    def committee(self) -> npt.NDArray[Any] | None:
        return self.draws


def dense(predictions: Predictions) -> Dense:
    """The predictions as `Dense`; `InputError` if another task made them."""
    if isinstance(predictions, Dense):
        return predictions
    raise complain("task", "predictions", "of one row of numbers an item", type(predictions).__name__)


class DenseTask(Task):
    """A task whose predictions are one row of numbers an item; a subclass states how they are stored and linked."""

    ndim: ClassVar[int] = 2
    """Dimensions of the values: 1 where an answer is one number."""

    def predictions(self, values: Floats, draws: Floats | None = None) -> Dense:
        """Make predictions of arrays, see `Dense`; `InputError` if the shape is not one of this task's.

        >>> from labelwright.tasks import make
        >>> len(make("regression", {}).predictions(np.array([1.0, 2.0])))
        2
        """
        if values.ndim != self.ndim:
            raise complain("predictions", "values", f"{self.ndim}-d for {self.name}", f"shape {values.shape}")
        return Dense(values, draws)

    def proba(self, predictions: Predictions) -> npt.NDArray[Any]:
        return dense(predictions).values

    def with_draws(self, predictions: Predictions, draws: Floats) -> Predictions:
        return Dense(dense(predictions).values, draws)

    def pack(self, predictions: Predictions, version: int = QUANTISER) -> dict[str, npt.NDArray[Any]]:
        check_version(version)
        own = dense(predictions)
        arrays = {"values": self._store(own.values, version)}
        if own.draws is not None:
            arrays["draws"] = self._store(own.draws, version)
        return arrays

    def unpack(self, arrays: Mapping[str, npt.NDArray[Any]]) -> Dense:
        draws = arrays.get("draws")
        return Dense(self._restore(arrays["values"]), None if draws is None else self._restore(draws))

    def take(self, predictions: Predictions, idx: Ints | slice) -> Dense:
        own = dense(predictions)
        return Dense(own.values[idx], None if own.draws is None else own.draws[:, idx])

    def concatenate(self, parts: Sequence[Predictions]) -> Dense:
        blocks = [dense(part) for part in parts]
        draws = [part.draws for part in blocks if part.draws is not None]
        return Dense(np.concatenate([part.values for part in blocks]), np.concatenate(draws, axis=1) if draws else None)

    def link(self, raw: Floats) -> Floats:
        return self.target.link(raw)

    @abstractmethod
    def _store(self, values: Floats, version: int) -> npt.NDArray[Any]:
        """Values, or draws of them, as the array that is stored."""

    @abstractmethod
    def _restore(self, stored: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        """Stored values as float32."""
