"""Scores for numbers: how much an answer would move a regression."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_same_length, complain


def expected_model_change(values: Floats, draws: Floats, lengths: Floats) -> npt.NDArray[np.float64]:
    """The length of the squared loss's gradient in a linear model, in expectation over a committee's answers.

    0 where all members say what the model says; large where they differ from it and the features are long.

    Parameters
    ----------
    values : array of shape (n_items,)
        The model's predictions.
    draws : array of shape (n_draws, n_items)
        Those of a committee: guesses at the answer.
    lengths : array of shape (n_items,)
        Length of each item's features, the constant one included; at least 0.

    Returns
    -------
    score : array of shape (n_items,)
        At least 0, in the unit of the target times that of the features. Higher means ask first.

    Raises
    ------
    InputError
        If `draws` has another shape, or the lengths differ.

    Notes
    -----
    mean_m |f(x) - f_m(x)| times |(x, 1)|: the gradient of (f(x) - y)^2 / 2 is (f(x) - y) (x, 1), with each
    member's prediction for y. One pass over `draws`.

    References
    ----------
    Cai, Zhang, Zhou (2013). Maximizing expected model change for active learning in regression, the EMCM rule.

    Examples
    --------
    >>> expected_model_change(np.array([1.0, 5.0]), np.array([[0.0, 5.0], [4.0, 5.0]]), np.array([3.0, 9.0]))
    array([6., 0.])
    """
    if draws.ndim != 2 or not len(draws):
        raise complain("emcm", "draws", "of shape (n_draws, n_items)", f"shape {draws.shape}")
    check_same_length("emcm", values=len(values), draws=draws.shape[1], lengths=len(lengths))
    apart = np.zeros(len(values))
    for member in draws:
        apart += np.abs(values - member)
    return np.asarray(apart / len(draws) * lengths)
