"""Simulated annotators: how often each is right, how fast, how often at work, and for what money."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_between, complain

UNIFORM, RANDOM, SAME, MATRIX = "uniform", "random", "same", "matrix"
MAX_SECONDS, MAX_SPREAD, MAX_RATE = 86_400.0, 3.0, 1e6
WHO = "annotator"

Matrix = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Annotator:
    """One simulated person of a team, for `simulate`.

    Parameters
    ----------
    name : str
        Distinct in a team.
    accuracy : float, optional
        Chance of a correct answer, in [0, 1]; for several labels an item, of each label; 1 by default. Not for
        numbers, nor with ``errors`` that say it already.
    errors : str or matrix of shape (n_classes, n_classes)
        What a wrong answer is. "uniform": any other class, equally likely. A confusion matrix: row i holds the chances
        of each answer where class i is true, classes in sorted order. "random": a spammer who answers at random.
        "same": a spammer who always gives the first class, no label at all, or the median number.
    noise : float
        Standard deviation of a number around the true one, in units of y; for numbers alone.
    seconds : float
        Median time of an answer, in (0, 86400].
    spread : float
        Standard deviation of the logarithm of the time, in [0, 3]; 0.5 is common for people.
    presence : float
        Share of the time at work, in (0, 1]: one who is there half of the time takes half as many slots.
    cost_per_hour : float
        In any currency, at least 0; paid for the seconds of the answers.
    answers : mapping of int to answer, optional
        Real answers by position of the item in X. The person then gives these alone, as they are.

    Raises
    ------
    InputError
        If a value is out of range, or ``errors`` is neither a known name nor a square matrix whose rows sum to 1.

    Examples
    --------
    >>> Annotator("ann", accuracy=0.9).confusion(3)
    array([[0.9 , 0.05, 0.05],
           [0.05, 0.9 , 0.05],
           [0.05, 0.05, 0.9 ]])
    >>> Annotator("eve", seconds=20, cost_per_hour=90).cost
    0.5
    """

    name: str
    accuracy: float | None = None
    errors: str | Matrix = UNIFORM
    noise: float = 0.0
    seconds: float = 10.0
    spread: float = 0.0
    presence: float = 1.0
    cost_per_hour: float = 0.0
    answers: Mapping[int, object] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise complain(WHO, "name", "a text that is not empty", repr(self.name))
        if self.accuracy is not None:
            check_between(WHO, f"accuracy of '{self.name}'", self.accuracy, 0, 1)
        tiny = 1e-9
        check_between(WHO, f"noise of '{self.name}'", self.noise, 0, 1e30)
        check_between(WHO, f"seconds of '{self.name}'", self.seconds, tiny, MAX_SECONDS)
        check_between(WHO, f"spread of '{self.name}'", self.spread, 0, MAX_SPREAD)
        check_between(WHO, f"presence of '{self.name}'", self.presence, tiny, 1)
        check_between(WHO, f"cost_per_hour of '{self.name}'", self.cost_per_hour, 0, MAX_RATE)
        self._check_errors()

    def _check_errors(self) -> None:
        what = f"errors of '{self.name}'"
        expected = "'uniform', 'random', 'same' or a square matrix whose rows sum to 1"
        if isinstance(self.errors, str):
            if self.errors not in (UNIFORM, RANDOM, SAME):
                raise complain(WHO, what, expected, repr(self.errors))
        else:
            try:
                matrix = np.array([[float(p) for p in row] for row in self.errors])
            except (TypeError, ValueError):
                raise complain(WHO, what, expected, repr(self.errors)) from None
            if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or len(matrix) < 2:
                raise complain(WHO, what, expected, f"a matrix of shape {matrix.shape}")
            bad = ~((matrix >= 0).all(axis=1) & (np.abs(matrix.sum(axis=1) - 1) <= 1e-3))
            if bad.any():
                raise complain(WHO, what, expected, f"row {int(bad.argmax())}: {matrix[bad][0].tolist()}")
        if self.accuracy is not None and self._pattern != UNIFORM:
            raise complain(WHO, what, "'uniform' with an accuracy", "both", "Leave the accuracy out.")
        if self.answers is not None and (self.accuracy is not None or self._pattern != UNIFORM or self.noise):
            cure = "Leave accuracy, errors and noise out."
            raise complain(WHO, f"answers of '{self.name}'", "given without another skill", "both", cure)

    @property
    def _pattern(self) -> str:
        return self.errors if isinstance(self.errors, str) else MATRIX

    @property
    def cost(self) -> float:
        """Expected money of one answer: a lognormal time has the mean exp(spread² / 2) times its median."""
        return self.seconds * math.exp(self.spread**2 / 2) / 3600 * self.cost_per_hour

    def confusion(self, n_classes: int) -> Floats:
        """The chance of each answer where each class is true, (n_classes, n_classes), rows by the true class."""
        if self._pattern == RANDOM:
            return np.full((n_classes, n_classes), 1 / n_classes)
        if self._pattern == SAME:
            return np.tile(np.eye(n_classes)[0], (n_classes, 1))
        if not isinstance(self.errors, str):
            matrix = np.asarray(self.errors, dtype=np.float64)
            return np.asarray(matrix / matrix.sum(axis=1, keepdims=True))
        right = 1.0 if self.accuracy is None else self.accuracy
        wrong = (1 - right) / max(n_classes - 1, 1)
        return np.where(np.eye(n_classes, dtype=bool), right, wrong)

    def check_fits(self, y: npt.NDArray[Any], n_classes: int | None) -> None:
        """Refuse a skill that the labels do not know.

        Parameters
        ----------
        y : array of shape (n_items,) or (n_items, n_labels)
            Encoded labels.
        n_classes : int, optional
            None where an item has several labels or a number.
        """
        if n_classes is None and not isinstance(self.errors, str):
            raise complain(WHO, f"errors of '{self.name}'", "a name where y is not one class an item", "a matrix")
        if n_classes is not None and not isinstance(self.errors, str) and len(self.errors) != n_classes:
            raise complain(WHO, f"errors of '{self.name}'", f"of {n_classes} classes, as y is", len(self.errors))
        numbers = y.dtype.kind == "f"
        if numbers and self.accuracy is not None:
            raise complain(WHO, f"accuracy of '{self.name}'", "None for numbers", self.accuracy, "Give noise.")
        if not numbers and self.noise:
            raise complain(WHO, f"noise of '{self.name}'", "0 where y is no number", self.noise, "Give accuracy.")

    def draw(self, item: int, y: npt.NDArray[Any], n_classes: int | None, rng: np.random.Generator) -> object:
        """An answer to one item, encoded like ``y``, by the pattern of errors; not of a person with real answers.

        >>> Annotator("bob", errors="same").draw(1, np.array([0, 2, 1]), 3, np.random.default_rng(0))
        0
        """
        if n_classes is not None:
            chances = np.cumsum(self.confusion(n_classes)[int(y[item])])  # (n_classes,)
            return min(int(np.searchsorted(chances, rng.random(), side="right")), n_classes - 1)
        if y.dtype.kind == "f":
            if self._pattern == RANDOM:
                return float(rng.choice(y))
            return float(np.median(y)) if self._pattern == SAME else float(y[item] + self.noise * rng.normal())
        if self._pattern == RANDOM:
            return rng.integers(0, 2, y.shape[1]).astype(y.dtype)
        if self._pattern == SAME:
            return np.zeros(y.shape[1], dtype=y.dtype)
        right = rng.random(y.shape[1]) < (1.0 if self.accuracy is None else self.accuracy)
        return np.where(right, y[item], 1 - y[item]).astype(y.dtype)
