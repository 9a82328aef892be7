"""Makes evidence from the arrays and the model that a user gives: task, predictions, draws, embeddings."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_same_length, complain
from labelwright.evidence.annotations import Annotations
from labelwright.evidence.base import Change
from labelwright.evidence.source import SourceItems
from labelwright.kernels.blocks import blocks
from labelwright.kernels.links import logistic
from labelwright.kernels.rows import Changed, FeatureRows, LazyRows, as_rows, numeric
from labelwright.models.estimator import kind_of_estimator, label_log_odds
from labelwright.plain import JsonObject
from labelwright.strategies.shared.embedding import default_places
from labelwright.tasks import Task
from labelwright.tasks import make as make_task
from labelwright.tasks.predictions import Predictions


def infer_task(
    model: object, y: npt.NDArray[Any] | None, proba: npt.NDArray[Any] | None, draws: npt.NDArray[Any] | None
) -> Task | None:
    """The task, inferred from the arguments; None if they do not determine it."""
    own = getattr(model, "task", None)
    if isinstance(own, Task):
        return own
    if kind_of_estimator(model) == "regressor":
        return make_task("regression", {})
    classes = getattr(model, "classes_", None)
    if (y is not None and y.ndim == 2) or isinstance(classes, list):
        n_outputs = y.shape[1] if y is not None and y.ndim == 2 else len(classes or ())
        return make_task("multilabel", plain_schema(n_outputs))
    numbers = (draws is not None and draws.ndim == 2) or (y is not None and y.dtype.kind == "f" and proba is None)
    if model is None and numbers:
        return make_task("regression", {})
    for n_classes in (
        None if proba is None else proba.shape[-1],
        None if draws is None else draws.shape[-1],
        None if classes is None else len(classes),
        None if y is None else len(np.unique(y)),
    ):
        if n_classes is not None:
            return make_task("classification", plain_schema(n_classes))
    return None


def plain_schema(n_labels: int) -> JsonObject:
    """A schema for arrays that come without names."""
    return {"labels": [{"id": f"l_{i}", "name": str(i)} for i in range(1, n_labels + 1)]}


def class_values(y: npt.NDArray[Any] | None, task: Task | None, model: object) -> npt.NDArray[Any] | None:
    """The answers that the columns of the predictions mean; None if answers are used as they are.

    The model's ``classes_``; else answers that are column numbers already mean columns; else the values that occur,
    sorted.
    """
    if y is None or task is None or not task.one_class:
        return None
    values = getattr(model, "classes_", None)
    if values is not None and not isinstance(values, list) and np.isin(y, values).all():
        return np.asarray(values)
    if y.dtype.kind in "iu" and len(y) and y.min() >= 0 and y.max() < task.n_outputs:
        return np.arange(task.n_outputs)
    return np.unique(y)


def codes(who: str, y: npt.NDArray[Any], values: npt.NDArray[Any] | None) -> npt.NDArray[Any]:
    """Answers as the task's target array: classes become columns of the predictions."""
    if values is None:
        return y
    if not np.isin(y, values).all():
        raise complain("select", who, f"among {', '.join(map(str, values[:20]))}", y[~np.isin(y, values)][0])
    return np.searchsorted(values, y)


def predictor(
    items: FeatureRows,
    model: object,
    task: Task | None,
    proba: npt.NDArray[Any] | None,
    draws: npt.NDArray[Any] | None,
    max_bytes: int | None,
) -> Callable[[], Predictions] | None:
    """A function that gives predictions: of proba, else of the model, else the mean of the draws."""
    if task is None:
        return None
    if proba is not None:
        return lambda: task.predictions(proba)
    if isinstance(getattr(model, "task", None), Task):
        ours: Any = model
        return lambda: ours.predict(items)
    values = task.target.pick(codes=_class_values, marks=_label_values, numbers=_number_values)(model)
    if values is not None:
        return lambda: task.predictions(_blocked(values, items, max_bytes))
    if draws is not None:
        return lambda: task.predictions(draws.mean(axis=0), draws)
    return None


def labeled_predictor(
    labeled: FeatureRows | None, y: npt.NDArray[Any] | None, model: object, task: Task | None, max_bytes: int | None
) -> Callable[[], Predictions] | None:
    """A function that gives predictions of the labeled items; None without a model."""
    return None if labeled is None or y is None else predictor(labeled, model, task, None, None, max_bytes)


def changed_predictor(
    items: FeatureRows, model: object, task: Task | None, max_bytes: int | None
) -> Callable[[Change], Predictions] | None:
    """A function that gives predictions of the items after a change of their features; None without a model."""
    plain = predictor(items, model, task, None, None, max_bytes)
    if plain is None:
        return None

    def changed(change: Change) -> Predictions:
        predict = predictor(Changed(items, change), model, task, None, None, max_bytes)
        assert predict is not None
        return predict()

    return changed


