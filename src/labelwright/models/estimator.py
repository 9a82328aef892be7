"""Any scikit-learn estimator as a model; for the library only, never from a config."""

from __future__ import annotations

from inspect import signature
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, complain
from labelwright.errors import InputError
from labelwright.kernels.links import NEVER
from labelwright.kernels.rows import as_rows, is_numeric
from labelwright.models.bagging import bootstrap_weights
from labelwright.models.base import Model
from labelwright.tasks.base import Task

TINY = 1e-7


class Estimator(Model):
    """An adapter that clones the estimator at each fit and leaves the given one alone.

    Parameters
    ----------
    task : Task
    estimator : object
        With ``fit`` and one of ``predict_proba``, ``decision_function``, ``predict``.
    values : array of shape (n_outputs,), optional
        The user's own class values in schema order, which ``estimator_`` then predicts.

    Notes
    -----
    Where there is no ``predict_proba``, a softmax (logistic function for two classes or labels) of the decision
    function stands for probabilities: only its order and margins are meaningful; it is not calibrated.
    """

    # no class attribute `name`: the registry must not offer it by name

    def __init__(
        self, task: Task, estimator: object, *, values: npt.NDArray[Any] | None = None, n_draws: int = 0,
        random_state: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(task, n_draws=n_draws, random_state=random_state)
        if not hasattr(estimator, "fit"):
            raise complain("wrap", "estimator", "an object with fit", type(estimator).__name__)
        self.name = type(estimator).__name__
        self.estimator = estimator
        self.values = np.arange(task.n_outputs) if values is None else np.asarray(values)

    @property
    def estimator_(self) -> Any:
        """The fitted estimator (None where the answers did not vary)."""
        return self.state_["members"][0]

    def fresh(self, *, n_draws: int, random_state: int) -> Model:
        return Estimator(self.task, self.estimator, values=self.values, n_draws=n_draws, random_state=random_state)

    def _fit(
        self, X: Any, y: npt.NDArray[Any], weight: Floats, group: Ints, rng: np.random.Generator
    ) -> dict[str, Any]:
        flat = self.task.target.constant(y, self.task.n_outputs)
        if not self._fits(y):
            return {"members": [None] * (1 + self.n_draws), "flat": flat}
        if (weight != 1).any():
            repeats = np.rint(weight).astype(np.int64)
            if (repeats == weight).all():
                X, y, group = (part.repeat(repeats, axis=0) for part in (X, y, group))
                weight = np.ones(len(y))
            elif weight_name(self.estimator) is None:
                cure = "Take an estimator whose fit has sample_weight."
                raise complain("wrap", "sample_weight", "whole numbers (they repeat items)", "fractions", cure)
        members, X = [self._member(X, y, weight)], as_rows(X)
        for sample in bootstrap_weights(np.ones(len(y)), group, self.n_draws, rng):
            idx = np.repeat(np.arange(len(y)), sample.astype(np.int64))
            members.append(self._member(X[idx], y[idx], weight[idx]) if self._fits(y[idx]) else None)
        return {"members": members, "flat": flat}

    def _fits(self, y: npt.NDArray[Any]) -> bool:
        """Whether an estimator can be fitted: a classifier needs answers that vary."""
        varied = self.task.teachable(y)
        return self.task.target.pick(codes=varied, marks=varied, numbers=True)

    def _member(self, X: Any, y: npt.NDArray[Any], weight: Floats) -> Any:
        from sklearn import config_context
        from sklearn.base import clone

        estimator = clone(self.estimator, safe=False)  # what is not scikit-learn's is copied deeply
        params = estimator.get_params() if hasattr(estimator, "get_params") else {}
        unset = [key for key, value in params.items() if key.endswith("random_state") and value is None]
        if unset:
            estimator.set_params(**dict.fromkeys(unset, self.random_state))
        try:
            answers = self.values[y] if self.task.one_class else y
            if (weight == 1).all():
                return estimator.fit(X, answers)
            with config_context(enable_metadata_routing=False):  # a pipeline then takes weights by its step's name
                return estimator.fit(X, answers, **{str(weight_name(estimator)): weight})
        except InputError:
            raise
        except (TypeError, ValueError) as error:
            raise _cannot_fit(estimator, X, error) from error

    def _raw(self, X: Any) -> npt.NDArray[np.float32]:
        return np.stack([self._member_raw(member, X) for member in self.state_["members"]]).astype(np.float32)

    def _member_raw(self, member: Any, X: Any) -> Floats:
        if member is None:
            return np.tile(self.state_["flat"], (X.shape[0], 1))
        return self.task.target.pick(codes=self._class_raw, marks=label_log_odds, numbers=_number_raw)(member, X)

    def _class_raw(self, member: Any, X: Any) -> Floats:
        position = {value: k for k, value in enumerate(self.values.tolist())}
        raw = np.full((X.shape[0], self.task.n_outputs), NEVER)
        raw[:, [position[value] for value in member.classes_.tolist()]] = class_outputs(member, X)
        return raw


def _cannot_fit(estimator: object, X: object, error: Exception) -> InputError:
    """The error of an estimator that cannot be fitted, with a pipeline as the cure where X is not made of numbers."""
    reason = str(error).strip().split("\n")[0][:200].rstrip(".")
    name = type(estimator).__name__
    cure = "Give it more labels, or check that estimator.fit(X, y) works on a few items."
    if not hasattr(estimator, "steps") and not is_numeric(as_rows(X)):
        texts = f"make_pipeline(TfidfVectorizer(), {name}()) for texts"
        cure = f"Put steps before it: {texts}, a ColumnTransformer for columns."
    return complain("models", "the estimator", "one that can be fitted on X", f"{name}, which says: {reason}", cure)


def kind_of_estimator(estimator: object) -> str | None:
    """The kind in scikit-learn's tags: "classifier" or "regressor"; None if they do not tell.

    >>> from sklearn.linear_model import Ridge
    >>> kind_of_estimator(Ridge()), kind_of_estimator(object())
    ('regressor', None)
    """
    if hasattr(estimator, "__sklearn_tags__"):
        return estimator.__sklearn_tags__().estimator_type or None
    return getattr(estimator, "_estimator_type", None)


def weight_name(estimator: object) -> str | None:
    """What ``fit`` calls the weights of items, in a pipeline those of its last step; None if it takes none.

    >>> from sklearn.linear_model import Ridge
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> from sklearn.pipeline import make_pipeline
    >>> weight_name(make_pipeline(Ridge())), weight_name(KNeighborsClassifier())
    ('ridge__sample_weight', None)
    """
    steps: Any = getattr(estimator, "steps", None)
    if steps:
        inside = weight_name(steps[-1][1])
        return None if inside is None else f"{steps[-1][0]}__{inside}"
    takes = signature(estimator.fit).parameters if hasattr(estimator, "fit") else {}
    return "sample_weight" if "sample_weight" in takes else None


def _number_raw(member: Any, X: Any) -> Floats:
    return np.asarray(member.predict(X), dtype=np.float64).reshape(-1, 1)


def class_outputs(estimator: object, X: object) -> Floats:
    """Raw scores whose softmax is the estimator's probabilities, (n_items, n_classes it saw)."""
    if hasattr(estimator, "predict_proba"):
        return np.asarray(np.log(np.maximum(estimator.predict_proba(X), TINY)))
    if hasattr(estimator, "decision_function"):
        decision = np.asarray(estimator.decision_function(X))
        return np.stack([-decision / 2, decision / 2], axis=1) if decision.ndim == 1 else decision
    raise complain("wrap", "estimator", "one with predict_proba or decision_function", type(estimator).__name__)


def label_log_odds(estimator: object, X: object) -> Floats:
    """Log-odds of each label, (n_items, n_labels), from the forms that scikit-learn gives."""
    if hasattr(estimator, "predict_proba"):
        proba = estimator.predict_proba(X)
        if isinstance(proba, list):  # one table a label; a label that never varied has one column
            by_label = getattr(estimator, "classes_", ())
            pairs = [(p, list(classes)) for p, classes in zip(proba, by_label, strict=True)]
            yes = [p[:, classes.index(1)] if 1 in classes else np.zeros(len(p)) for p, classes in pairs]
            proba = np.stack(yes, axis=1)
        return np.asarray(np.log(np.maximum(proba, TINY)) - np.log(np.maximum(1 - proba, TINY)))
    if hasattr(estimator, "decision_function"):
        return np.asarray(estimator.decision_function(X))
    raise complain("wrap", "estimator", "one with predict_proba or decision_function", type(estimator).__name__)
