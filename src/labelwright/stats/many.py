"""Many figures of one kind at once: drawn towards each other, and with intervals that hold for the worst."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats, check_same_length

N_SHOWN = 5


def shrunk(values: Floats, variances: Floats, n: Floats) -> Floats:
    """Figures of slices, each drawn towards their mean by how little is known of it (empirical Bayes).

    Parameters
    ----------
    values : array of shape (n_slices,)
    variances : array of shape (n_slices,)
        Of the error of each, if each had the overall mean: mu (1 - mu) / n for shares (beta-binomial), its own
        squared standard error else (normal-normal).
    n : array of shape (n_slices,)
        Effective numbers of items, the weights of the mean.

    Returns
    -------
    array of shape (n_slices,)
        mean + tau^2 / (tau^2 + variance) (value - mean), where tau^2 is the variance between slices by moments. For
        shares this is the mean of the beta posterior whose prior has the variance tau^2, up to a term of order 1 / n.

    References
    ----------
    Morris (1983). Parametric empirical Bayes inference, sec. 1 and 5; tau^2: DerSimonian, Laird (1986). Meta-analysis
    in clinical trials, eq. 5.

    Examples
    --------
    >>> shrunk(np.array([0.55, 0.65]), np.array([0.02, 0.02]), np.array([12.0, 12.0]))  # no more apart than by chance
    array([0.6, 0.6])
    >>> shrunk(np.array([0.4, 0.8]), np.array([0.02, 0.02]), np.array([12.0, 12.0]))
    array([0.45, 0.75])
    """
    check_same_length("shrunk", values=len(values), variances=len(variances), n=len(n))
    if len(values) < 2:
        return values.copy()
    mean = float(n @ values / n.sum())
    safe = np.maximum(variances, 1e-12)
    weight = 1 / safe
    centre = float(weight @ values / weight.sum())
    spread = float(weight @ (values - centre) ** 2) - (len(values) - 1)
    between = max(0.0, spread / float(weight.sum() - (weight**2).sum() / weight.sum()))
    return np.asarray(mean + between / (between + safe) * (values - mean))


def levels(n: int, level: float) -> Floats:
    """The levels of n intervals, from the first shown to the last, so that they hold for the first that are read.

    If somebody reads the first R of the list, which was sorted by the figures themselves, R being 5 or more, then
    intervals of level 1 - (1 - level) R / n miss in a share of at most 1 - level of the R on average. The interval in
    place r gets the level of R = max(r, 5), which is right for every R.

    References
    ----------
    Benjamini, Yekutieli (2005). False discovery rate-adjusted multiple confidence intervals for selected parameters,
    definition 1 and theorem 1.

    Examples
    --------
    >>> levels(10, 0.95).round(3).tolist()
    [0.975, 0.975, 0.975, 0.975, 0.975, 0.97, 0.965, 0.96, 0.955, 0.95]
    """
    place = np.maximum(np.arange(1, n + 1), min(N_SHOWN, n))
    return np.asarray(1 - (1 - level) * place / n, dtype=np.float64)
