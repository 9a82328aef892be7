"""People and a model's probabilities together, each weighted by how much better they are than the commonest class."""

from __future__ import annotations

import numpy as np

from labelwright.annotators.votes import Fitted, Votes
from labelwright.check import Floats, check_proba, check_same_length, complain

LEAST = 1e-6


def crowdlab(votes: Votes, model_proba: Floats) -> Fitted:
    """Combine votes with out-of-sample probabilities of a model.

    Parameters
    ----------
    model_proba : array of shape (n_items, n_classes)
        Of a model that was not trained on the item.

    Returns
    -------
    Fitted
        Its confusions are those of one accuracy a person, the share of other people's votes that agree.

    Raises
    ------
    InputError
        If the probabilities do not fit the votes, or no item has two votes.

    References
    ----------
    Goh, Tkachenko, Mueller (2022). CROWDLAB: supervised learning to infer consensus labels and quality scores for data
    with multiple annotators, sec. 4, eq. 3 to 9.
    """
    check_same_length("crowdlab", items=votes.n_items, model_proba=len(model_proba))
    check_proba("crowdlab", model_proba)
    counts, per_item = votes.counts(), votes.per_item
    several = per_item > 1
    if not several.any():
        raise complain("crowdlab", "items", "some with two votes or more", "none")
    consensus = (counts + LEAST * model_proba).argmax(axis=1)  # ties go to the model
    likelihood = float((counts[np.arange(votes.n_items), consensus] / per_item)[several].mean())
    commonest = np.bincount(consensus[several], minlength=votes.n_classes).max() / several.sum()
    chance = max(1.0 - float(commonest), LEAST)
    agreement = _agreement(votes, counts, likelihood)
    of_people = np.clip(1 - (1 - agreement) / chance, LEAST, None)
    of_model = float((model_proba.argmax(axis=1) == consensus)[several].mean())
    model_weight = max(1 - (1 - of_model) / chance, LEAST) * float(np.sqrt(per_item.mean()))
    k = votes.n_classes
    other = (1 - likelihood) / max(k - 1, 1)
    spread = np.full((len(votes.item), k), other)
    spread[np.arange(len(votes.item)), votes.label] = likelihood
    weights = of_people[votes.person]
    mixed = model_weight * model_proba + votes.sum_by_item(weights[:, None] * spread)
    proba = mixed / mixed.sum(axis=1, keepdims=True)
    wrong = (1 - agreement) / max(k - 1, 1)
    confusion = np.where(np.eye(k, dtype=bool), agreement[:, None, None], wrong[:, None, None])
    return Fitted(proba, proba.mean(axis=0), confusion)


def _agreement(votes: Votes, counts: Floats, missing: float) -> Floats:
    """The share of the other votes about a person's items that agree with theirs; ``missing`` where there are none."""
    others = votes.per_item[votes.item] - 1
    agree = counts[votes.item, votes.label] - 1
    pairs = np.bincount(votes.person, weights=others, minlength=votes.n_people)
    agreed = np.bincount(votes.person, weights=agree, minlength=votes.n_people)
    return np.where(pairs > 0, agreed / np.maximum(pairs, 1), missing)
