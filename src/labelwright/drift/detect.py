"""``labelwright.drift``: whether two samples come from one distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labelwright.check import check_one_of
from labelwright.drift.base import Drift, DriftTest
from labelwright.drift.samples import pool
from labelwright.registry import find

if TYPE_CHECKING:
    import pandas as pd


def drift(
    reference: npt.ArrayLike | pd.DataFrame, current: npt.ArrayLike | pd.DataFrame, *, method: str = "mmd",
    groups: Sequence[npt.ArrayLike] | None = None, y: npt.ArrayLike | None = None, random_state: int = 0,
    **params: object,
) -> Drift:  # fmt: skip
    """Test whether two samples come from one distribution.

    Parameters
    ----------
    reference, current : array of shape (n_items, n_columns), or DataFrame
        Earlier and later items, 5 or more of each: embeddings, a table, or class probabilities. Columns of a DataFrame
        may have units of their own; an array is taken as one embedding.
    method : str
        ``mmd`` sees any broad change of embeddings, ``classifier`` also narrow ones, ``columns`` names the columns of a
        table that have changed, and ``label-shift`` estimates how common each class is now.
    groups : pair of arrays of shape (n_reference,) and (n_current,), optional
        Items that are permuted together, such as pages of one document. A group with items in both samples counts as
        two, which makes the test cautious.
    y : array of shape (n_reference,), optional
        Labels of the reference, for ``label-shift``.
    random_state : int
    params
        Of the method.

    Returns
    -------
    found : Drift
        With p_value, effect, columns and scores.

    Raises
    ------
    InputError
        If there is no such method or parameter, or the samples do not fit it or each other.

    Notes
    -----
    The p-value holds for one look. Who tests every week gets a false alarm in every twentieth at 0.05.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> before, after = rng.normal(size=(100, 3)), rng.normal(size=(100, 3)) + [1, 0, 0]
    >>> drift(before, after).p_value < 0.01, drift(before[:50], before[50:]).p_value < 0.01
    (True, False)
    >>> drift(before, after, method="columns").columns["p_corrected"].lt(0.01).tolist()
    [True, False, False]
    """
    kind: Any = find("labelwright.drift", DriftTest, method)  # its parameters are checked here
    for key in params:
        check_one_of(method, "parameter", key, list(kind.__init__.__kwdefaults__))
    test: DriftTest = kind(**params)
    return test.test(pool(reference, current, groups=groups, labels=y), np.random.default_rng(random_state))
