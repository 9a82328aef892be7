"""Source items weigh as much as their class is more common in the target."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from labelwright.check import Floats, check_between
from labelwright.stats.shares import nearest_shares
from labelwright.transfer.base import Adapted, Transfer
from labelwright.transfer.least_squares import best_fit, with_one

RIDGE = 0.01  # of the confusion matrix, so that classes that are hardly told apart keep their shares


class LabelShift(Transfer):
    """Black box shift estimation: weights by class, where only the prevalences of the classes differ.

    With C the joint frequencies of predicted and true class on the source, out of fold, and m the frequencies of the
    predictions on the target, the weights w of the classes solve C w = m. Not where the features differ too.

    Parameters
    ----------
    highest : float
        Of a class's weight, at least 1.

    Notes
    -----
    Solved by least squares with a small ridge towards equal weights; the prevalences are then moved to the nearest that
    are not negative and sum to 1.
    """

    name: ClassVar[str] = "label-shift"
    classes: ClassVar[bool] = True
    reference: ClassVar[str] = "Lipton, Wang, Smola (2018). Detecting and correcting for label shift, ICML, sec. 3"

    def __init__(self, *, highest: float = 10.0) -> None:
        check_between(self.name, "highest", highest, 1, 1e6)
        self.highest = highest

    def _fit(self, source: Floats, Y: Floats, target: Floats) -> Adapted:
        mean = source.mean(axis=0)
        scale = float(np.sqrt(source.var(axis=0).sum())) or 1.0
        coef, without = best_fit((source - mean) / scale, Y, np.ones(len(source)))
        said = np.eye(Y.shape[1])[without.argmax(axis=1)]
        told = np.eye(Y.shape[1])[(with_one((target - mean) / scale) @ coef).argmax(axis=1)]
        by_class = class_weights(said.T @ Y / len(Y), told.mean(axis=0), self.highest)
        weights = Y @ by_class
        return Adapted(source, weights / weights.mean())


def class_weights(joint: Floats, predicted: Floats, highest: float) -> Floats:
    """Prevalence in the target over that in the source, (n_classes,); 1 for a class without source items.

    Parameters
    ----------
    joint : array of shape (n_classes, n_classes)
        Frequency of each predicted (row) and true (column) class on the source; sums to 1.
    predicted : array of shape (n_classes,)
        Frequencies of the predictions on the target.

    Examples
    --------
    A model that is always right, of classes that are equally common in the source:

    >>> class_weights(np.eye(2) / 2, np.array([0.2, 0.8]), 10.0).round(2).tolist()
    [0.4, 1.6]
    """
    prior = joint.sum(axis=0)
    seen = prior > 0
    C, away = joint[:, seen], predicted - joint[:, seen].sum(axis=1)
    ridge = (RIDGE * prior[seen].mean()) ** 2 * np.eye(int(seen.sum()))
    solved = 1 + np.linalg.solve(C.T @ C + ridge, C.T @ away)
    weights = np.ones(len(prior))
    weights[seen] = np.minimum(nearest_shares(solved * prior[seen]) / prior[seen], highest)
    return weights
