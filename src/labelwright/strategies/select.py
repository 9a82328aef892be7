"""`labelwright.select`: one batch from arrays and a fitted model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from labelwright.check import complain
from labelwright.evidence.base import Evidence
from labelwright.evidence.committees import committee as committee_of
from labelwright.kernels.rows import as_rows
from labelwright.strategies import make
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.aims import check_metric_name
from labelwright.strategies.shared.given import (
    as_annotations,
    changed_predictor,
    class_values,
    codes,
    every_answer,
    infer_task,
    labeled_predictor,
    margins,
    places,
    predictor,
    source_given,
    source_items,
)
from labelwright.strategies.shared.selection import Selection
from labelwright.strategies.shared.streams import stream


def select(
    strategy: str | Strategy,
    X: object,
    *,
    n: int,
    model: object = None,
    X_labeled: object = None,
    y_labeled: npt.ArrayLike | None = None,
    proba: npt.ArrayLike | None = None,
    draws: npt.ArrayLike | None = None,
    embed: npt.ArrayLike | Callable[..., npt.ArrayLike] | None = None,
    groups: npt.ArrayLike | None = None,
    costs: npt.ArrayLike | None = None,
    annotations: Sequence[npt.ArrayLike] | None = None,
    X_source: object = None,
    y_source: npt.ArrayLike | None = None,
    committee: str = "auto",
    metric: str | None = None,
    max_bytes: int | None = None,
    random_state: int | np.random.Generator = 0,
) -> Selection:
    """Choose n items to ask about.

    Parameters
    ----------
    strategy : str or Strategy
        See ``labelwright.strategies()``.
    X : array, memory map, sparse matrix or DataFrame of shape (n_items, n_features), or n_items texts or records
        Candidates, as the model takes them. Texts come as a list, a Series or an array.
    n : int
        Between 1 and n_items.
    model : object, optional
        A fitted scikit-learn estimator or one of ours; it is never changed.
    X_labeled, y_labeled : arrays of n_labeled items, optional
        What is labeled, for strategies that keep their distance from it. Without them, strategies that
        can choose a seed.
    proba : array of shape (n_items, n_classes), optional
        Instead of the model's.
    draws : array of shape (n_draws, n_items, n_classes) or, for regression, (n_draws, n_items), optional
        Predictions of a committee. Else the members of an ensemble, or 8 clones of the model, bagged.
    embed : array of shape (n_items, n_dims), or a function from X to it, optional
        Where near means alike. Else what the steps before the model give (a pipeline's), or the columns, each scaled to
        standard deviation 1 unless they are on one scale already, or TF-IDF of texts. What is sparse is reduced to 128
        dimensions by a truncated SVD.
    groups : array of shape (n_items,), optional
        Duplicates: a batch-aware strategy picks one of each.
    costs : array of shape (n_items,), optional
        Above 0: the strategy's gain is divided by it.
    annotations : (items, annotators, answers), optional
        Three arrays of equal length: who answered what about the labeled items (positions in X_labeled), for
        strategies that ask again.
    X_source, y_source : rows and array of n_source items, optional
        Labeled items of another domain, for strategies that look for what differs there; auto counts them as labeled.
    committee : {"auto", "bagging", "families", "forest", "laplace"}
        Where draws come from if none are given: bootstrap samples, other kinds of models on the same labels, the
        members of an ensemble, or the posterior of a linear model. "auto" takes what the model has, else bagging.
        How far the members disagree is said in ``why``.
    metric : str, optional
        What the labels are collected for, such as "roc-auc" or "log-loss"; `auto` looks at it. Accuracy by default, or
        for numbers the absolute error.
    max_bytes : int, optional
        Memory for the temporary arrays of one block.
    random_state : int or numpy Generator
        An integer may stay the same from round to round: the stream is made of it and of what is labeled.

    Returns
    -------
    selection : Selection
        ``indices`` int64 (n,), positions in the order picked; ``scores``, ``reasons``, ``source``,
        ``origin``, ``propensity``, ``mode``, ``why``.

    Raises
    ------
    InputError
        If evidence that the strategy needs is missing or malformed, or n is out of range.

    Examples
    --------
    >>> proba = np.array([[0.9, 0.1], [0.5, 0.5], [0.6, 0.4]])
    >>> select("margin", np.zeros((3, 2)), n=2, proba=proba).indices
    array([1, 2])
    """
    check_metric_name("select", metric)
    chosen = strategy if isinstance(strategy, Strategy) else make(strategy)
    items = as_rows(X)
    labeled = None if X_labeled is None else as_rows(X_labeled)
    y = None if y_labeled is None else np.asarray(y_labeled)
    if labeled is not None and y is not None and labeled.shape[0] != len(y):
        raise complain("select", "y_labeled", f"of {labeled.shape[0]} items like X_labeled", len(y))
    probabilities = None if proba is None else np.asarray(proba)
    members = None if draws is None else np.asarray(draws)
    given = source_given(X_source, y_source, items)
    every = every_answer(y, given)
    task = infer_task(model, every, probabilities, members)
    values = class_values(every, task, model)
    place, place_labeled = places(items, labeled, model, embed)
    evidence = Evidence(
        place,
        n_items=int(items.shape[0]),
        task=task,
        predict=predictor(items, model, task, probabilities, members, max_bytes),
        committee=committee_of(items, model, task, members, labeled, y, kind=committee),
        margins=margins(items, model, max_bytes),
        predict_changed=changed_predictor(items, model, task, max_bytes),
        predict_labeled=labeled_predictor(labeled, y, model, task, max_bytes),
        embed_labeled=place_labeled,
        y_labeled=None if y is None or task is None else codes("y_labeled", y, values),
        annotations=as_annotations(annotations, labeled, values),
        source=None if given is None else source_items(given, items, model, embed, values),
        metric=metric,
        model=model,
        groups=groups,
        costs=costs,
        max_bytes=max_bytes,
    )
    n_left = None if model is None and proba is None and draws is None else evidence.n_items
    return chosen.select(evidence, n, stream(random_state, labeled, y, n_left))
