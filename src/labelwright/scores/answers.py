"""What one more answer by a person who makes mistakes says about an item's class."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_proba, check_same_length
from labelwright.kernels.blocks import each_block


def answer_information(
    proba: Floats, confusion: Floats, max_bytes: int | None = None, *, who: str = "answer-information"
) -> npt.NDArray[np.float64]:
    """Mutual information of an answer and which of an item's two likeliest classes is the true one.

    0 where the class is certain or the person answers at random; log 2 where the two tie and the person never errs.

    Parameters
    ----------
    proba : array of shape (n_items, n_classes)
        What is believed of each item's class: by the model, or by the model and the answers so far.
    confusion : array of shape (n_classes, n_classes)
        Chance that the person gives each class, by the true one; rows sum to 1.
    max_bytes : int, optional
        Memory for temporary arrays.
    who : str
        Named in errors.

    Returns
    -------
    information : float64 array of shape (n_items,)
        Between 0 and log 2, in nats. Higher means ask first.

    Raises
    ------
    InputError
        If the shapes do not fit, or a row does not sum to 1.

    Notes
    -----
    H(q C) - sum_k q_k H(C_k), with q the probabilities of the two likeliest classes, made to sum to 1, and C the two
    rows of the confusion. Over all classes, many unlikely ones outweigh the two between which the model's border runs:
    as with entropy against margin, it then picks worse. Cost: one pass, n_classes² temporary numbers an item.

    References
    ----------
    Lindley (1956). On a measure of the information provided by an experiment, sec. 2; for annotators with confusion
    matrices: Welinder, Perona (2010). Online crowdsourcing: rating annotators and obtaining cost-effective labels.

    Examples
    --------
    >>> proba = np.array([[0.5, 0.5], [0.9, 0.1]])
    >>> answer_information(proba, np.eye(2)).round(3)  # log 2, and the entropy of 0.9
    array([0.693, 0.325])
    >>> answer_information(proba, np.array([[0.8, 0.2], [0.2, 0.8]])).round(3)
    array([0.193, 0.073])
    """
    check_proba(who, proba)
    check_proba(who, confusion)
    n_classes = proba.shape[1]
    check_same_length(who, classes=n_classes, true_classes=confusion.shape[0], given_classes=confusion.shape[1])
    lost = _entropy(confusion)  # (n_classes,)
    out = np.zeros(len(proba))

    def work(cut: slice) -> None:
        part = np.asarray(proba[cut], dtype=np.float64)
        best = np.argpartition(-part, min(1, n_classes - 1), axis=1)[:, :2]  # (n, 2)
        q = np.take_along_axis(part, best, axis=1)
        q /= q.sum(axis=1, keepdims=True)
        out[cut] = _entropy((q[:, :, None] * confusion[best]).sum(axis=1)) - (q * lost[best]).sum(axis=1)

    each_block(work, len(proba), 48 * n_classes, max_bytes, who)
    return np.maximum(out, 0)


def _entropy(p: Floats) -> Floats:
    return -np.asarray((p * np.log(np.maximum(p, 1e-300))).sum(axis=-1))
