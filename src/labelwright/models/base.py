"""The contract of a model: fit on encoded answers, give the task's predictions."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Protocol, Self

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_count, check_same_length, complain
from labelwright.errors import NotReadyError
from labelwright.kernels.rows import FeatureRows, as_rows
from labelwright.plain import JsonObject
from labelwright.tasks.base import Task
from labelwright.tasks.predictions import Predictions

BLOCK_BYTES = 64 * 2**20  # outputs and converted features per block of prediction


class Predictor(Protocol):
    """What predicts items once it is fitted: an estimator of scikit-learn's kind, or a model of ours."""

    def predict(self, X: object, /) -> object: ...


class Model(ABC):
    """A learner over arrays; a new one is one file in this package.

    A subclass keeps all that it has learned in ``state_``, a plain dict of arrays and scikit-learn
    objects, so that it can be stored without pickle.

    Parameters
    ----------
    task : Task
        What it predicts; columns of its predictions follow the schema.
    n_draws : int
        Members of a bagged committee whose predictions come as draws; 0 for none.
    random_state : int
        Seed of everything random in fitting.

    Attributes
    ----------
    state_ : dict
        What was learned.
    classes_seen : int64 array
        Outputs that occurred in y, as positions in the schema.

    Raises
    ------
    InputError
        If it does not serve the task, see `serves`.
    """

    name: str = ""
    sourced: ClassVar[bool] = False  # whether it can be fitted without labels of its own, from those of another domain
    numbers: ClassVar[bool] = True  # whether it predicts numbers, besides classes and labels

    def __init__(self, task: Task, *, n_draws: int = 0, random_state: int = 0) -> None:
        if not self.serves(task):
            raise complain(self.name, "the task", "one of classes or labels", task.name, "Take another model.")
        self.task = task
        self.n_draws = check_count("model", "n_draws", n_draws, low=0)
        self.random_state = random_state

    @classmethod
    def serves(cls, task: Task) -> bool:
        """Whether it can learn a task."""
        return cls.numbers or task.target.pick(codes=True, marks=True, numbers=False)

    def fit(
        self, X: object, y: npt.NDArray[Any], *, sample_weight: Floats | None = None, groups: Ints | None = None
    ) -> Self:
        """Learn from items and encoded answers.

        Parameters
        ----------
        X : array of shape (n_items, n_features)
        y : array as given by ``task.encode``
        sample_weight : array of shape (n_items,), optional
            At least 0.
        groups : array of shape (n_items,), optional
            Items of one group stay together in the folds of the calibration.

        Returns
        -------
        self

        Raises
        ------
        InputError
            If there is no item or the lengths differ.
        """
        rows = as_rows(X, self.name)
        n_items = rows.shape[0]
        if not n_items:
            raise complain(self.name, "X", "of one item or more", "none")
        check_same_length(self.name, X=n_items, y=len(y))
        weight = np.ones(n_items) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        group = np.arange(n_items) if groups is None else np.unique(groups, return_inverse=True)[1]
        check_same_length(self.name, X=n_items, sample_weight=len(weight), groups=len(group))
        self.classes_seen: npt.NDArray[np.int64] = self.task.classes_seen(y)
        self.n_features = int(rows.shape[1])
        with warnings.catch_warnings():  # scikit-learn wonders at many classes of one label each; that is how it begins
            warnings.filterwarnings("ignore", message="The number of unique classes", category=UserWarning)
            self.state_: dict[str, Any] = self._fit(rows[:], y, weight, group, np.random.default_rng(self.random_state))
        return self

    def predict(self, X: object) -> Predictions:
        """Predict items, in blocks, as float32; with draws if ``n_draws`` > 0.

        Raises
        ------
        NotReadyError
            If it is not fitted.
        InputError
            If the number of features differs from the one at fit.
        """
        items = as_rows(X, self.name)
        n_items = self._check_predict(items)
        n_outputs = self.task.n_outputs
        shape = (1 + self.n_draws, n_items, n_outputs)
        out = np.empty(shape, dtype=np.float32)
        rows = max(256, BLOCK_BYTES // (4 * (self.n_features + (1 + self.n_draws) * n_outputs)))
        for start in range(0, n_items, rows):
            block = slice(start, start + rows)
            out[:, block] = self.task.link(self._raw(items[block]))
        if self.task.target.pick(codes=False, marks=False, numbers=True):
            out = out[:, :, 0]
        return self.task.predictions(out[0], out[1:] if self.n_draws else None)

    def params(self) -> JsonObject:
        """How it was made, as plain JSON."""
        return {"name": self.name, "n_draws": self.n_draws, "random_state": self.random_state}

    def fresh(self, *, n_draws: int, random_state: int) -> Model:
        """An unfitted model of the same kind and parameters."""
        return type(self)(self.task, n_draws=n_draws, random_state=random_state)

    def _check_predict(self, X: FeatureRows) -> int:
        if not hasattr(self, "state_"):
            raise NotReadyError(f"{self.name}: the model must be fitted.", "Call fit first.")
        if X.shape[1] != self.n_features:
            raise complain(self.name, "X", f"of {self.n_features} features as at fit", X.shape[1])
        return int(X.shape[0])

    @property
    def transfers(self) -> bool:
        """Whether it has learned from labels of another domain."""
        return False

    @abstractmethod
    def _fit(
        self, X: Any, y: npt.NDArray[Any], weight: Floats, group: Ints, rng: np.random.Generator
    ) -> dict[str, Any]:
        """Learn; return the state."""

    @abstractmethod
    def _raw(self, X: Any) -> npt.NDArray[np.float32]:
        """Calibrated raw scores before the link, (1 + n_draws, n_items, n_outputs); the served model first."""
