"""How far the members of a committee disagree about each item."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_proba, complain
from labelwright.scores.uncertainty import shannon


def vote_entropy(draws: Floats) -> Floats:
    """Entropy of the members' hard votes.

    0 where all vote alike, log(min(n_draws, n_classes)) at most.

    Parameters
    ----------
    draws : array of shape (n_draws, n_items, n_classes)
        Class probabilities of each member.

    Returns
    -------
    score : array of shape (n_items,)
        At least 0, in nats. Higher means ask first.

    Raises
    ------
    InputError
        If there is no member, or a member's rows do not sum to 1.

    References
    ----------
    Dagan, Engelson (1995). Committee-based sampling for training probabilistic classifiers, sec. 4.

    Examples
    --------
    >>> draws = np.array([[[0.9, 0.1], [0.9, 0.1]], [[0.8, 0.2], [0.3, 0.7]]])
    >>> vote_entropy(draws).round(4)
    array([0.    , 0.6931])
    """
    _check_draws("vote-entropy", draws)
    votes = draws.argmax(axis=2)  # (n_draws, n_items)
    shares: npt.NDArray[Any] = np.zeros(draws.shape[1:], dtype=draws.dtype)  # (n_items, n_classes)
    rows = np.arange(draws.shape[1])
    for vote in votes:
        shares[rows, vote] += 1
    return shannon(shares / len(draws))


def committee_kl(draws: Floats) -> Floats:
    """Mean divergence of the members from their mean: the information that the answer holds about the member.

    0 where all members say the same, however unsure; at most log(n_draws).

    Parameters
    ----------
    draws : array of shape (n_draws, n_items, n_classes)
        Class probabilities of each member.

    Returns
    -------
    score : array of shape (n_items,)
        At least 0, in nats. Higher means ask first.

    Raises
    ------
    InputError
        If there is no member, or a member's rows do not sum to 1.

    Notes
    -----
    mean_m KL(p_m || p) = H(p) - mean_m H(p_m), with p the members' mean.

    References
    ----------
    McCallum, Nigam (1998). Employing EM and pool-based active learning for text classification, sec. 4, eq. 6.

    Examples
    --------
    >>> draws = np.array([[[0.5, 0.5], [1.0, 0.0]], [[0.5, 0.5], [0.0, 1.0]]])
    >>> committee_kl(draws).round(4)
    array([0.    , 0.6931])
    """
    _check_draws("committee-kl", draws)
    apart = np.zeros(draws.shape[1], dtype=draws.dtype)
    for member in draws:
        apart += shannon(member)
    return np.maximum(shannon(draws.mean(axis=0)) - apart / len(draws), 0)


def _check_draws(who: str, draws: Floats) -> None:
    if draws.ndim != 3 or not len(draws):
        raise complain(who, "draws", "of shape (n_draws, n_items, n_classes)", f"shape {draws.shape}")
    for member in draws:
        check_proba(who, member)
