"""From what a user gives to what a strategy may ask for: task, predictions, draws, places."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_same_length, complain
from labelwright.kernels.blocks import blocks
from labelwright.kernels.rows import N_SPARSE_DIMS, Changed, Scaled, numeric, same_unit
from labelwright.models.estimator import kind_of_estimator, label_log_odds
from labelwright.models.link import link
from labelwright.strategies.annotations import Annotations
from labelwright.strategies.evidence import Change
from labelwright.tasks import Task
from labelwright.tasks import make as make_task
from labelwright.tasks.predictions import Predictions

MANY_NUMBERS = 2**26  # scaled columns are kept (256 MB) up to here, and computed block by block beyond


def infer_task(model: Any, y: Any, proba: Any, draws: Any) -> Task | None:
    """The kind of label, from whatever was given; None where nothing tells."""
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


def plain_schema(n_labels: int) -> dict[str, Any]:
    """A schema for arrays that come without names."""
    return {"labels": [{"id": f"l_{i}", "name": str(i)} for i in range(1, n_labels + 1)]}


def class_values(y: npt.NDArray[Any] | None, task: Task | None, model: Any) -> npt.NDArray[Any] | None:
    """What answers the columns of the predictions stand for; None where answers are used as they are.

    The model's ``classes_``; else answers that are column numbers already mean columns; else the values that occur,
    sorted.
    """
    if y is None or task is None or task.form != "classes":
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
    items: Any, model: Any, task: Task | None, proba: Any, draws: Any, max_bytes: int | None
) -> Callable[[], Predictions] | None:
    """What gives the task's predictions, in the order: proba, the model, the mean of the draws."""
    if task is None:
        return None
    form = task.form
    if proba is not None:
        return lambda: Predictions(form, proba)
    if model is not None and isinstance(getattr(model, "task", None), Task):
        return lambda: model.predict(items)
    if form == "value" and model is not None:
        return lambda: Predictions("value", _blocked(model.predict, items, max_bytes).astype(np.float32))
    if hasattr(model, "predict_proba"):
        return lambda: Predictions(form, _probabilities(model, items, form, max_bytes))
    if draws is not None:
        return lambda: Predictions(form, draws.mean(axis=0), draws)
    return None


def labeled_predictor(
    labeled: Any, y: Any, model: Any, task: Task | None, max_bytes: int | None
) -> Callable[[], Predictions] | None:
    """What gives the predictions of the labeled items; None without a model that can."""
    return None if labeled is None or y is None else predictor(labeled, model, task, None, None, max_bytes)


def changed_predictor(
    items: Any, model: Any, task: Task | None, max_bytes: int | None
) -> Callable[[Change], Predictions] | None:
    """What gives the predictions of the items after a change of their features; None without a model that can."""
    plain = predictor(items, model, task, None, None, max_bytes)
    if plain is None:
        return None

    def changed(change: Change) -> Predictions:
        found = predictor(Changed(items, change), model, task, None, None, max_bytes)
        assert found is not None
        return found()

    return changed


def as_annotations(given: Any, labeled: Any, values: npt.NDArray[Any] | None) -> Annotations | None:
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


def _probabilities(model: Any, items: Any, form: str, max_bytes: int | None) -> Floats:
    if form == "classes":
        return _blocked(model.predict_proba, items, max_bytes)
    return link("labels", _blocked(lambda X: label_log_odds(model, X), items, max_bytes))


def _blocked(predict: Callable[[Any], Any], items: Any, max_bytes: int | None) -> Floats:
    """Predict block by block; one call where all fits."""
    n_items, n_features = items.shape
    width = items.nnz // max(n_items, 1) + 1 if hasattr(items, "tocsr") else n_features  # numbers that a row holds
    cuts = list(blocks(n_items, 64 * int(width), max_bytes, "select"))
    return np.concatenate([np.asarray(predict(items[cut])) for cut in cuts])


def margins(items: Any, model: Any, max_bytes: int | None) -> Callable[[], Floats] | None:
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


def places(items: Any, labeled: Any, model: Any, embed: Any) -> tuple[Any, Any]:
    """Where candidates and labeled items lie, each as a function or an array."""
    if callable(embed):
        return cache(lambda: np.asarray(embed(items[:]))), labeled if labeled is None else lambda: embed(labeled[:])
    if embed is not None:
        found = np.asarray(embed)
        if found.ndim != 2 or len(found) != items.shape[0]:
            raise complain("select", "embed", f"of shape ({items.shape[0]}, n_dims)", f"shape {found.shape}")

        def beside() -> Any:
            if labeled.shape[1] != found.shape[1]:
                raise complain(
                    "select", "X_labeled", f"of {found.shape[1]} columns like embed", labeled.shape[1],
                    "Pass embed as a function of X, so that X_labeled can be embedded too.",
                )  # fmt: skip
            return numeric(labeled)

        return found, None if labeled is None else beside
    return default_places(items, labeled, model)


def default_places(items: Any, labeled: Any, model: Any) -> tuple[Any, Any]:
    """What a pipeline's first steps give, a few dimensions of a sparse matrix, or columns on one scale."""
    steps = getattr(model, "steps", None)
    if steps and len(steps) > 1:
        before = model[:-1]
        inside = cache(lambda: before.transform(items[:]))
        inside_labeled = None if labeled is None else lambda: before.transform(labeled[:])
        return cache(lambda: reduced(inside(), inside())), inside_labeled and (
            lambda: reduced(inside_labeled(), inside())
        )
    if hasattr(items, "tocsr"):
        return cache(lambda: reduced(items, items)), None if labeled is None else lambda: reduced(labeled, items)
    if same_unit(numeric(items)):
        return numeric(items), None if labeled is None else lambda: numeric(labeled)
    scaled = cache(lambda: Scaled(numeric(items)))
    if items.shape[0] * items.shape[1] <= MANY_NUMBERS:
        return cache(lambda: scaled()[:]), None if labeled is None else lambda: scaled().of(numeric(labeled))
    return scaled, None if labeled is None else lambda: scaled().of(numeric(labeled))


def reduced(X: Any, like: Any) -> npt.NDArray[Any]:
    """Dense rows as they are; sparse ones in the leading dimensions of ``like``."""
    if not hasattr(X, "tocsr"):
        return np.asarray(X)
    from sklearn.decomposition import TruncatedSVD

    n_dims = min(N_SPARSE_DIMS, like.shape[1] - 1)
    return np.asarray(TruncatedSVD(n_dims, random_state=0).fit(like).transform(X))
