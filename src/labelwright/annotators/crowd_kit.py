"""GLAD and MACE of the library crowd-kit, for `labelwright.aggregate`.

They are an extra, because crowd-kit brings nltk and transformers.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import numpy as np

from labelwright.annotators.votes import Fitted, Votes
from labelwright.errors import MissingExtraError

CROWD_KIT: Final = ("glad", "mace")


def crowd_kit(votes: Votes, method: str) -> Fitted:
    """Fit one of crowd-kit's models of people with its default settings.

    Parameters
    ----------
    votes : Votes
    method : str
        ``glad``: people have an ability and items a difficulty. ``mace``: a person answers an item truly or, with a
        chance of their own, without looking; fitted by variational Bayes from ten starts with seeds.

    Returns
    -------
    Fitted
        Its confusions are 0: GLAD has none, because how good a person is depends on the item.

    Raises
    ------
    MissingExtraError
        If crowd-kit is not installed.

    References
    ----------
    Whitehill et al. (2009). Whose vote should count more: optimal integration of labels from labelers of unknown
    expertise; Hovy et al. (2013). Learning whom to trust with MACE; Ustalov, Pavlichenko, Tseitlin (2024). Learning
    from crowds with Crowd-Kit, JOSS 9.
    """
    import pandas as pd

    models = _models(method)
    data = pd.DataFrame({"task": votes.item, "worker": votes.person, "label": votes.label})
    made = models.GLAD() if method == "glad" else models.MACE(random_state=0)
    found = made.fit_predict_proba(data)
    proba = found.reindex(index=range(votes.n_items), columns=range(votes.n_classes), fill_value=0.0)
    values = proba.to_numpy(dtype=np.float64)
    values = values / values.sum(axis=1, keepdims=True)
    return Fitted(values, values.mean(axis=0), np.zeros((votes.n_people, votes.n_classes, votes.n_classes)))


def _models(method: str) -> Any:
    try:
        return import_module("crowdkit.aggregation")
    except ImportError:
        raise MissingExtraError(
            f"aggregate: crowd-kit must be installed for {method}.", "pip install 'labelwright[crowd]'"
        ) from None
