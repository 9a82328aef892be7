"""Whether the members of a committee are different at all."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, complain


def label_by_label(draws: Floats) -> Floats:
    """Draws of several labels an item as draws of two classes, label by label.

    Parameters
    ----------
    draws : array of shape (n_draws, n_items, n_labels)

    Returns
    -------
    draws : array of shape (n_draws, n_items * n_labels, 2)

    Examples
    --------
    >>> label_by_label(np.array([[[0.25, 1.0]]])).tolist()
    [[[0.25, 0.75], [1.0, 0.0]]]
    """
    return np.stack([draws, 1 - draws], axis=-1).reshape(len(draws), -1, 2)


def disagreement(draws: Floats) -> Floats:
    """How often each two members disagree.

    Classes: the share of items where their hard votes differ. Numbers: the mean distance of what they say, in
    standard deviations of the members' mean over the items.

    Parameters
    ----------
    draws : array of shape (n_draws, n_items, n_classes) or, for regression, (n_draws, n_items)

    Returns
    -------
    table : float64 array of shape (n_draws, n_draws)
        Symmetric, 0 on the diagonal; at most 1 for classes.

    Raises
    ------
    InputError
        If there is no member or no item.

    Examples
    --------
    >>> draws = np.array([[[0.9, 0.1], [0.9, 0.1]], [[0.8, 0.2], [0.3, 0.7]]])
    >>> disagreement(draws).tolist()
    [[0.0, 0.5], [0.5, 0.0]]
    """
    if draws.ndim not in (2, 3) or not draws.size:
        raise complain("disagreement", "draws", "of one member and one item or more", f"shape {draws.shape}")
    says = draws.argmax(axis=2) if draws.ndim == 3 else draws.astype(np.float64)  # (n_draws, n_items)
    table = np.zeros((len(draws), len(draws)))
    scale = 1.0 if draws.ndim == 3 else float(says.mean(axis=0).std()) or 1.0
    for i, one in enumerate(says):
        for j in range(i):
            apart = (one != says[j]).mean() if draws.ndim == 3 else np.abs(one - says[j]).mean() / scale
            table[i, j] = table[j, i] = apart
    return table


def committee_diversity(draws: Floats) -> float:
    """The mean disagreement of two members, see `disagreement`; 0 for one member.

    Near 0 the members agree nearly everywhere, and their disagreement is no measure of doubt.

    Parameters
    ----------
    draws : array of shape (n_draws, n_items, n_classes) or, for regression, (n_draws, n_items)

    Returns
    -------
    diversity : float
        At least 0; at most 1 for classes.

    Raises
    ------
    InputError
        If there is no member or no item.

    References
    ----------
    Kuncheva, Whitaker (2003). Measures of diversity in classifier ensembles, on pairwise measures.

    Examples
    --------
    >>> committee_diversity(np.array([[[0.9, 0.1], [0.9, 0.1]], [[0.8, 0.2], [0.3, 0.7]]]))
    0.5
    """
    n = len(draws)
    total = float(disagreement(draws).sum())
    return total / (n * (n - 1)) if n > 1 else 0.0
