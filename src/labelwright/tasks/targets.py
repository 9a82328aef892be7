"""Target arrays for learners, and what their raw scores mean.

Learners know three kinds of target arrays: one class code an item, one mark for each label of an item, one number an
item. A task states which of them its answers become, and a model states what it does with each (`Target.pick`), so no
model asks which task it has.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from labelwright.check import Bools, Floats, complain
from labelwright.errors import InputError
from labelwright.kernels.links import NEVER, logistic, softmax

T = TypeVar("T")


class Target(ABC):
    """One kind of target array.

    Attributes
    ----------
    calibrates : bool
        Whether raw scores are divided by the temperature that minimises the log-loss.
    """

    calibrates: bool = True

    @abstractmethod
    def pick(self, *, codes: T, marks: T, numbers: T) -> T:
        """The argument for this kind of target: one class code, a mark a label, or one number an item.

        >>> Numbers().pick(codes="logistic", marks="one logistic a label", numbers="ridge")
        'ridge'
        """

    @abstractmethod
    def link(self, raw: Floats) -> Floats:
        """Raw scores to probabilities or numbers, over the last axis."""

    @abstractmethod
    def constant(self, y: npt.NDArray[Any], n_outputs: int) -> Floats:
        """Raw scores of a model that knows no features, (n_outputs,)."""

    def loss(self, raw: Floats, y: npt.NDArray[Any], weight: Floats) -> float:
        """Weighted mean log-loss of raw scores, over items (and labels); for those that calibrate.

        Parameters
        ----------
        raw : array of shape (n_items, n_outputs)
        y : target array of n_items
        weight : array of shape (n_items,)
        """
        raise NotImplementedError

    def judged(self, raw: Floats, y: npt.NDArray[Any]) -> Bools:
        """Which items are used for calibration, (n_items,)."""
        return np.ones(len(y), dtype=bool)


class Codes(Target):
    """One class code an item, int64 (n_items,); softmax.

    >>> Codes().constant(np.array([1, 1]), 2).round(3)
    array([-1.386, -0.288])
    """

    def pick(self, *, codes: T, marks: T, numbers: T) -> T:
        return codes

    def link(self, raw: Floats) -> Floats:
        return softmax(raw)

    def constant(self, y: npt.NDArray[Any], n_outputs: int) -> Floats:
        """A class seen m times of n gets (m + 1) / (n + n_outputs)."""
        return np.log((np.bincount(y, minlength=n_outputs) + 1) / (len(y) + n_outputs))

    def loss(self, raw: Floats, y: npt.NDArray[Any], weight: Floats) -> float:
        """Minus the log of the probability of the class given.

        >>> round(Codes().loss(np.array([[0.0, 0.0]]), np.array([1]), np.ones(1)), 4)
        0.6931
        """
        top = raw.max(axis=1, keepdims=True)
        each = np.log(np.exp(raw - top).sum(axis=1)) + top[:, 0] - raw[np.arange(len(y)), y]
        return float(weight @ each / weight.sum())

    def judged(self, raw: Floats, y: npt.NDArray[Any]) -> Bools:
        """Items whose class was seen in training; the others have no meaningful score."""
        return np.asarray(raw[np.arange(len(y)), y] > NEVER / 2)


class Marks(Target):
    """A mark of 0 or 1 for each label of an item, int8 (n_items, n_labels); the logistic function."""

    def pick(self, *, codes: T, marks: T, numbers: T) -> T:
        return marks

    def link(self, raw: Floats) -> Floats:
        return logistic(raw)

    def constant(self, y: npt.NDArray[Any], n_outputs: int) -> Floats:
        """A label given m times of n has the odds (m + 1) to (n - m + 1)."""
        yes = y.sum(axis=0, dtype=np.float64)
        return np.asarray(np.log((yes + 1) / (len(y) - yes + 1)))

    def loss(self, raw: Floats, y: npt.NDArray[Any], weight: Floats) -> float:
        each = np.logaddexp(0, np.where(y == 1, -raw, raw)).mean(axis=1)
        return float(weight @ each / weight.sum())


class Numbers(Target):
    """One number an item, float64 (n_items,); raw scores are the numbers."""

    calibrates = False

    def pick(self, *, codes: T, marks: T, numbers: T) -> T:
        return numbers

    def link(self, raw: Floats) -> Floats:
        return raw

    def constant(self, y: npt.NDArray[Any], n_outputs: int) -> Floats:
        """The mean."""
        return np.array([y.mean()])


class NoTarget(Target):
    """Answers that are no target array, such as spans of a text: only models made for the task can learn them."""

    calibrates = False

    def pick(self, *, codes: T, marks: T, numbers: T) -> T:
        raise self._refusal()

    def link(self, raw: Floats) -> Floats:
        raise self._refusal()

    def constant(self, y: npt.NDArray[Any], n_outputs: int) -> Floats:
        raise self._refusal()

    def _refusal(self) -> InputError:
        return complain("models", "the task", "one of classes, labels or numbers", "another", "Use its own model.")
