"""How unsure one model is of each item."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats
from labelwright.kernels.plogp import shannon
from labelwright.kernels.top_two import largest, top_two
from labelwright.scores.passes import over_rows


def margin(proba: Floats) -> Floats:
    """How close the two likeliest classes are.

    Near 0 where they tie, -1 where the model is sure of one class.

    Parameters
    ----------
    proba : array of shape (n_items, n_classes)
        Class probabilities; each row sums to 1.

    Returns
    -------
    score : array of shape (n_items,)
        Between -1 and 0, no unit. Higher means ask first.

    Raises
    ------
    InputError
        If `proba` is not 2-d, has one column, or a row does not sum to 1 within 1e-3.

    References
    ----------
    Scheffer, Decomain, Wrobel (2001). Active hidden Markov models for information extraction, sec. 3.

    Examples
    --------
    >>> margin(np.array([[0.5, 0.5], [0.9, 0.1]]))
    array([ 0. , -0.8])
    """
    return over_rows("margin", proba, _minus_gap)


def ratio(proba: Floats) -> Floats:
    """How likely the second class is beside the likeliest.

    1 where the two likeliest classes tie, 0 where the model is sure of one class.

    Parameters
    ----------
    proba : array of shape (n_items, n_classes)
        Class probabilities; each row sums to 1.

    Returns
    -------
    score : array of shape (n_items,)
        Between 0 and 1, no unit. Higher means ask first.

    Raises
    ------
    InputError
        If `proba` is not a table of class probabilities.

    Notes
    -----
    p2 / p1. For two classes it ranks like `margin`; for more, a gap counts for less where both are likely.

    References
    ----------
    Monarch (2021). Human-in-the-loop machine learning, sec. 3.2.3.

    Examples
    --------
    >>> ratio(np.array([[0.5, 0.5, 0.0], [0.5, 0.25, 0.25]]))
    array([1. , 0.5])
    """
    return over_rows("ratio", proba, _second_by_first)


def least_confidence(proba: Floats) -> Floats:
    """How far the likeliest class is from certain.

    0 where the model is sure, 1 - 1/n_classes where all classes tie.

    Parameters
    ----------
    proba : array of shape (n_items, n_classes)
        Class probabilities; each row sums to 1.

    Returns
    -------
    score : array of shape (n_items,)
        Between 0 and 1, no unit. Higher means ask first.

    Raises
    ------
    InputError
        If `proba` is not a table of class probabilities.

    References
    ----------
    Lewis, Gale (1994). A sequential algorithm for training text classifiers, sec. 4.

    Examples
    --------
    >>> least_confidence(np.array([[0.5, 0.5], [0.9, 0.1]])).round(6)
    array([0.5, 0.1])
    """
    return over_rows("least-confidence", proba, _not_largest)


def entropy(proba: Floats) -> Floats:
    """Shannon's entropy of each row.

    0 where the model is sure, log(n_classes) where all classes tie.

    Parameters
    ----------
    proba : array of shape (n_items, n_classes)
        Class probabilities; each row sums to 1.

    Returns
    -------
    score : array of shape (n_items,)
        At least 0, in nats. Higher means ask first.

    Raises
    ------
    InputError
        If `proba` is not a table of class probabilities.

    References
    ----------
    Shannon (1948). A mathematical theory of communication, sec. 6.

    Examples
    --------
    >>> entropy(np.array([[0.5, 0.5], [1.0, 0.0]])).round(4)
    array([0.6931, 0.    ])
    """
    return over_rows("entropy", proba, shannon)


def _minus_gap(rows: Floats) -> Floats:
    first, second = top_two(rows)
    return second - first


def _second_by_first(rows: Floats) -> Floats:
    first, second = top_two(rows)
    return np.maximum(second, 0) / first


def _not_largest(rows: Floats) -> Floats:
    return np.asarray(1 - largest(rows))
