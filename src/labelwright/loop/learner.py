"""The active-learning loop for notebooks: it yields batches and takes labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labelwright.check import as_objects, check_complete, check_count, complain
from labelwright.errors import ConflictError
from labelwright.kernels.rows import FeatureRows
from labelwright.loop import steps
from labelwright.loop.given import as_policy, as_rules
from labelwright.loop.pool import UNMEASURED, Batch, Pool, Round, history
from labelwright.loop.state import State
from labelwright.loop.targets import as_model, read_items, read_targets
from labelwright.models.base import Model, Predictor
from labelwright.models.estimator import kind_of_estimator
from labelwright.policy.constraints import Constraint
from labelwright.policy.guard import GuardVerdict, share_of
from labelwright.stopping.base import StoppingRule
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.embedding import embed_of
from labelwright.strategies.shared.given import plain_schema
from labelwright.tasks import make as make_task
from labelwright.words import join

if TYPE_CHECKING:
    import pandas as pd


class ActiveLearner:
    """Active learning in a notebook, with the same steps as the server: ask, teach, retrain.

    In the body of the loop a batch's labels can be taken back (`undo`), and items can be left out (`exclude`) and taken
    in again (`include`).

    Parameters
    ----------
    estimator : scikit-learn estimator, or the name of a model of ours
        Cloned at each fit, never changed.
    strategy : str or Strategy
    batch_size : int
    stop : StoppingRule or sequence of them, optional
        Rounds end when one stops. There is no reserve here, so rules see n_labels and cost.
    constraints : sequence of str, optional
        Rules for each batch, such as "domain at-least 30% legal" or "predicted at-most 5".
    columns : mapping of str to array of shape (n_items,), optional
        Values of the pool's items for constraints; "predicted" is always available.
    random_state : int

    Attributes
    ----------
    model_ : object
        The estimator fitted on all labels, which predicts your class values; None before the first label.
    history_ : DataFrame
        A row a round. ``n_labels`` counts the labels that the model learned from, ``cost`` all that were given, also
        those that were taken back.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> X, y = np.arange(40.0)[:, None], np.arange(40) >= 20
    >>> learner = ActiveLearner(LogisticRegression(), batch_size=4)
    >>> for batch in learner.rounds(X):
    ...     learner.teach(batch, y[batch.indices])
    ...     if len(learner.history_) == 3:
    ...         break
    >>> learner.history_["n_labels"].tolist(), bool(learner.model_.predict([[39.0]])[0])
    ([4, 8, 12], True)
    """

    def __init__(
        self,
        estimator: object,
        *,
        strategy: str | Strategy = "auto",
        batch_size: int = 10,
        stop: StoppingRule | Sequence[StoppingRule] | None = None,
        constraints: Sequence[str] = (),
        columns: Mapping[str, npt.ArrayLike] | None = None,
        random_state: int = 0,
    ) -> None:
        self.estimator, self.strategy, self.batch_size = estimator, strategy, batch_size
        self.constraints, self.columns = constraints, columns
        self.stop, self.random_state = stop, random_state
        self._rounds: list[Round] = []
        self._undone: list[Round] = []  # since the last batch was made
        self._pool: Pool | None = None
        self._model: Model | None = None

    def rounds(self, X_pool: object) -> Iterator[Batch]:
        """Yield batches until a rule stops or the pool is asked; teach each before the next.

        Raises
        ------
        ConflictError
            If the batch before was not taught, or the constraints leave nothing to ask.
        """
        check_count("ActiveLearner", "batch_size", self.batch_size)
        X = read_items(X_pool, self.estimator, "ActiveLearner")
        self._X, self._rounds, self._undone, self._model = X, [], [], None
        self._pool = Pool(int(X.shape[0]))
        self._embed: FeatureRows | None = None
        rules = [Constraint.parse(text) for text in self.constraints]
        self._policy = replace(as_policy(self.strategy, self.batch_size), constraints=rules)
        self._columns = {name: np.asarray(values) for name, values in (self.columns or {}).items()}
        self._waiting: Batch | None = None
        self._guards: tuple[GuardVerdict, ...] = ()
        stops = as_rules(self.stop)
        while self._pool.open.any():
            self._waiting, self._row = self._next()
            if not len(self._waiting):
                named = " and ".join(self.constraints)
                raise ConflictError(
                    f"ActiveLearner: the constraints must leave an item to ask, got {named}.", "Drop one."
                )
            yield self._waiting
            if self._waiting is not None:
                raise ConflictError("ActiveLearner: the batch must be taught before the next round.", "Call teach.")
            looks = self.history_
            if any(rule.judge(looks).stop for rule in stops):
                return

    def teach(self, batch: Batch, labels: Sequence[object] | npt.NDArray[Any]) -> None:
        """Take the labels of a batch, in its order, and retrain; None skips an item, which is not asked again.

        Raises
        ------
        InputError
            If the number of labels differs from the batch.
        ConflictError
            If it is not the batch that is waiting.
        """
        again = next((one for one in self._undone if one.batch is batch), None)
        if self._pool is None or not (batch is self._waiting or again):
            raise ConflictError("ActiveLearner: teach must get the batch that is waiting.", "Teach each batch once.")
        if len(labels) != len(batch):
            raise complain("ActiveLearner", "labels", f"of length {len(batch)}, like the batch", len(labels))
        asked = as_objects(0 if label is None else label for label in labels)
        check_complete("ActiveLearner", "labels", asked, "labels", "Give None to skip an item.")
        given = {int(item): label for item, label in zip(batch.indices, labels, strict=True) if label is not None}
        every = self._pool.all_labels(given)
        if every:
            read_targets(every, self.estimator, "ActiveLearner")  # refuse before anything changes
        self._pool.take(batch, given)
        self._waiting = self._waiting if again else None
        self._undone = [one for one in self._undone if one is not again]
        row = again.row if again else self._row
        number = max((one.row["round"] for one in self._rounds), default=0) + 1
        row = row | UNMEASURED | {"round": number, "n_skipped": len(batch) - len(given)}
        self._rounds.append(Round(batch, row | {"fit_seconds": self._refit()}))
        self._count()

    def undo(self, batch: Batch) -> None:
        """Take back the labels of a batch that was taught, and retrain.

        Its row leaves the history, and its items can be asked again. Teach the same batch again to correct its labels;
        that is possible until the next batch is made.

        Raises
        ------
        ConflictError
            If the batch was not taught, or was taken back already.

        Examples
        --------
        >>> from sklearn.linear_model import LogisticRegression
        >>> X, y = np.arange(40.0)[:, None], np.arange(40) >= 20
        >>> learner = ActiveLearner(LogisticRegression(), batch_size=4)
        >>> rounds = learner.rounds(X)
        >>> batch = next(rounds)
        >>> learner.teach(batch, ~y[batch.indices])  # by mistake
        >>> learner.undo(batch)
        >>> learner.teach(batch, y[batch.indices])
        >>> learner.history_[["n_labels", "cost"]].iloc[-1].tolist()
        [4.0, 8.0]
        """
        done = next((one for one in self._rounds if one.batch is batch), None)
        if self._pool is None or done is None:
            raise ConflictError("ActiveLearner: undo must get a batch that was taught.", "Undo each batch once.")
        self._rounds.remove(done)
        self._undone.append(done)
        self._pool.take_back(batch)
        self._refit()
        self._count()

    def exclude(self, indices: Sequence[int] | npt.NDArray[np.int64]) -> None:
        """Leave items out: they are not asked, and labels of theirs are kept but not learned from. Retrains if needed.

        Parameters
        ----------
        indices : sequence of int
            Positions in the pool.

        Raises
        ------
        InputError
            If they are not positions in the pool.
        ConflictError
            If the rounds have not begun.

        Examples
        --------
        >>> from sklearn.linear_model import LogisticRegression
        >>> learner = ActiveLearner(LogisticRegression(), batch_size=4)
        >>> rounds = learner.rounds(np.arange(6.0)[:, None])
        >>> batch = next(rounds)
        >>> learner.teach(batch, batch.indices >= 3)
        >>> learner.exclude([i for i in range(6) if i not in batch.indices])
        >>> next(rounds, "nothing is left")
        'nothing is left'
        """
        self._leave(indices, out=True)

    def include(self, indices: Sequence[int] | npt.NDArray[np.int64]) -> None:
        """Take items in again that were left out, with their labels if they have any; errors as with `exclude`."""
        self._leave(indices, out=False)

    @property
    def model_(self) -> Predictor | None:
        """The fitted estimator (our model where a name was given); None before the first label."""
        return getattr(self._model, "estimator_", self._model)

    @property
    def history_(self) -> pd.DataFrame:
        """A row a round; value, low and high are NaN: nothing is held back to measure on."""
        return history(self._rounds)

    def _leave(self, indices: Sequence[int] | npt.NDArray[np.int64], *, out: bool) -> None:
        if self._pool is None:
            raise ConflictError("ActiveLearner: there must be a pool to leave items out of.", "Begin the rounds first.")
        before = self._pool.items
        self._pool.exclude(indices, out=out)
        if not np.array_equal(before, self._pool.items):
            self._refit()
            self._count()

    def _refit(self) -> float:
        """Fit on the labels that count; the seconds that it took."""
        started = perf_counter()
        state = self._state()
        self._model = steps.fit(state, steps.resolve(state))
        return perf_counter() - started

    def _count(self) -> None:
        """Bring the history's last row up to date, which is the one that stopping rules judge."""
        if self._rounds and self._pool is not None:
            n_labels, cost = len(self._pool.items), float(self._pool.n_given)
            self._rounds[-1].row.update(n_labels=n_labels, cost=cost)

    def _next(self) -> tuple[Batch, dict[str, Any]]:
        started = perf_counter()
        self._undone = []
        state = self._state()
        labels = steps.resolve(state)
        predictions = None if self._model is None else steps.predict(state, self._model)
        verdict = steps.watch(state, labels)
        if verdict is not None:
            self._guards = (*self._guards, verdict)
        slots = steps.rank(replace(state, guards=self._guards), labels, predictions, self._model)
        batch = Batch(slots.item_idx, slots.kind, slots.score, slots.propensity, slots.reasons)
        share = share_of(self._policy.random_share, self._guards)
        why = str(slots.why if verdict is None else join(slots.why, verdict.reason))
        row = {"mode": slots.mode, "why": why, "random_share": share, "select_seconds": perf_counter() - started}
        return batch, row

    def _state(self) -> State:
        """The current state; the task follows from the labels seen so far."""
        pool = self._pool
        assert pool is not None
        items = pool.items
        if len(items):
            task, y, values = read_targets(pool.labels_of(items), self.estimator, "ActiveLearner")
        else:
            number = kind_of_estimator(self.estimator) == "regressor"
            task = make_task("regression", {}) if number else make_task("classification", plain_schema(2))
            y, values = np.empty(0), None
        if self._embed is None:
            self._embed = embed_of(self._X, self.estimator)
        in_pool = pool.open
        in_pool[items] = True
        return State(
            task,
            self._X,
            pool=in_pool,
            reserve=np.zeros(len(in_pool), dtype=bool),
            item_idx=items,
            person=["you"] * len(items),
            answer=task.decode(y),
            policy=self._policy,
            model=as_model(self.estimator, task, values),
            seed=self.random_state,
            embed=self._embed,
            drawn=pool.sampled,
            guards=self._guards,
            columns=self._columns,
        )
