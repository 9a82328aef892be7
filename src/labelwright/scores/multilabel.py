"""Scores for sets of labels, each for all labels of an item at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_same_length, complain
from labelwright.kernels.blocks import each_block


def expected_mistakes(proba: Floats, counts: Ints, max_bytes: int | None = None) -> npt.NDArray[np.float64]:
    """How many labels are expected to be wrong, if the ``counts`` likeliest of each item are taken for its labels.

    Large where the number of labels and their probabilities do not fit each other, or probabilities are near 0.5.

    Parameters
    ----------
    proba : array of shape (n_items, n_labels)
        Each label's own probability, in [0, 1].
    counts : int64 array of shape (n_items,)
        How many labels each item is thought to have, between 0 and n_labels.

    Returns
    -------
    score : array of shape (n_items,)
        Between 0 and n_labels, in labels. Higher means ask first.

    Raises
    ------
    InputError
        If the lengths differ, a probability is outside [0, 1] or a count outside 0 to n_labels.

    Notes
    -----
    sum_k (1 - y_k f_k) / 2 with y_k = 1 for the likeliest labels, -1 for the others, and f_k = 2 p_k - 1 where
    the paper has the decision value of a support vector machine. One sort of each row, in blocks.

    References
    ----------
    Yang, Sun, Wang, Chen (2009). Effective multi-label active learning for text classification, the MMC rule.

    Examples
    --------
    >>> expected_mistakes(np.array([[0.9, 0.2, 0.4], [0.9, 0.2, 0.4]]), np.array([1, 2])).round(6)
    array([0.7, 0.9])
    """
    check_labels("mmc", proba)
    check_same_length("mmc", proba=len(proba), counts=len(counts))
    if len(counts) and not (counts.min() >= 0 and counts.max() <= proba.shape[1]):
        raise complain("mmc", "counts", f"between 0 and {proba.shape[1]}", f"{counts.min()} to {counts.max()}")
    out = np.empty(len(proba))
    places = np.arange(proba.shape[1])

    def work(cut: slice) -> None:
        rows = np.sort(np.asarray(proba[cut], dtype=np.float64), axis=1)[:, ::-1]
        out[cut] = np.where(places < counts[cut, None], 1 - rows, rows).sum(axis=1)

    each_block(work, len(proba), 32 * proba.shape[1], max_bytes, "mmc")
    return out


def label_cardinality(proba: Floats, mean_count: float, max_bytes: int | None = None) -> npt.NDArray[np.float64]:
    """How far the predicted number of labels is from the usual one.

    0 where an item seems to have as many labels as others have; large for too many and for too few.

    Parameters
    ----------
    proba : array of shape (n_items, n_labels)
        Each label's own probability, in [0, 1]; a label is predicted from 0.5 on.
    mean_count : float
        Labels that an answered item has on average.

    Returns
    -------
    score : array of shape (n_items,)
        Between 0 and n_labels, in labels. Higher means ask first.

    Raises
    ------
    InputError
        If a probability is outside [0, 1].

    Notes
    -----
    One pass over `proba`.

    References
    ----------
    Li, Guo (2013). Active learning with multi-label SVM classification, label cardinality inconsistency.

    Examples
    --------
    >>> label_cardinality(np.array([[0.9, 0.8, 0.1], [0.1, 0.2, 0.3]]), 1.5)
    array([0.5, 1.5])
    """
    check_labels("label-cardinality", proba)
    out = np.empty(len(proba))

    def work(cut: slice) -> None:
        out[cut] = np.abs(np.count_nonzero(proba[cut] >= 0.5, axis=1) - mean_count)

    each_block(work, len(proba), 2 * proba.shape[1], max_bytes, "label-cardinality")
    return out


def check_labels(who: str, proba: Floats) -> None:
    """Refuse what is not a table of probabilities, each on its own."""
    if proba.ndim != 2:
        raise complain(who, "proba", "of shape (n_items, n_labels)", f"shape {proba.shape}")
    if proba.size and not (proba.min() >= -1e-6 and proba.max() <= 1 + 1e-6):
        raise complain(who, "proba", "between 0 and 1", f"{proba.min():g} to {proba.max():g}")
