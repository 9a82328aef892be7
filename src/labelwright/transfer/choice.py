"""Which method brings the source in, and how much of it, judged by leave-one-out loss on labels of the target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats
from labelwright.kernels.links import softmax
from labelwright.registry import plugins
from labelwright.tasks.base import Task
from labelwright.transfer.base import Adapted, Transfer, outputs
from labelwright.transfer.covariance import units
from labelwright.transfer.least_squares import PENALTIES, Moments, left_out
from labelwright.words import Reason

AMOUNTS: Final = (0.03, 0.1, 0.25, 0.5, 1.0)  # what a source item counts in target items; 0 is no transfer
COLD: Final = "coral"  # the method before the target has labels, which no loss can choose
FEW: Final = 8  # labels of the target below which losses are too few for a standard error
SHARPNESS: Final = (1.0, 2.0, 4.0, 8.0, 16.0)
MANY: Final = 50  # labels of the target from which the source has to be clearly better
TINY: Final = 1e-3  # what a probability is at least, so that no single item decides
N_DIMS: Final = 100  # leading dimensions that the screening looks at


@dataclass(frozen=True)
class Tried:
    """A method, an amount, and the mean loss out of fold on labels of the target; no method is no transfer."""

    method: str | None
    amount: float
    loss: float


@dataclass(frozen=True)
class Choice:
    """What was chosen, and everything that was tried.

    Parameters
    ----------
    method : str or None
        None for no transfer.
    amount : float
        0, or one of `AMOUNTS`.
    loss, alone : float
        Mean loss out of fold of what was chosen, and without the source: log-loss in nats, squared error for labels and
        numbers. NaN without labels of the target.
    n_labels : int
        Of the target.
    tried : tuple of Tried
    """

    method: str | None
    amount: float
    loss: float
    alone: float
    n_labels: int
    tried: tuple[Tried, ...] = ()

    @property
    def reason(self) -> Reason:
        """In words.

        >>> print(Choice(None, 0.0, 0.2, 0.2, 40).reason)
        No transfer: with 40 labels here, the source does not lower the loss out of fold (0.200).
        """
        figures = {
            "method": self.method, "amount": self.amount, "loss": self.loss, "alone": self.alone, "n": self.n_labels,
        }  # fmt: skip
        code = "transfer-none" if self.method is None else "transfer" if self.n_labels else "transfer-cold"
        return Reason(code, figures)


def clearly_lower(loss: Floats, alone: Floats) -> bool:
    """Whether losses of the same items are lower by more than one standard error; by anything, below `FEW` items.

    From `MANY` items on it takes two: the best of some thirty candidates is compared, and there is less to win.

    >>> clearly_lower(np.zeros(9), np.full(9, 0.1)), clearly_lower(np.zeros(9), np.zeros(9))
    (True, False)
    """
    gain = alone - loss
    spread = float(gain.std(ddof=1)) / np.sqrt(len(gain)) if len(gain) >= FEW else 0.0
    return bool(gain.mean() > (1 if len(gain) < MANY else 2) * spread)


@dataclass(frozen=True)
class _Part:
    """A method's source in the space of the screening."""

    name: str
    adapted: Adapted
    moments: Moments
    amounts: tuple[float, ...]


