"""How far the members of a committee disagree about each item."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats
from labelwright.kernels.plogp import shannon
from labelwright.kernels.top_two import top_two
from labelwright.scores.passes import over_draws


def vote_entropy(draws: Floats) -> Floats:
    """Entropy of the members' hard votes.

    0 where all vote alike, log(min(n_draws, n_classes)) at most.

    Parameters
    ----------
    draws : array of shape (n_draws, n_items, n_classes)
        Class probabilities of each member.

    Returns
    -------
    score : float64 array of shape (n_items,)
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
    shares = np.arange(1, len(draws) + 1) / max(len(draws), 1)
    parts = np.append(0, -shares * np.log(shares))  # (n_draws + 1,) by the number of votes
    return over_draws("vote-entropy", draws, lambda some: parts[votes(some)].sum(axis=0), np.float64)


def variation_ratio(draws: Floats) -> Floats:
    """The share of members that do not vote for the winner.

    0 where all vote alike, 1 - 1/min(n_draws, n_classes) at most.

    Parameters
    ----------
    draws : array of shape (n_draws, n_items, n_classes)
        Class probabilities of each member.

    Returns
    -------
    score : float64 array of shape (n_items,)
        Between 0 and 1, no unit. Higher means ask first.

    Raises
    ------
    InputError
        If there is no member, or a member's rows do not sum to 1.

    References
    ----------
    Beluch, Genewein, Nürnberger, Köhler (2018). The power of ensembles for active learning in image classification,
    the variation ratio.

    Examples
    --------
    >>> draws = np.array([[[0.9, 0.1], [0.9, 0.1]], [[0.8, 0.2], [0.3, 0.7]]])
    >>> variation_ratio(draws)
    array([0. , 0.5])
    """
    lost = 1 - np.arange(len(draws) + 1) / max(len(draws), 1)  # (n_draws + 1,) by the winner's votes
    return over_draws("variation-ratio", draws, lambda some: lost[votes(some).max(axis=0)], np.float64)


def consensus_entropy(draws: Floats) -> Floats:
    """Entropy of the members' mean.

    0 where all members are sure of one class, log(n_classes) where their mean is a tie.

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
    Gal, Islam, Ghahramani (2017). Deep Bayesian active learning with image data, sec. 4, item 1.

    Examples
    --------
    >>> draws = np.array([[[0.5, 0.5], [1.0, 0.0]], [[0.5, 0.5], [0.0, 1.0]]])
    >>> consensus_entropy(draws).round(4)
    array([0.6931, 0.6931])
    """
    return over_draws("consensus-entropy", draws, lambda some: shannon(some.mean(axis=0)))


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
    return over_draws("committee-kl", draws, information)


def max_disagreement(draws: Floats) -> Floats:
    """Divergence of the member that is farthest from the members' mean.

    0 where all members say the same; log(n_draws) where one is sure of what the others exclude.

    Parameters
    ----------
    draws : array of shape (n_draws, n_items, n_classes)
        Class probabilities of each member.

    Returns
    -------
    score : array of shape (n_items,)
        Between 0 and log(n_draws), in nats. Higher means ask first.

    Raises
    ------
    InputError
        If there is no member, or a member's rows do not sum to 1.

    Notes
    -----
    max_m KL(p_m || p), with p the members' mean.

    References
    ----------
    Danka, Horvath (2018). modAL: a modular active learning framework for Python, max disagreement sampling.

    Examples
    --------
    >>> draws = np.array([[[0.5, 0.5], [1.0, 0.0]], [[0.5, 0.5], [0.0, 1.0]]])
    >>> max_disagreement(draws).round(4)
    array([0.    , 0.6931])
    """
    return over_draws("max-disagreement", draws, _farthest)


def min_margin(draws: Floats) -> Floats:
    """How close the two likeliest classes are for the member that finds them closest.

    Near 0 where they tie for one member, -1 where every member is sure.

    Parameters
    ----------
    draws : array of shape (n_draws, n_items, n_classes)
        Class probabilities of each member.

    Returns
    -------
    score : array of shape (n_items,)
        Between -1 and 0, no unit. Higher means ask first.

    Raises
    ------
    InputError
        If there is no member, or a member's rows do not sum to 1.

    References
    ----------
    Jiang, Gupta (2021). Bootstrapping for batch active sampling.

    Examples
    --------
    >>> draws = np.array([[[0.75, 0.25], [1.0, 0.0]], [[0.5, 0.5], [0.75, 0.25]]])
    >>> min_margin(draws)
    array([ 0. , -0.5])
    """
    return over_draws("min-margin", draws, _closest)


def information(some: Floats) -> Floats:
    """H(mean_m p_m) - mean_m H(p_m), at least 0; no checks.

    >>> information(np.array([[[1.0, 0.0]], [[0.0, 1.0]]])).round(4)
    array([0.6931])
    """
    apart = sum((shannon(member) for member in some), np.zeros(some.shape[1], dtype=some.dtype))
    return np.maximum(shannon(some.mean(axis=0)) - apart / len(some), 0)


def votes(some: Floats) -> Floats:
    """How many members vote for each class, (n_classes, n_items), as integers.

    >>> votes(np.array([[[0.9, 0.1]], [[0.2, 0.8]], [[0.3, 0.7]]])).tolist()
    [[1], [2]]
    """
    n_draws, n_items, n_classes = some.shape
    counts = np.zeros((n_classes, n_items), dtype=np.uint8 if n_draws < 256 else np.int32)
    for member in some:
        voted = member.argmax(axis=1).astype(np.min_scalar_type(n_classes))
        for k in range(n_classes):
            counts[k] += voted == k
    return counts


def _farthest(some: Floats) -> Floats:
    mean = np.maximum(some.mean(axis=0), np.finfo(some.dtype).tiny)
    logs = np.log(mean, out=mean)
    far = np.zeros(some.shape[1], dtype=some.dtype)
    for member in some:
        np.maximum(far, -np.einsum("nk,nk->n", member, logs) - shannon(member), out=far)
    return far


def _closest(some: Floats) -> Floats:
    pairs = (top_two(member) for member in some)
    gaps = [second - first for first, second in pairs]
    return np.asarray(np.max(gaps, axis=0))
