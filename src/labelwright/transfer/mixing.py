"""A model of the target that learns from a labeled source too, as far as that helps."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar, Final, Self

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, as_objects, complain
from labelwright.kernels.rows import FeatureRows, Frame, Objects, Sparse, Wider, as_rows
from labelwright.models.base import Model
from labelwright.models.calibration import folds
from labelwright.models.estimator import weight_name
from labelwright.tasks.base import Task
from labelwright.tasks.predictions import Predictions
from labelwright.transfer import make
from labelwright.transfer.base import Adapted, ones, outputs
from labelwright.transfer.choice import FEW, Choice, Screen, Tried, squared_errors
from labelwright.transfer.pooled import Pooled

N_FOLDS: Final = 3
PLAIN: Final = 0.25  # the amount tried for items that are no numbers, which can only be pooled


class Source:
    """Labeled items of another domain, and what the methods make of them; each is computed once.

    Parameters
    ----------
    X : rows of shape (n_source, n_features)
    y : array as given by ``task.encode``
    target : rows of shape (n_target, n_features)
        Items of the target, labeled or not, without those that measure.
    task : Task
    widening : bool
        Whether methods that change the features of the target are tried too. Without them, the fitted model takes the
        items as they are and can be kept without the source.
    """

    def __init__(
        self, X: FeatureRows, y: npt.NDArray[Any], target: FeatureRows, task: Task, *, widening: bool = True
    ) -> None:
        self.X, self.y, self.target, self.task, self.widening = X, y, target, task, widening
        self._adapted: dict[str, Adapted] = {}

    @property
    def numeric(self) -> bool:
        """Whether items are dense numbers, which the methods can move; others are pooled as they are."""
        return all(isinstance(rows, np.ndarray) and rows.dtype.kind in "fiub" for rows in (self.X, self.target))

    @cached_property
    def screen(self) -> Screen:
        """Least squares with every method, for numbers."""
        X, target = np.asarray(self.X), np.asarray(self.target)
        return Screen(X, self.y, target, self.task, widening=self.widening)

    def adapted(self, method: str) -> Adapted:
        """The source by a method, for numbers."""
        if method not in self._adapted:
            fitted = make(method).fit(np.asarray(self.X), self.y, np.asarray(self.target), self.task)
            self._adapted[method] = fitted
        return self._adapted[method]


class Mixed(Model):
    """A model that is fitted on labels of the target and on the source, by the method and the amount that are best.

    For dense numbers, `Screen` chooses them by the leave-one-out loss of least squares. The choice then has to lower
    the model's own squared error out of fold too.

    Parameters
    ----------
    inner : Model
        Not yet fitted; it is copied for each fit.
    source : Source

    Raises
    ------
    InputError
        If the estimator takes no weights of items.

    Attributes
    ----------
    choice_ : Choice
        What was chosen at the last fit.

    Notes
    -----
    Cost: up to eight fits of the model; least squares add some hundred inverses of matrices with at most 301 rows.

    Examples
    --------
    >>> from labelwright import models, tasks
    >>> task = tasks.make("classification", tasks.guess("classification", ["a", "b"]))
    >>> X, y, target = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1]), np.array([[10.0], [13.0]])
    >>> source = Source(X, y, target, task)
    >>> model = Mixed(models.make("linear", task), source).fit(np.empty((0, 1)), np.empty(0, dtype=np.int64))
    >>> model.predict(np.array([[8.0], [15.0]])).values.argmax(axis=1).tolist(), model.choice_.method
    ([0, 1], 'coral')
    """

    sourced: ClassVar[bool] = True

    def __init__(self, inner: Model, source: Source) -> None:
        given = getattr(inner, "estimator", None)
        if given is not None and weight_name(given) is None:
            cure = "Take another, or leave the source out."
            raise complain("transfer", "the estimator", "one whose fit has sample_weight", inner.name, cure)
        super().__init__(inner.task, n_draws=inner.n_draws, random_state=inner.random_state)
        self.name, self.inner, self.source = inner.name, inner, source

    def fresh(self, *, n_draws: int, random_state: int) -> Model:
        """An unfitted model of the same kind, with the same source."""
        return Mixed(self.inner.fresh(n_draws=n_draws, random_state=random_state), self.source)

    def fit(
        self, X: object, y: npt.NDArray[Any], *, sample_weight: Floats | None = None, groups: Ints | None = None
    ) -> Self:
        """Learn from items of the target, of which there may be none, and from the source; see `Model.fit`."""
        if sample_weight is not None:
            raise complain(self.name, "sample_weight", "None where there is a source", "an array")
        rows, group = as_rows(X, self.name), np.arange(len(y)) if groups is None else np.asarray(groups)
        self.n_features = int(rows.shape[1])
        self.choice_ = self._chosen(rows, y)
        self.fitted_ = self._fitted(self.choice_, rows, y, group)
        if self.choice_.method is not None and len(y):
            self.choice_ = self._proven(self.choice_, rows, y, group)
            if self.choice_.method is None:
                self.fitted_ = self._fitted(self.choice_, rows, y, group)
        self.classes_seen = self.task.classes_seen(np.concatenate([y, self.source.y]))
        self.state_ = {"choice": self.choice_}
        return self

    def predict(self, X: object) -> Predictions:
        """Predict items of the target; see `Model.predict`."""
        rows = as_rows(X, self.name)
        self._check_predict(rows)
        return self.fitted_.predict(self._seen(self.choice_, rows))

    @property
    def transfers(self) -> bool:
        """Whether the source was used at the last fit."""
        return self.choice_.method is not None

    @property
    def estimator_(self) -> object:
        """The fitted estimator, where it takes the items as they are; `AttributeError` where it does not."""
        if isinstance(self._seen(self.choice_, np.empty((0, self.n_features))), Wider):
            raise AttributeError("estimator_")
        return self.fitted_.estimator_  # type: ignore[attr-defined]

    def _chosen(self, rows: FeatureRows, y: npt.NDArray[Any]) -> Choice:
        if self.source.numeric:
            return self.source.screen.choose(np.asarray(rows[:]), y)
        nothing = float("nan")
        return Choice(Pooled.name, PLAIN if len(y) else 1.0, nothing, nothing, len(y))

    def _fitted(self, choice: Choice, rows: FeatureRows, y: npt.NDArray[Any], group: Ints) -> Model:
        """The model fitted on labeled items of the target, and on the source as chosen."""
        model = self.inner.fresh(n_draws=self.n_draws, random_state=self.random_state)
        if choice.method is None:
            return model.fit(rows, y, groups=group)
        own, weights = self._seen(choice, rows), ones(len(self.source.y))
        X_source: object = self.source.X[:]
        if self.source.numeric:
            adapted = self.source.adapted(choice.method)
            X_source, weights = adapted.X_source, adapted.weights
        kept = np.flatnonzero(weights > 0)
        if not len(kept):
            return model.fit(own, y, groups=group)
        every = np.concatenate([choice.amount * weights[kept], np.ones(len(y))])
        X = as_rows(X_source)[kept] if not len(y) else stacked(as_rows(X_source)[kept], own[:])
        together = np.concatenate([np.arange(len(kept)), len(kept) + group])
        weighted = None if (every == 1).all() else every
        return model.fit(X, np.concatenate([self.source.y[kept], y]), sample_weight=weighted, groups=together)

    def _seen(self, choice: Choice, rows: FeatureRows) -> FeatureRows:
        """Items of the target as the fitted model takes them."""
        if choice.method is None or not self.source.numeric:
            return rows
        adapted = self.source.adapted(choice.method)
        wide = adapted.X_source.shape[1]
        return rows if wide == self.n_features else Wider(rows, adapted.to_target, wide)

    def _proven(self, choice: Choice, rows: FeatureRows, y: npt.NDArray[Any], group: Ints) -> Choice:
        """The choice if it lowers the loss of the model itself, out of fold; else no transfer."""
        if len(y) < FEW:
            return choice
        alone = replace(choice, method=None, amount=0.0)
        fold = folds(y, np.unique(group, return_inverse=True)[1], N_FOLDS, np.random.default_rng(self.random_state))
        losses = np.zeros((2, len(y)))
        for k in range(N_FOLDS):
            inside, outside = np.flatnonzero(fold == k), np.flatnonzero(fold != k)
            for one, tried in enumerate((choice, alone)):
                model = self._fitted(tried, as_rows(rows[outside]), y[outside], group[outside])
                said = self.task.proba(model.predict(self._seen(tried, as_rows(rows[inside]))))
                said = said[:, None] if said.ndim == 1 else said
                losses[one, inside] = squared_errors(said, outputs(self.task, y[inside]))
        mean = losses.mean(axis=1).tolist()
        tried_too = (*choice.tried, Tried(choice.method, choice.amount, mean[0]), Tried(None, 0.0, mean[1]))
        better = mean[0] < mean[1]
        kept = choice if better else alone
        return replace(kept, loss=mean[0 if better else 1], alone=mean[1], tried=tried_too)

    def _fit(
        self, X: Any, y: npt.NDArray[Any], weight: Floats, group: Ints, rng: np.random.Generator
    ) -> dict[str, Any]:
        raise NotImplementedError  # `fit` hands over to the inner model

    def _raw(self, X: Any) -> npt.NDArray[np.float32]:
        raise NotImplementedError  # as does `predict`


def stacked(first: object, second: object) -> object:
    """Rows of two sets of the same kind, one below the other.

    >>> stacked(np.array([[1]]), np.array([[2]])).tolist()
    [[1], [2]]
    """
    both: Any = (first, second)
    if isinstance(first, Sparse):
        from scipy.sparse import vstack

        return vstack(both).tocsr()
    if isinstance(as_rows(first), Frame):
        import pandas as pd

        return pd.concat(both, ignore_index=True)
    if isinstance(as_rows(first), Objects):
        return as_objects([*both[0], *both[1]])
    return np.concatenate(both)