class Screen:
    """Least squares with each method and amount, in the leading dimensions of the target.

    Everything about the source is computed once. A round then takes a few inverses of a small matrix, since least
    squares leaves each label out in closed form.

    Parameters
    ----------
    X_source : array of shape (n_source, n_features)
    y_source : array as given by ``task.encode``
    X_target : array of shape (n_target, n_features)
        Items of the target, labeled or not.
    task : Task
    widening : bool
        Whether methods that change the features of the target are tried too.
    """

    def __init__(
        self, X_source: Floats, y_source: npt.NDArray[Any], X_target: Floats, task: Task, *, widening: bool = True
    ) -> None:
        self.task = task
        target = np.asarray(X_target, dtype=np.float64)
        self._unit, self._mean = units(target), target.mean(axis=0)
        away = (target - self._mean) / self._unit
        values, vectors = np.linalg.eigh(away.T @ away / len(away))
        self._basis = vectors[:, ::-1][:, : min(N_DIMS, len(values))]
        self._scale = float(np.sqrt(max(values.sum(), 0.0))) or 1.0
        here, there = self.reduced(target), self.reduced(np.asarray(X_source, dtype=np.float64))
        Y = outputs(task, y_source)
        self._parts = [self._part(kind(), there, y_source, Y, here) for kind in _fitting(task, widening)]

    def reduced(self, X: Floats) -> Floats:
        """Items in the space of the screening, (n_items, n_dims): of mean squared length 1 on the target."""
        return np.asarray(((X - self._mean) / self._unit) @ self._basis / self._scale)

    def _part(self, method: Transfer, there: Floats, y: npt.NDArray[Any], Y: Floats, here: Floats) -> _Part:
        adapted = method.fit(there, y, here, self.task)
        moments = Moments.of(adapted.X_source, Y, adapted.weights)
        return _Part(method.name, adapted, moments, AMOUNTS if method.rows else (1.0,))

    def choose(self, X: Floats, y: npt.NDArray[Any]) -> Choice:
        """The method and amount with the least loss, if it is clearly lower than without the source.

        Parameters
        ----------
        X : array of shape (n_labels, n_features)
        y : array as given by ``task.encode``

        Returns
        -------
        choice : Choice
        """
        if not len(y):
            return Choice(COLD, 1.0, float("nan"), float("nan"), 0)
        Y, Z = outputs(self.task, y), self.reduced(np.asarray(X, dtype=np.float64))
        alone = _losses(self.task, Z, Y, Moments.of(Z, Y, np.ones(len(Z))))
        tried, losses = [Tried(None, 0.0, float(alone.mean()))], [alone]
        for part in self._parts:
            seen = part.adapted.to_target(Z)
            own = Moments.of(seen, Y, np.ones(len(seen)))
            for amount in part.amounts:
                losses.append(_losses(self.task, seen, Y, own.plus(part.moments, amount)))
                tried.append(Tried(part.name, amount, float(losses[-1].mean())))
        best = min(range(len(tried)), key=lambda k: tried[k].loss)
        chosen = tried[best] if best and clearly_lower(losses[best], alone) else tried[0]
        return Choice(chosen.method, chosen.amount, chosen.loss, tried[0].loss, len(y), tuple(tried))


def _fitting(task: Task, widening: bool) -> list[type[Transfer]]:
    kinds = plugins("labelwright.transfer", Transfer).values()
    return [kind for kind in kinds if (task.one_class or not kind.classes) and (widening or not kind.widens)]


def _losses(task: Task, X: Floats, Y: Floats, moments: Moments) -> Floats:
    """Losses of rows that are left out, (n,), at the penalty where their mean is the least."""
    measure = task.target.pick(codes=log_losses, marks=squared_errors, numbers=squared_errors)
    every = [measure(left_out(X, Y, moments, penalty), Y) for penalty in PENALTIES]
    return min(every, key=lambda one: float(one.mean()))


def squared_errors(outputs: Floats, Y: Floats) -> Floats:
    """Summed over outputs, (n,).

    >>> squared_errors(np.array([[1.0, 0.0]]), np.array([[0.0, 0.0]])).tolist()
    [1.0]
    """
    return np.asarray(((outputs - Y) ** 2).sum(axis=1))


def log_losses(outputs: Floats, Y: Floats) -> Floats:
    """Minus the logarithm of the true class's probability, (n,), in nats.

    Outputs of least squares are no logarithms of probabilities, and the more the source weighs the flatter they are, so
    they are multiplied by the one of `SHARPNESS` with the least mean loss.

    >>> log_losses(np.array([[0.0, 0.0]]), np.array([[0.0, 1.0]])).round(3).tolist()
    [0.691]
    """
    every = [-(Y * np.log(softmax(sharpness * outputs) + TINY)).sum(axis=1) for sharpness in SHARPNESS]
    return min(every, key=lambda one: float(one.mean()))
