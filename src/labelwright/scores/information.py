"""The information of an answer about the model, and about other answers."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, check_proba, complain
from labelwright.kernels.blocks import each_block
from labelwright.kernels.plogp import entropies, floored, shannon
from labelwright.scores.committee import information
from labelwright.scores.passes import check_draws, over_draws


def bald(draws: Floats) -> Floats:
    """Mutual information of the answer and the model, which is one of the members.

    0 where all members say the same, however unsure; log(n_draws) where each is sure of another class.

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
    H(mean_m p_m) - mean_m H(p_m): in value it is `committee_kl`.

    References
    ----------
    Houlsby, Huszár, Ghahramani, Lengyel (2011). Bayesian active learning for classification and preference learning,
    eq. 2.

    Examples
    --------
    >>> draws = np.array([[[0.5, 0.5], [1.0, 0.0]], [[0.5, 0.5], [0.0, 1.0]]])
    >>> bald(draws).round(4)
    array([0.    , 0.6931])
    """
    return over_draws("bald", draws, information)


def epig(draws: Floats, targets: Floats, max_bytes: int | None = None) -> Floats:
    """Mutual information of an item's answer and the answer to a target, in the mean over targets.

    0 where an answer says nothing about the answers that matter, even if it says much about the model; never above
    `bald`.

    Parameters
    ----------
    draws : array of shape (n_draws, n_items, n_classes)
        Class probabilities of each member.
    targets : array of shape (n_draws, n_targets, n_classes)
        The same members' for the items whose answers matter.
    max_bytes : int, optional
        Memory for temporary arrays.

    Returns
    -------
    score : float32 array of shape (n_items,)
        At least 0, in nats. Higher means ask first.

    Raises
    ------
    InputError
        If there is no member or no target, or a member's rows do not sum to 1.

    Notes
    -----
    H(y) + mean_* H(y_*) - mean_* H(y, y_*) with p(y, y_*) = mean_m p_m(y) p_m(y_*): one matrix product, in tiles, and a
    logarithm of n_items x n_targets x n_classes^2 numbers, in float32.

    References
    ----------
    Bickford Smith, Kirsch, Farquhar, Gal, Foster, Rainforth (2023). Prediction-oriented Bayesian active learning,
    sec. 4.

    Examples
    --------
    The members differ on both items; the target goes with the first:

    >>> draws = np.array([[[1.0, 0.0], [1.0, 0.0]], [[0.0, 1.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
    >>> epig(draws, draws[:, :1]).round(4)
    array([0.6365, 0.1744], dtype=float32)
    """
    check_draws("epig", draws)
    check_draws("epig", targets)
    n_draws, n_items, n_classes = draws.shape
    if not targets.shape[1] or targets.shape[::2] != draws.shape[::2]:
        raise complain("epig", "targets", f"of shape ({n_draws}, 1 or more, {n_classes})", f"shape {targets.shape}")
    for member in targets:
        check_proba("epig", member)
    n_targets = targets.shape[1]
    ends = floored(targets).reshape(n_draws, -1) / np.float32(n_draws)  # (n_draws, n_targets * n_classes)
    weights = np.full(ends.shape[1], 1 / n_targets, dtype=np.float32)
    apart = shannon(targets.mean(axis=0)).mean(dtype=np.float64)
    tile_bytes = None if max_bytes is None else max_bytes // 2
    out = np.empty(n_items, dtype=np.float32)

    def work(cut: slice) -> None:
        some = np.asarray(draws[:, cut], dtype=np.float32)  # (n_draws, n_some, n_classes)
        for member in some:
            check_proba("epig", member, cut.start)
        starts = np.ascontiguousarray(floored(some).reshape(n_draws, -1).T)  # (n_some * n_classes, n_draws)
        together = entropies(starts, ends, weights, tile_bytes).reshape(-1, n_classes).sum(axis=1)
        out[cut] = np.maximum(shannon(some.mean(axis=0)) + apart - together, 0)

    row_bytes = (256 if max_bytes is None else 24) * n_draws * n_classes
    each_block(work, n_items, row_bytes, max_bytes, "epig")
    return out
