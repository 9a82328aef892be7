"""How much an answer would move the model."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, check_same_length
from labelwright.scores.passes import over_rows


def expected_gradient_length(proba: Floats, embed: Floats) -> Floats:
    """The length of the log-loss gradient of a linear last layer, in expectation over the model's own probabilities.

    Large where the model is unsure and the features are long.

    Parameters
    ----------
    proba : array of shape (n_items, n_classes)
        Class probabilities; each row sums to 1.
    embed : array of shape (n_items, n_dims)
        Inputs of the last layer, without the constant one, which is added.

    Returns
    -------
    score : array of shape (n_items,)
        At least 0, in the unit of the features. Higher means ask first.

    Raises
    ------
    InputError
        If `proba` is not a table of class probabilities or the lengths differ.

    Notes
    -----
    The gradient of the loss of class k is (p - e_k) times (h, 1), so its length factorises into
    sum_k p_k |p - e_k| sqrt(|h|^2 + 1), with |p - e_k|^2 = |p|^2 - 2 p_k + 1.

    References
    ----------
    Settles, Craven, Ray (2008). Multiple-instance active learning, sec. 3.2, eq. 5.

    Examples
    --------
    >>> expected_gradient_length(np.array([[0.5, 0.5], [1.0, 0.0]]), np.zeros((2, 3))).round(4)
    array([0.7071, 0.    ])
    """
    check_same_length("expected-gradient-length", proba=len(proba), embed=len(embed))
    return np.asarray(expected_residual(proba) * np.sqrt(np.einsum("nd,nd->n", embed, embed) + 1))


def expected_residual(proba: Floats) -> Floats:
    """sum_k p_k |p - e_k|, (n_items,): the part of the length that the features have no share in.

    >>> expected_residual(np.array([[0.5, 0.5], [1.0, 0.0]])).round(4)
    array([0.7071, 0.    ])
    """

    def length(rows: Floats) -> Floats:
        squares = np.einsum("nk,nk->n", rows, rows)[:, None] - 2 * rows + 1  # (n_some, n_classes)
        return np.asarray(np.einsum("nk,nk->n", rows, np.sqrt(np.maximum(squares, 0))))

    return over_rows("expected-gradient-length", proba, length)
