"""How unsure one model is of each item."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, check_proba


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
    check_proba("margin", proba)
    if proba.shape[1] == 2:
        return np.asarray(proba.min(axis=1) - proba.max(axis=1))
    top2 = np.partition(proba, -2, axis=1)[:, -2:]  # (n_items, 2)
    return top2[:, 0] - top2[:, 1]


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
    check_proba("least-confidence", proba)
    return np.asarray(1 - proba.max(axis=1))


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
    check_proba("entropy", proba)
    return shannon(proba)


def shannon(proba: Floats) -> Floats:
    """-sum p log p over the last axis, with 0 log 0 = 0; no checks."""
    tiny = np.finfo(proba.dtype).tiny
    logs = np.log(np.maximum(proba, tiny))
    total: Floats = np.einsum("...k,...k->...", proba, logs)
    return np.maximum(-total, 0)
