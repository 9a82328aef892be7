"""Windows of label growth: what small steps add up to, so that a rule does not depend on the size of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from labelwright.check import Floats

if TYPE_CHECKING:
    import pandas as pd


def windows(history: pd.DataFrame, loss: Floats, growth: float, n_windows: int) -> Floats:
    """The loss over each of the last windows, newest first; fewer where the history is too short.

    A window goes back from a look until the labels have grown by a share ``growth``. Differences of one model to the
    next add up along it: with large batches a window is one step, with small ones it sums many, so that stepping in
    small batches cannot make models look stable.

    Parameters
    ----------
    history : DataFrame
        With n_labels.
    loss : array of shape (n_looks,)
        Difference of each look's model to the one before, at least 0; NaN at the first look.
    growth : float
        Above 0.
    n_windows : int

    Returns
    -------
    losses : array of shape (n_found,)
        NaN where a step within the window is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> looks = pd.DataFrame({"n_labels": [100, 105, 110, 120]})
    >>> windows(looks, np.array([np.nan, 0.02, 0.01, 0.04]), growth=0.1, n_windows=3)
    array([0.05])
    """
    labels = history["n_labels"].to_numpy(dtype=float)
    found: list[float] = []
    end = len(labels) - 1
    for _ in range(n_windows):
        far = np.flatnonzero(labels[: end + 1] <= labels[end] / (1 + growth) + 1e-9)
        if not len(far):
            break
        start = int(far[-1])
        found.append(float(loss[start + 1 : end + 1].sum()))
        end = start
    return np.array(found)
