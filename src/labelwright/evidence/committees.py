"""Committees: an ensemble's members, bagged clones, models of other families, draws around a linear model's weights."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_one_of, complain
from labelwright.kernels.links import softmax
from labelwright.kernels.rows import FeatureRows, numeric
from labelwright.models import deep, wrap
from labelwright.scores.diversity import disagreement
from labelwright.tasks import Task

N_DRAWS = 8  # members of a committee that is made for one selection
N_ROUNDS = 3  # attempts to replace members that are too similar
ALIKE = 1e-3  # disagreement with an earlier member from which on a member counts
N_COMPARED = 10_000  # items that members are compared on
CONSTANT = 10.0  # the constant input of a linear layer, so large that its weight is hardly penalised

T = TypeVar("T")
Members = Callable[[int, int], Floats]  # how many, seed -> draws (n_draws, n_items, ...)


def committee(
    items: FeatureRows,
    model: object,
    task: Task | None,
    draws: npt.ArrayLike | None,
    labeled: FeatureRows | None,
    y: npt.NDArray[Any] | None,
    kind: str = "auto",
) -> Callable[[], Floats] | None:
    """A function that gives a committee's draws; None if nothing can.

    Parameters
    ----------
    kind : {"auto", "bagging", "families", "forest", "laplace"}
        Bagged clones of the model; the model and models of other kinds; the members of an ensemble; draws around a
        linear classifier's weights. "auto" takes the draws given, what the model's own ``predict_draws(X, n_draws)``
        gives, a torch model under dropout, a regressor's standard deviation, an ensemble's members, or bagged clones:
        the first there is.

    Raises
    ------
    InputError
        If the kind is none of these, or the model cannot serve it.
    """
    check_one_of("select", "committee", kind, ("auto", "bagging", "families", "forest", "laplace"))
    if draws is not None:
        return lambda: np.asarray(draws)
    fitted: Any = model  # an estimator, whose methods are looked up by name
    if model is None or task is None or isinstance(getattr(model, "task", None), Task):
        return None
    if kind == "auto" and hasattr(model, "predict_draws"):
        return lambda: np.asarray(fitted.predict_draws(items[:], N_DRAWS))
    by_dropout = deep.draws(model, N_DRAWS) if kind == "auto" else None
    if by_dropout is not None:
        return partial(by_dropout, items)
    if kind == "auto" and _is_number(task) and _gives_std(model):
        # two members one standard deviation apart on either side have just that variance
        def around() -> Floats:
            mean, std = fitted.predict(items[:], return_std=True)
            return np.stack([mean - std, mean + std])

        return around
    if kind in ("auto", "forest"):
        members = _ensemble(items, model, task)
        if members is not None or kind == "forest":
            return _needed(kind, members)
    if labeled is None or y is None:
        return None
    if kind == "laplace":
        drawn = _needed(kind, laplace(model, task, items, labeled))
        return lambda: different(drawn, task, kind)

    def made() -> Floats:
        values = np.unique(y) if task.one_class else None
        if values is not None and len(values) != task.n_outputs:
            values = np.asarray(fitted.classes_)
        target = np.searchsorted(values, y) if values is not None else y
        if kind == "families":
            return families(model, task, values, items, labeled, target)
        return different(bagged(model, task, values, items, labeled, target), task, kind)

    return made


def _ensemble(items: Any, model: Any, task: Task) -> Callable[[], Floats] | None:
    """A function that gives the predictions of the members of a forest or a bagging ensemble."""
    members = getattr(model, "estimators_", None)
    if members is None or not hasattr(model, "n_estimators") or hasattr(model, "init_"):
        return None
    inner = [member for member in np.ravel(members) if hasattr(member, "predict")]
    if _is_number(task):
        return lambda: np.stack([np.asarray(member.predict(items[:])) for member in inner])
    whole = all(hasattr(member, "predict_proba") and len(member.classes_) == task.n_outputs for member in inner)
    if task.one_class and whole:
        return lambda: np.stack([member.predict_proba(items[:]) for member in inner])
    return None


def _needed(kind: str, source: T | None) -> T:
    if source is None:
        what = {"forest": "an ensemble of classifiers or regressors", "laplace": "a linear classifier with coef_"}[kind]
        raise complain("select", "model", f"{what} for committee '{kind}'", "another", "Use committee 'bagging'.")
    return source


def _is_number(task: Task) -> bool:
    return task.target.pick(codes=False, marks=False, numbers=True)


def _gives_std(model: Any) -> bool:
    """Whether predict can return a standard deviation, as Gaussian processes and Bayesian ridge do."""
    return "return_std" in inspect.signature(model.predict).parameters if hasattr(model, "predict") else False


def different(members: Members, task: Task, kind: str) -> Floats:
    """Members that differ: those which vote like an earlier one are fitted again, a few times.

    Raises
    ------
    InputError
        If all members still agree everywhere, and the kind of committee was named by the caller.
    """
    draws = members(N_DRAWS, 0)
    for seed in range(1, N_ROUNDS + 1):
        alike = _alike(draws, task)
        if not len(alike):
            break
        draws[alike] = members(len(alike), seed)
    if kind != "auto" and (draws == draws[:1]).all():
        raise complain(
            "select", "draws", "of members that disagree somewhere", f"{len(draws)} members that say the same",
            "Label more items, or pass draws of another committee.",
        )  # fmt: skip
    return draws


def _alike(draws: Floats, task: Task) -> npt.NDArray[np.int64]:
    """Members that hardly disagree with an earlier one."""
    votes = task.votes(draws[:, :: math.ceil(draws.shape[1] / N_COMPARED)])
    return np.flatnonzero((np.tril(disagreement(votes) < ALIKE, -1)).any(axis=1))


def bagged(model: Any, task: Task, values: Any, items: Any, labeled: Any, target: Any) -> Members:
    """Clones of the model, each fitted to a bootstrap sample of what is labeled."""

    def members(n: int, seed: int) -> Floats:
        predictions = wrap(model, task, values=values, n_draws=n, random_state=seed).fit(labeled, target).predict(items)
        return np.array(predictions.committee)

    return members


def families(model: Any, task: Task, values: Any, items: Any, labeled: Any, target: Any) -> Floats:
    """The model and models of other kinds, each fitted to all that is labeled."""
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.naive_bayes import GaussianNB
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    n_near, sparse = min(5, len(target)), hasattr(items, "tocsr")
    scaled = StandardScaler(with_mean=not sparse)
    others: list[Any]
    if _is_number(task):
        others = [make_pipeline(scaled, Ridge()), RandomForestRegressor(25, random_state=0),
                  KNeighborsRegressor(n_near)]  # fmt: skip
    else:
        others = [RandomForestClassifier(25, random_state=0), KNeighborsClassifier(n_near)]
        if task.one_class:
            others.append(make_pipeline(scaled, LogisticRegression(max_iter=2000)))
            others += [] if sparse else [GaussianNB()]
    rows, known = (X if sparse else numeric(X) for X in (items, labeled))
    members = [wrap(model, task, values=values).fit(labeled, target).predict(items)]
    members += [wrap(other, task, values=values).fit(known, target).predict(rows) for other in others]
    return np.stack([task.proba(predictions) for predictions in members])


def laplace(model: Any, task: Task, items: Any, labeled: Any) -> Members | None:
    """Draws of a linear classifier's weights around those it has; None for another model.

    Gaussian with the inverse Hessian of the penalised log-loss on what is labeled: exact for two classes, and a block a
    class for more. The constant is penalised a hundredth as much as a weight.
    """
    last, before = (model[-1], model[:-1]) if len(getattr(model, "steps", ())) > 1 else (model, None)
    linear = hasattr(last, "coef_") and hasattr(last, "intercept_") and hasattr(last, "predict_proba")
    if not task.one_class or not linear or len(last.classes_) != task.n_outputs:
        return None

    def inputs(X: Any) -> Floats:
        rows = X[:] if before is None else before.transform(X[:])
        rows = rows.toarray() if hasattr(rows, "toarray") else numeric(rows)
        return np.hstack([rows, np.full((rows.shape[0], 1), CONSTANT)])

    def members(n: int, seed: int) -> Floats:
        rng = np.random.default_rng(seed)
        known = inputs(labeled)
        weights = np.hstack([last.coef_, last.intercept_[:, None] / CONSTANT])  # (n_outputs, n_features + 1)
        penalty = 1 / last.C if hasattr(last, "C") else 1.0
        p = _proba(known @ weights.T)[:, -len(weights) :]  # (n_labels, n_outputs)
        noise = np.stack([_gaussian(known * np.sqrt(v * (1 - v))[:, None], penalty, n, rng) for v in p.T], axis=1)
        rows = inputs(items)
        return np.stack([_proba(rows @ drawn.T) for drawn in weights + noise])

    return members


def _proba(raw: Floats) -> Floats:
    """Probabilities from a linear classifier's outputs; one output is the log-odds of the second class."""
    return softmax(np.hstack([np.zeros_like(raw), raw]) if raw.shape[1] == 1 else raw)


def _gaussian(root: Floats, penalty: float, n: int, rng: np.random.Generator) -> Floats:
    """n draws of variance (root' root + penalty)^-1, (n, n_features); never a matrix of n_features^2."""
    _, size, axes = np.linalg.svd(root, full_matrices=False)
    z = rng.normal(size=(n, root.shape[1]))
    shrink = 1 / np.sqrt(size**2 + penalty) - 1 / np.sqrt(penalty)
    return np.asarray(z / np.sqrt(penalty) + (z @ axes.T * shrink) @ axes)
