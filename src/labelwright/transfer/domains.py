"""Which domain an item is from, as far as its features tell."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats
from labelwright.kernels.links import logistic
from labelwright.models.linear import logistic_coefficients

STRENGTH = 1.0  # inverse penalty of the classifier, as scikit-learn's default
MAX_ROWS = 5000  # of each domain that the classifier learns from: every k-th


def source_log_odds(source: Floats, target: Floats, X: Floats) -> Floats:
    """Log-odds that items are from the source and not from the target, (n_items,), as if both were equally large.

    A logistic regression on columns at mean 0 and standard deviation 1; the two domains weigh alike.

    Parameters
    ----------
    source : array of shape (n_source, n_features)
    target : array of shape (n_target, n_features)
    X : array of shape (n_items, n_features)

    References
    ----------
    Bickel, Brückner, Scheffer (2009). Discriminative learning under covariate shift, JMLR, sec. 4.

    Examples
    --------
    >>> a, b = np.array([[0.0], [1.0]]), np.array([[4.0], [5.0]])
    >>> (source_log_odds(a, b, np.array([[0.0], [2.5], [5.0]])).round(6) > 0).tolist()
    [True, False, False]
    """
    parts = [part[:: -(-len(part) // MAX_ROWS)] for part in (source, target)]
    both = np.concatenate(parts).astype(np.float64)
    mean, scale = both.mean(axis=0), both.std(axis=0)
    scale[scale <= 1e-9 * np.maximum(1, np.abs(mean))] = np.inf
    is_source = np.repeat([1, 0], [len(part) for part in parts])
    weight = np.repeat([len(both) / (2 * len(part)) for part in parts], [len(part) for part in parts])
    coef, intercept = logistic_coefficients((both - mean) / scale, is_source, weight, STRENGTH)
    return np.asarray(((X - mean) / scale) @ coef[0] + intercept[0])


def source_chance(source: Floats, target: Floats, X: Floats) -> Floats:
    """Probability that items are from the source, (n_items,), where both domains are equally likely.

    >>> a, b = np.array([[0.0], [1.0]]), np.array([[4.0], [5.0]])
    >>> source_chance(a, b, np.array([[2.5]])).round(3).tolist()
    [0.5]
    """
    return logistic(source_log_odds(source, target, X))