def as_annotations(given: object, labeled: FeatureRows | None, values: npt.NDArray[Any] | None) -> Annotations | None:
    """Check a triple (items, annotators, answers) and code it; items are positions in the labeled ones."""
    if given is None:
        return None
    if labeled is None:
        raise complain("select", "annotations", "given with X_labeled and y_labeled", "without")
    if not isinstance(given, (tuple, list)) or len(given) != 3:
        raise complain("select", "annotations", "(items, annotators, answers)", type(given).__name__)
    item, who, answer = (np.asarray(part) for part in given)
    check_same_length("select", items=len(item), annotators=len(who), answers=len(answer))
    if item.dtype.kind not in "iu" or (len(item) and not (item.min() >= 0 and item.max() < labeled.shape[0])):
        raise complain("select", "annotated items", f"positions below {labeled.shape[0]}", item[:3])
    people = np.unique(who, return_inverse=True)[1].astype(np.int64)
    return Annotations(item.astype(np.int64), people, codes("annotated answers", answer, values))


def source_given(
    X_source: object, y_source: npt.ArrayLike | None, items: FeatureRows
) -> tuple[FeatureRows, npt.NDArray[Any]] | None:
    """Rows and labels of another domain, checked; None where none are given."""
    if X_source is None and y_source is None:
        return None
    if X_source is None or y_source is None:
        lacking = "X_source" if X_source is None else "y_source"
        raise complain("select", lacking, "given where the other is", "None", "Pass both X_source and y_source.")
    rows, y = as_rows(X_source), np.asarray(y_source)
    check_same_length("select", X_source=int(rows.shape[0]), y_source=len(y))
    if rows.shape[1] != items.shape[1]:
        raise complain("select", "X_source", f"of {items.shape[1]} features like X", rows.shape[1])
    return rows, y


def source_items(
    given: tuple[FeatureRows, npt.NDArray[Any]], items: FeatureRows, model: object,
    embed: npt.ArrayLike | Callable[..., npt.ArrayLike] | None, values: npt.NDArray[Any] | None,
) -> SourceItems:  # fmt: skip
    """Another domain's items with embeddings like those of the candidates, and coded labels."""
    near = places(items, given[0], model, embed)[1]
    near = near() if callable(near) else near
    return SourceItems(np.asarray(near, dtype=np.float32), codes("y_source", given[1], values))


def every_answer(
    y: npt.NDArray[Any] | None, given: tuple[FeatureRows, npt.NDArray[Any]] | None
) -> npt.NDArray[Any] | None:
    """Labels of both domains."""
    if given is None or y is None:
        return y if given is None else given[1]
    return np.concatenate([y, given[1]])


def _class_values(model: Any) -> Callable[[Any], Floats] | None:
    return getattr(model, "predict_proba", None)


def _label_values(model: Any) -> Callable[[Any], Floats] | None:
    return (lambda X: logistic(label_log_odds(model, X))) if hasattr(model, "predict_proba") else None


def _number_values(model: Any) -> Callable[[Any], Floats] | None:
    return None if model is None else lambda X: np.asarray(model.predict(X)).astype(np.float32)


def _blocked(predict: Callable[[object], object], items: FeatureRows, max_bytes: int | None) -> Floats:
    """Predict block by block; one call where all fits."""
    n_items, n_features = items.shape
    n_numbers = getattr(items, "nnz", None)  # of a sparse matrix
    width = n_features if n_numbers is None else n_numbers // max(n_items, 1) + 1  # numbers that a row holds
    cuts = list(blocks(n_items, 64 * int(width), max_bytes, "select"))
    return np.concatenate([np.asarray(predict(items[cut])) for cut in cuts])


def margins(items: FeatureRows, model: object, max_bytes: int | None) -> Callable[[], Floats] | None:
    """Minus the gap between the two best decision values, for a model without probabilities."""
    if model is None or hasattr(model, "predict_proba") or not hasattr(model, "decision_function"):
        return None

    def gaps() -> Floats:
        decision = _blocked(model.decision_function, items, max_bytes)
        if decision.ndim == 1:
            return -np.abs(decision)
        top2 = np.partition(decision, -2, axis=1)[:, -2:]
        return top2[:, 0] - top2[:, 1]

    return gaps


def places(
    items: FeatureRows, labeled: FeatureRows | None, model: object,
    embed: npt.ArrayLike | Callable[..., npt.ArrayLike] | None,
) -> tuple[LazyRows, LazyRows | None]:  # fmt: skip
    """Embeddings of candidates and of labeled items, each as a function or an array."""
    if callable(embed):
        embedded = cache(lambda: np.asarray(embed(items[:])))
        return embedded, None if labeled is None else lambda: np.asarray(embed(labeled[:]))
    if embed is not None:
        rows = np.asarray(embed)
        if rows.ndim != 2 or len(rows) != items.shape[0]:
            raise complain("select", "embed", f"of shape ({items.shape[0]}, n_dims)", f"shape {rows.shape}")
        return rows, None if labeled is None else lambda: _beside(labeled, rows.shape[1])
    return default_places(items, labeled, model)


def _beside(labeled: FeatureRows, n_dims: int) -> npt.NDArray[Any]:
    """Labeled items as their own embedding, next to one that was given as an array of ``n_dims`` columns."""
    if labeled.shape[1] != n_dims:
        raise complain(
            "select", "X_labeled", f"of {n_dims} columns like embed", labeled.shape[1],
            "Pass embed as a function of X, so that X_labeled can be embedded too.",
        )  # fmt: skip
    return numeric(labeled)
