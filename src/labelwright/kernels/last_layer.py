"""How a linear softmax layer moves when it learns one more answer, in closed form."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints

Floats32 = npt.NDArray[np.float32]
Floats64 = npt.NDArray[np.float64]

LEVEL = 1e-3  # share of a uniform distribution in the labeled items' probabilities, so that no class lacks curvature
N_NEWTON = 4


class Curvature:
    """The Hessian of a penalised multinomial logistic regression, one matrix for each direction among the classes.

    Directions q_a are the eigenvectors of the mean class covariance diag(p) - p p'; across two of them the Hessian is 0
    on average and taken as 0 at first (see `remainder`). For two classes there is one direction, and nothing is lost.

    Parameters
    ----------
    embed : array of shape (n_labels, n_dims + 1), see `with_one`
        Inputs of the layer for what is labeled.
    proba : array of shape (n_labels, n_classes)
        What the layer says of it.
    penalty : float
        Above 0: of the squared weights, as 1/C of scikit-learn's LogisticRegression.

    Attributes
    ----------
    directions : float64 array of shape (n_classes, n_directions)
        One fewer than classes.
    inverses : float32 array of shape (n_directions, n_dims + 1, n_dims + 1)
    """

    def __init__(self, embed: Floats, proba: Floats, penalty: float) -> None:
        n_classes = proba.shape[1]
        self.embed = embed.astype(np.float64)
        self.proba = p = (1 - LEVEL) * proba.astype(np.float64) + LEVEL / n_classes
        self.directions: Floats64 = np.linalg.eigh(np.diag(p.sum(axis=0)) - p.T @ p)[1][:, 1:]
        self.weights = p @ self.directions**2 - (p @ self.directions) ** 2  # (n_labels, n_directions)
        # two classes share one weight vector in scikit-learn, of which each of ours is half
        ridge = np.full(embed.shape[1], penalty * (2 if n_classes == 2 else 1))
        ridge[-1] *= 1e-3  # the constant is hardly penalised
        self.inverses: Floats32 = np.empty((self.directions.shape[1], len(ridge), len(ridge)), dtype=np.float32)
        for inverse, weight in zip(self.inverses, self.weights.T, strict=True):
            inverse[:] = np.linalg.inv((self.embed.T * weight) @ self.embed + np.diag(ridge))

    def own(self, items: Floats32) -> Floats32:
        """How far learning an item moves itself, (n_items, n_directions)."""
        pulls = [np.einsum("nd,nd->n", items @ inverse, items) for inverse in self.inverses]
        return np.stack(pulls, axis=1)

    def steps(self, proba: Floats, classes: Ints, own: Floats) -> Floats64:
        """Lengths of the steps for items that turn out to be of some classes, (n_items, n_directions).

        They minimise the quadratic model of the loss so far plus the exact loss of the new answer: step =
        q'(e - softmax(logits + q (own * step))), by Newton's method from 0.
        """
        logits, q, own = np.log(np.maximum(proba, 1e-12, dtype=np.float64)), self.directions, own.astype(np.float64)
        steps = np.zeros((len(proba), q.shape[1]))
        outer = (q[:, :, None] * q[:, None, :]).reshape(len(q), -1)
        for _ in range(N_NEWTON):
            p = softmax(logits + (own * steps) @ q.T)
            mean = p @ q
            system = (p @ outer).reshape(-1, q.shape[1], q.shape[1]) - mean[:, :, None] * mean[:, None, :]
            system *= own[:, None, :]
            system += np.eye(q.shape[1])
            steps += np.linalg.solve(system, (q[classes] - mean - steps)[:, :, None])[:, :, 0]
        return steps

    def remainder(self, slope: Floats) -> tuple[Floats64, Floats64]:
        """What a second step would change in a loss, to first order; for what the quadratic model leaves out.

        Parameters
        ----------
        slope : array of shape (n_classes, n_dims + 1)
            Of the loss, in the layer's weights.

        Returns
        -------
        lever : float64 array of shape (n_labels, n_classes)
            The loss falls by this for each unit of probability that a labeled item gains beyond the linear model.
        cross : float64 array of shape (n_dims + 1, n_directions)
            Its product with an item, times the item's steps, is what the blocks left out of the Hessian take away.
        """
        back = np.einsum("ade,ae->ad", self.inverses.astype(np.float64), self.directions.T @ slope)
        reach = self.embed @ back.T  # (n_labels, n_directions)
        lever, p, q = reach @ self.directions.T, self.proba, self.directions
        mixed = (lever * p) @ q - (lever * p).sum(axis=1, keepdims=True) * (p @ q) - reach * self.weights
        return lever, np.einsum("ade,ea->da", self.inverses.astype(np.float64), self.embed.T @ mixed)


def with_one(embed: Floats) -> Floats32:
    """Rows with a constant 1 at the end.

    >>> with_one(np.array([[2.0]])).tolist()
    [[2.0, 1.0]]
    """
    return np.hstack([embed, np.ones((len(embed), 1))], dtype=np.float32)


def softmax(logits: Floats, axis: int = -1) -> Floats:
    """Probabilities over an axis.

    >>> softmax(np.array([0.0, 0.0])).tolist()
    [0.5, 0.5]
    """
    odds: Floats = np.exp(logits - logits.max(axis=axis, keepdims=True))
    odds /= odds.sum(axis=axis, keepdims=True)
    return odds
