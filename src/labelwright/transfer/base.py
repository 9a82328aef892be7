"""The contract of a method of transfer: what it makes of labeled items of a source, for a model of the target."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_finite, check_same_length, complain
from labelwright.tasks.base import Task


def as_given(X: Floats) -> Floats:
    """The features of target items, for methods that leave them alone."""
    return X


@dataclass(frozen=True)
class Adapted:
    """A source as a model of the target is to see it.

    Parameters
    ----------
    X_source : array of shape (n_source, n_features_out)
    weights : array of shape (n_source,)
        At least 0, with mean 1; all 0 where the source acts through the features of the target alone.
    to_target : callable
        Takes features of target items, (n_items, n_features), to (n_items, n_features_out).
    """

    X_source: Floats
    weights: Floats
    to_target: Callable[[Floats], Floats] = as_given


class Transfer(ABC):
    """A method of transfer; a new one is one file in this package.

    Attributes
    ----------
    name : str
        What it is called.
    classes : bool
        Whether it needs one class an item.
    rows : bool
        Whether source items are rows that a model learns from; else the source is in the features of the target.
    widens : bool
        Whether it changes the features of the target, so that the fitted model takes others than those of the items.
    reference : str
        The paper, with its section or equation.
    """

    name: ClassVar[str]
    classes: ClassVar[bool] = False
    rows: ClassVar[bool] = True
    widens: ClassVar[bool] = False
    reference: ClassVar[str]

    def fit(self, X_source: Floats, y_source: npt.NDArray[Any], X_target: Floats, task: Task) -> Adapted:
        """Adapt a labeled source to a target that has no labels.

        Parameters
        ----------
        X_source : array of shape (n_source, n_features)
        y_source : array as given by ``task.encode``
        X_target : array of shape (n_target, n_features)
            Items of the target, labeled or not.
        task : Task

        Raises
        ------
        InputError
            If the numbers of features differ, there is no item, a number is not finite, or the labels do not fit.

        Examples
        --------
        >>> from labelwright import tasks, transfer
        >>> X = np.array([[0.0], [2.0]])
        >>> moved = transfer.make("coral").fit(X, np.array([0.0, 1.0]), X + 10, tasks.make("regression", {}))
        >>> moved.X_source.round(6).tolist()
        [[10.0], [12.0]]
        """
        source, target = np.asarray(X_source, dtype=np.float64), np.asarray(X_target, dtype=np.float64)
        if source.ndim != 2 or target.ndim != 2 or not len(source) or not len(target):
            raise complain(self.name, "X_source and X_target", "of one row or more", f"{source.shape}, {target.shape}")
        if source.shape[1] != target.shape[1]:
            raise complain(self.name, "X_source", f"of {target.shape[1]} features like X_target", source.shape[1])
        check_same_length(self.name, X_source=len(source), y_source=len(y_source))
        check_finite(self.name, "X_source", source)
        check_finite(self.name, "X_target", target)
        if self.classes and not task.one_class:
            raise complain(self.name, "the task", "one of one class an item", task.name, "Use another method.")
        return self._fit(source, outputs(task, y_source), target)

    @abstractmethod
    def _fit(self, source: Floats, Y: Floats, target: Floats) -> Adapted:
        """Adapt; ``Y`` are the source's outputs, (n_source, n_outputs)."""


def outputs(task: Task, y: npt.NDArray[Any]) -> Floats:
    """Targets of least squares, (n_items, n_outputs): marks of classes or labels, or one column of numbers.

    >>> from labelwright import tasks
    >>> outputs(tasks.make("regression", {}), np.array([1.5, 2.0])).tolist()
    [[1.5], [2.0]]
    """
    kind = task.target.pick(codes="codes", marks="marks", numbers="numbers")
    if kind == "codes":
        return np.asarray(np.eye(task.n_outputs)[y])
    values = np.asarray(y, dtype=np.float64)
    return values if kind == "marks" else values[:, None]


def ones(n: int) -> Floats:
    """Equal weights.

    >>> ones(2).tolist()
    [1.0, 1.0]
    """
    return np.ones(n)
