"""What one call of `ActiveLearner.rounds` works on: the items, their labels, and the model fitted on them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_same_length, complain, missing
from labelwright.errors import NotReadyError
from labelwright.evidence.source import SourceItems
from labelwright.kernels.rows import FeatureRows, as_rows
from labelwright.loop import steps
from labelwright.loop.fitting import Choice, choose
from labelwright.loop.looks import CHANGE, SEARCH, relevant, sample_row, search_row, stop_set
from labelwright.loop.pool import Batch, Pool
from labelwright.loop.sourced import GivenSource, embed_both, read_both
from labelwright.loop.state import State
from labelwright.loop.targets import as_labels, as_model, is_auto, read_targets
from labelwright.models.base import Model
from labelwright.models.estimator import kind_of_estimator
from labelwright.policy.base import Policy
from labelwright.policy.guard import GuardVerdict, share_of
from labelwright.strategies.shared.given import plain_schema
from labelwright.tasks import Task
from labelwright.tasks import make as make_task
from labelwright.transfer.mixing import Mixed, Source
from labelwright.words import join

WHO = "ActiveLearner"


class Session:
    """The items of one pool with their labels, the model, and the next batch; the steps of a cycle do the work.

    Parameters
    ----------
    X : rows
    estimator : scikit-learn estimator, or the name of a model of ours
    policy : Policy
    columns : mapping of str to array of shape (n_items,)
    seed : int
    looks : frozenset of str
        Columns that stopping rules look at, of `labelwright.loop.looks.EXTRA`.
    given : GivenSource, optional
        Labeled items of another domain.
    outside : int64 array, optional
        Positions in X of items of the source, which are not asked.
    metric : str, optional
        What the labels are collected for.

    Attributes
    ----------
    pool : Pool
    model : Model or None
        Fitted on the labels that count; None where there is none.
    choice : Choice, optional
        The learner that serves, where the estimator is "auto" and there are labels.
    values : array of shape (n_classes,), optional
        The user's class values in the order of the model's outputs.
    """

    def __init__(
        self,
        X: FeatureRows,
        estimator: object,
        policy: Policy,
        columns: Mapping[str, npt.NDArray[Any]],
        seed: int,
        looks: frozenset[str] = frozenset(),
        given: GivenSource | None = None,
        outside: Ints | None = None,
        metric: str | None = None,
    ) -> None:
        self.X, self.estimator, self.policy, self.columns, self.seed = X, estimator, policy, columns, seed
        self.metric = metric
        self.looks, self._looked = looks, list[tuple[Batch, npt.NDArray[Any] | None]]()
        self.given, self.outside = given, np.empty(0, dtype=np.int64) if outside is None else outside
        self._source: Source | None = None
        self.pool = Pool(int(X.shape[0]))
        self.pool.asked[self.outside] = True
        self.model: Model | None = None
        self.choice: Choice | None = None
        self.values: npt.NDArray[Any] | None = None
        self._embed: FeatureRows | None = None
        self._guards: tuple[GuardVerdict, ...] = ()

    def take_known(self, y: npt.ArrayLike | None) -> None:
        """Take the labels that are known from the start, and fit; what is missing in y is not known."""
        if y is not None:
            labels = as_labels(y, WHO)
            check_same_length(WHO, X=int(self.X.shape[0]), y=len(labels))
            known = np.setdiff1d(np.arange(len(labels)), np.concatenate([missing(labels), self.outside]))
            self.pool.take_known(dict(zip(known.tolist(), labels[known].tolist(), strict=True)))
        self.refit()

    def check(self, given: Mapping[int, Any]) -> None:
        """Refuse labels that would not fit those there are."""
        every = self.pool.all_labels(given)
        if every:
            read_both(every, self.given, self.estimator, WHO)

    def teach(self, batch: Batch, given: Mapping[int, Any]) -> dict[str, float]:
        """Take the labels of a batch and fit; nothing has changed where that fails.

        Gives what the history says of it: the seconds, and the columns that stopping rules look at.
        """
        self._looked = [(one, answers) for one, answers in self._looked if self.pool.asked[one.indices].all()]
        self.pool.take(batch, given)
        try:
            seconds = self.refit()
            return {"fit_seconds": seconds, **self._look(batch)}
        except Exception:
            self.pool.take_back(batch)
            self.pool.n_given -= len(given)
            raise

    def refit(self) -> float:
        """Fit on the labels that count; the seconds that it took."""
        started = perf_counter()
        state = self._state()
        labels = steps.resolve(state)
        if is_auto(self.estimator):
            self.choice = choose(state, labels, self.choice)
            state = replace(state, model=self.choice.learner)
        self.model = steps.fit(state, labels)
        return perf_counter() - started

    def next_batch(self) -> tuple[Batch, dict[str, Any]]:
        """The next batch, and what the history says of how it was chosen."""
        started = perf_counter()
        state = self._state()
        labels = steps.resolve(state)
        predictions = None if self.model is None else steps.predict(state, self.model)
        verdict = steps.watch(state, labels)
        if verdict is not None:
            self._guards = (*self._guards, verdict)
        slots = steps.rank(replace(state, guards=self._guards), labels, predictions, self.model)
        batch = Batch(slots.item_idx, slots.kind, slots.score, slots.propensity, slots.reasons)
        share = share_of(self.policy.random_share, self._guards)
        why = slots.why if verdict is None else join(slots.why, verdict.reason)
        told = str(join(why, self.model.choice_.reason) if isinstance(self.model, Mixed) else why)
        row = {"mode": slots.mode, "why": told, "random_share": share, "select_seconds": perf_counter() - started}
        return batch, row

    def _look(self, batch: Batch) -> dict[str, float]:
        """The columns that stopping rules look at, compared with the last batch that was not taken back."""
        row: dict[str, float] = dict.fromkeys(sorted(self.looks), math.nan)
        row |= {"change_n": 0} if "change_n" in self.looks else {}
        items = self.pool.answered
        if self.looks & SEARCH and len(items):
            task, y, _ = read_targets(self.pool.labels_of(items), self.estimator, WHO)
            named = getattr(self.policy.make_strategy(), "positive", None)
            row |= search_row(relevant(task, y, named), len(items) + int(self.pool.open.sum()))
        if self.model is not None and self.looks - SEARCH - CHANGE:
            sample = stop_set(np.arange(len(self.pool.asked)), self.seed)
            predictions = self.model.predict(self.X[sample])
            before = self._looked[-1][1] if self._looked else None
            found, answers = sample_row(self.looks, self.model.task, predictions, before, self.values)
            self._looked.append((batch, answers))
            row |= found
        return {name: value for name, value in row.items() if name in self.looks}

    def predict(self, X: object) -> npt.NDArray[Any]:
        """Answers in the user's own class values: those of the estimator, where it is fitted."""
        model = fitted(self.model)
        estimator: Any = getattr(model, "estimator_", None)
        if estimator is not None:
            return np.asarray(estimator.predict(X))
        answers = model.task.answer(model.predict(X))
        return answers if self.values is None else self.values[answers]

    def predict_proba(self, X: object) -> Floats:
        """Probabilities, a column a class or label; `InputError` if the estimator has none."""
        model = fitted(self.model)
        numbers = model.task.target.pick(codes=False, marks=False, numbers=True)
        if numbers or not (isinstance(self.estimator, str) or hasattr(self.estimator, "predict_proba")):
            name = self.estimator if isinstance(self.estimator, str) else type(self.estimator).__name__
            raise complain(WHO, "the estimator", "one with predict_proba", name, "Call predict, or take another.")
        return model.task.proba(model.predict(X))

    def _state(self) -> State:
        """The current state; the task follows from the labels seen so far."""
        items = self.pool.items
        y_source = np.empty(0)
        if len(items) or self.given is not None:
            labels = self.pool.labels_of(items)
            task, y, y_source, self.values = read_both(labels, self.given, self.estimator, WHO)
        else:
            number = kind_of_estimator(self.estimator) == "regressor"
            task = make_task("regression", {}) if number else make_task("classification", plain_schema(2))
            y, self.values = np.empty(0), None
        if self._embed is None:
            self._embed, self._near = embed_both(self.X, self.given, self.estimator)
        model: Model | str = self._model(task, y_source)
        in_pool = self.pool.open
        in_pool[items] = True
        return State(
            task,
            self.X,
            pool=in_pool,
            reserve=np.zeros(len(in_pool), dtype=bool),
            item_idx=items,
            person=["you"] * len(items),
            answer=task.decode(y),
            policy=self.policy,
            model=model,
            source=None if self.given is None else SourceItems(self._near, y_source),
            seed=self.seed,
            embed=self._embed,
            drawn=self.pool.sampled,
            known=self.pool.known,
            guards=self._guards,
            metric=self.metric,
            columns=self.columns,
        )

    def _model(self, task: Task, y_source: npt.NDArray[Any]) -> Model | str:
        """The model that is fitted next: the one that was chosen, the given one, or that with what a source teaches."""
        if self.choice is not None:
            return self.choice.learner
        model = as_model(self.estimator, task, self.values)
        if self.given is None:
            return model
        outputs = None if self._source is None else self._source.task.n_outputs
        if self._source is None or outputs != task.n_outputs or not np.array_equal(self._source.y, y_source):
            inside = np.setdiff1d(np.arange(int(self.X.shape[0])), self.outside)
            self._source = Source(self.given.X, y_source, as_rows(self.X[inside]), task)
        return Mixed(model, self._source)


def fitted(model: Model | None) -> Model:
    """The model; `NotReadyError` where there is none."""
    if model is None:
        raise NotReadyError(
            f"{WHO}: the learner must have labels to predict, got none.", "Teach a batch, or pass y to rounds."
        )
    return model
