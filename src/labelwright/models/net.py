"""A torch network from a function that makes it, with scikit-learn's habits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator

from labelwright.check import check_count, check_one_of, complain
from labelwright.errors import NotReadyError
from labelwright.models.deep import as_floats, seeded

if TYPE_CHECKING:
    from torch import nn

KINDS = ("classes", "numbers", "labels")


class Net(BaseEstimator):  # type: ignore[misc]
    """A network that a function makes, trained by AdamW; a committee comes from its dropout, or from seeds.

    For a training loop of your own (callbacks, schedules, early stopping, a GPU) take skorch: its estimators are
    understood in the same way.

    Parameters
    ----------
    make : callable
        ``make(n_features, n_outputs)`` gives a ``torch.nn.Module`` that maps (n_items, n_features) to raw outputs
        (n_items, n_outputs), before a softmax.
    kind : {"classes", "numbers", "labels"}
        One class of several, a number, or several labels at once.
    n_outputs : int, optional
        Found in y if left out; Labelwright sets it to the number of classes of the schema.
    epochs : int
        Passes over the training items, at least 1.
    lr, weight_decay : float
        Of AdamW.
    batch_size : int
    random_state : int
        Seed of the first weights, the order of batches and dropout in training.

    Attributes
    ----------
    module_ : torch.nn.Module
        The trained network, in eval mode.
    classes_ : int64 array of shape (n_outputs,)
        Of classes: 0 to n_outputs - 1.

    Raises
    ------
    InputError
        If the network's outputs are not n_outputs, or a parameter is out of range.

    Examples
    --------
    >>> import torch  # doctest: +SKIP
    >>> def make(n_features, n_outputs):  # doctest: +SKIP
    ...     return torch.nn.Linear(n_features, n_outputs)
    >>> X, y = np.array([[-1.0], [-2.0], [1.0], [2.0]]), np.array([0, 0, 1, 1])
    >>> Net(make, lr=0.1).fit(X, y).predict(X)  # doctest: +SKIP
    array([0, 0, 1, 1])
    """

    def __init__(
        self, make: Callable[[int, int], nn.Module], *, kind: str = "classes", n_outputs: int | None = None,
        epochs: int = 60, lr: float = 3e-3, weight_decay: float = 1e-2, batch_size: int = 32, random_state: int = 0,
    ) -> None:  # fmt: skip
        self.make = make
        self.kind = kind
        self.n_outputs = n_outputs
        self.epochs = epochs
        self.lr = lr
        self.weight_decay = weight_decay
        self.batch_size = batch_size
        self.random_state = random_state

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike) -> Self:
        """Train on items (n_items, n_features) and classes from 0 on, numbers, or 0 and 1 for each label."""
        import torch

        check_one_of("Net", "kind", self.kind, KINDS)
        for name in ("epochs", "batch_size"):
            check_count("Net", name, getattr(self, name), low=1)
        items, target = as_floats(X, "Net"), self._target(np.asarray(y))
        seen = target.shape[1] if target.ndim > 1 else int(target.max()) + 1
        n_outputs = seen if self.n_outputs is None else self.n_outputs
        with seeded(self.random_state):
            module = self.make(items.shape[1], n_outputs)
            found = tuple(module(torch.as_tensor(items[:2])).shape)
            if found != (len(items[:2]), n_outputs):
                raise complain("Net", "what make gives", f"a network with {n_outputs} outputs", f"outputs {found}")
            loss_of = {"classes": torch.nn.CrossEntropyLoss, "numbers": torch.nn.MSELoss}.get(
                self.kind, torch.nn.BCEWithLogitsLoss
            )()
            optimiser = torch.optim.AdamW(module.parameters(), lr=self.lr, weight_decay=self.weight_decay)
            inputs, answers = torch.as_tensor(items), torch.as_tensor(self._scaled(target))
            module.train()
            for _ in range(self.epochs):
                for idx in torch.randperm(len(inputs)).split(self.batch_size):
                    optimiser.zero_grad()
                    loss = loss_of(module(inputs[idx]), answers[idx])
                    loss.backward()
                    optimiser.step()
        self.module_ = module.eval()
        self.n_features_in_ = items.shape[1]
        if self.kind == "classes":
            self.classes_ = np.arange(n_outputs)
        return self

    def predict_proba(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Probabilities of classes (n_items, n_outputs), or of each label."""
        import torch

        raw = torch.as_tensor(self._outputs(X))
        if self.kind == "numbers":
            raise complain("Net", "kind", "classes or labels for probabilities", "numbers")
        return np.asarray((torch.softmax(raw, 1) if self.kind == "classes" else torch.sigmoid(raw)).numpy())

    def predict(self, X: npt.ArrayLike) -> npt.NDArray[Any]:
        """Classes, numbers, or 0 and 1 for each label."""
        if self.kind == "numbers":
            return self._outputs(X)[:, 0] * self.scale_ + self.centre_
        proba = self.predict_proba(X)
        return proba.argmax(axis=1) if self.kind == "classes" else (proba >= 0.5).astype(np.int64)

    def _target(self, y: npt.NDArray[Any]) -> npt.NDArray[Any]:
        if self.kind == "classes":
            if y.ndim != 1 or y.dtype.kind not in "iu" or (len(y) and y.min() < 0):
                raise complain("Net", "y", "classes as whole numbers from 0 on", f"{y.dtype} of shape {y.shape}")
            return y.astype(np.int64)
        return y.astype(np.float32).reshape(len(y), -1)

    def _scaled(self, target: npt.NDArray[Any]) -> npt.NDArray[Any]:
        if self.kind != "numbers":
            return target
        self.centre_, self.scale_ = float(target.mean()), float(target.std()) or 1.0
        return ((target - self.centre_) / self.scale_).astype(np.float32)

    def _outputs(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        import torch

        if not hasattr(self, "module_"):
            raise NotReadyError("Net: the network must be fitted.", "Call fit first.")
        with torch.no_grad():
            return np.asarray(self.module_(torch.as_tensor(as_floats(X, "Net"))).numpy(), dtype=np.float64)
