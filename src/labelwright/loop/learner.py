"""The active-learning loop for notebooks: it yields batches and takes labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labelwright.check import as_objects, check_complete, check_count, complain
from labelwright.errors import ConflictError
from labelwright.loop.given import as_policy, as_rules
from labelwright.loop.in_notebook import InNotebook
from labelwright.loop.looks import EXTRA, wanted
from labelwright.loop.pool import COLUMNS, UNMEASURED, Batch, Round, history
from labelwright.loop.session import Session
from labelwright.loop.sourced import read_pool
from labelwright.policy.constraints import Constraint
from labelwright.stopping.base import StoppingRule
from labelwright.strategies.base import Strategy
from labelwright.strategies.shared.aims import check_metric_name
from labelwright.transfer.choice import Choice

if TYPE_CHECKING:
    import pandas as pd


class ActiveLearner(InNotebook):
    """Active learning in a notebook, with the same steps as the server: ask, teach, retrain.

    In the body of the loop a batch's labels can be taken back (`undo`), and items can be left out (`exclude`) and taken
    in again (`include`). `label` asks by a widget, `watch` draws the learning curve.

    Parameters
    ----------
    estimator : scikit-learn estimator, or the name of a model of ours, or "auto"
        Cloned at each fit, never changed. With "auto" the models of ours are compared out of fold, from 30 labels on
        whenever these have grown by a quarter, and one that fits better with a chance of 90 % serves from then on.
    strategy : str or Strategy
    batch_size : int
    stop : StoppingRule or sequence of them, optional
        Rounds end when one stops. There is no reserve here: rules see labels, costs, and what models say of the pool.
    constraints : sequence of str, optional
        Rules for each batch, such as "domain at-least 30% legal" or "predicted at-most 5".
    columns : mapping of str to array of shape (n_items,), optional
        Values of the pool's items for constraints; "predicted" is always available.
    metric : str, optional
        What the labels are collected for, such as "roc-auc" or "log-loss"; `auto` looks at it. The task's default
        otherwise.
    random_state : int

    Attributes
    ----------
    model_ : object
        The estimator fitted on all labels, which predicts your class values; None before labels that vary.
    classes_ : array of shape (n_classes,)
        The class values that were taught so far, sorted.
    comparison_ : Comparison, optional
        With "auto", what the last comparison found of each model: its loss, the chance that it is the best, and why
        one was chosen. None before 30 labels.
    history_ : DataFrame
        A row a round. ``n_labels`` counts the labels that the model learned from, ``cost`` all that were taught, also
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
    >>> learner.history_["n_labels"].tolist(), learner.predict([[39.0]]).tolist()
    ([4, 8, 12], [True])
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
        metric: str | None = None,
        random_state: int = 0,
    ) -> None:
        self.estimator, self.strategy, self.batch_size = estimator, strategy, batch_size
        self.constraints, self.columns = constraints, columns
        self.stop, self.metric, self.random_state = stop, metric, random_state
        self._rounds: list[Round] = []
        self._undone: list[Round] = []  # since the last batch was made
        self._session: Session | None = None
        self._curves = []

    def __repr__(self) -> str:
        strategy = self.strategy if isinstance(self.strategy, str) else self.strategy.name
        estimator = " ".join(repr(self.estimator).split())
        named = f"ActiveLearner({estimator}, strategy='{strategy}', batch_size={self.batch_size})"
        return f"<{named}, {'not started' if self._session is None else self._session.pool.status(len(self._rounds))}>"

    def rounds(
        self, X_pool: object, y: npt.ArrayLike | None = None, *, X_source: object = None,
        y_source: npt.ArrayLike | None = None, sample_domain: npt.ArrayLike | None = None,
    ) -> Iterator[Batch]:  # fmt: skip
        """Start anew on a pool, and return its batches until a rule stops or the pool is asked; teach each in turn.

        Parameters
        ----------
        X_pool : array, sparse matrix or DataFrame of shape (n_items, n_features), or n_items texts or records
            Whatever the estimator takes.
        y : array of shape (n_items,), or (n_items, n_labels) for multilabel, optional
            Labels that are known already, with None, NaN or NA where there is none. They train the model before the
            first batch, are not asked again, and cost nothing.
        X_source, y_source : rows and array of n_source items, optional
            Labeled items of another domain; the model learns from them as far as they help, see ``transfer_``.
        sample_domain : array of shape (n_items,), optional
            In their place: above 0 for items of the source in X_pool, labeled in y; below 0 for the others.

        Raises
        ------
        InputError
            If X_pool, y or the source is malformed, or does not fit the others.
        ConflictError
            If the batch before was not taught, or the constraints leave nothing to ask.

        Examples
        --------
        >>> from sklearn.linear_model import LogisticRegression
        >>> X, y = np.arange(6.0)[:, None], ["low", None, None, None, None, "high"]
        >>> learner = ActiveLearner(LogisticRegression(), batch_size=2)
        >>> rounds = learner.rounds(X, y)
        >>> learner.predict([[1.0], [4.0]]).tolist(), bool(np.isin(next(rounds).indices, [0, 5]).any())
        (['low', 'high'], False)
        """
        check_count("ActiveLearner", "batch_size", self.batch_size)
        check_metric_name("ActiveLearner", self.metric)
        rules = [Constraint.parse(text) for text in self.constraints]
        policy = replace(as_policy(self.strategy, self.batch_size), constraints=rules)
        columns = {name: np.asarray(values) for name, values in (self.columns or {}).items()}
        looks = wanted(as_rules(self.stop), {*COLUMNS, *EXTRA}, "ActiveLearner")
        X, given, outside = read_pool(X_pool, y, X_source, y_source, sample_domain, self.estimator)
        session = Session(X, self.estimator, policy, columns, self.random_state, looks, given, outside, self.metric)
        if y is not None or given is not None:
            session.take_known(y)
        self._session, self._rounds, self._undone = session, [], []
        self._waiting: Batch | None = None
        return self._batches(session)

    def _batches(self, session: Session) -> Iterator[Batch]:
        while session.pool.open.any():
            self._undone = []
            self._waiting, self._row = session.next_batch()
            if not len(self._waiting):
                rules = " and ".join(self.constraints)
                message = f"ActiveLearner: the constraints must leave an item to ask, got {rules}."
                raise ConflictError(message, "Drop one.")
            yield self._waiting
            if self._waiting is not None:
                raise ConflictError("ActiveLearner: the batch must be taught before the next round.", "Call teach.")
            if any(rule.judge(self.history_).stop for rule in as_rules(self.stop)):
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
        session = self._session
        if session is None or not (batch is self._waiting or again):
            raise ConflictError("ActiveLearner: teach must get the batch that is waiting.", "Teach each batch once.")
        if len(labels) != len(batch):
            raise complain("ActiveLearner", "labels", f"of length {len(batch)}, like the batch", len(labels))
        asked = as_objects(0 if label is None else label for label in labels)
        check_complete("ActiveLearner", "labels", asked, "labels", "Give None to skip an item.")
        given = {int(item): label for item, label in zip(batch.indices, labels, strict=True) if label is not None}
        session.check(given)  # refuse before anything changes
        taught, self._waiting = session.teach(batch, given), self._waiting if again else None
        self._undone = [one for one in self._undone if one is not again]
        row = again.row if again else self._row
        number = max((one.row["round"] for one in self._rounds), default=0) + 1
        row = row | UNMEASURED | {"round": number, "n_skipped": len(batch) - len(given)}
        self._rounds.append(Round(batch, row | taught))
        self._count()
        self._drawn()

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
        >>> batch = next(learner.rounds(X))
        >>> learner.teach(batch, ~y[batch.indices])  # by mistake
        >>> learner.undo(batch)
        >>> learner.teach(batch, y[batch.indices])
        >>> learner.history_[["n_labels", "cost"]].iloc[-1].tolist()
        [4.0, 8.0]
        """
        done = next((one for one in self._rounds if one.batch is batch), None)
        if self._session is None or done is None:
            raise ConflictError("ActiveLearner: undo must get a batch that was taught.", "Undo each batch once.")
        self._rounds.remove(done)
        self._undone.append(done)
        self._session.pool.take_back(batch)
        self._session.refit()
        self._count()
        self._drawn()

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
        >>> learner = ActiveLearner("linear", batch_size=4)
        >>> rounds = learner.rounds(np.arange(6.0)[:, None])
        >>> learner.exclude([0, 5])
        >>> sorted(next(rounds).indices.tolist())
        [1, 2, 3, 4]
        """
        self._leave(indices, out=True)

    def include(self, indices: Sequence[int] | npt.NDArray[np.int64]) -> None:
        """Take items in again that were left out, with their labels if they have any; errors as with `exclude`."""
        self._leave(indices, out=False)

    @property
    def transfer_(self) -> Choice | None:
        """What the model took from the source at its last fit, and why; None without a source."""
        return getattr(None if self._session is None else self._session.model, "choice_", None)

    @property
    def history_(self) -> pd.DataFrame:
        """A row a round; value, low and high are NaN: nothing is held back to measure on."""
        return history(self._rounds)

    def _leave(self, indices: Sequence[int] | npt.NDArray[np.int64], *, out: bool) -> None:
        session = self._session
        if session is None:
            raise ConflictError("ActiveLearner: there must be a pool to leave items out of.", "Begin the rounds first.")
        before = session.pool.items
        session.pool.exclude(indices, out=out)
        if not np.array_equal(before, session.pool.items):
            session.refit()
            self._count()

    def _count(self) -> None:
        """Bring the history's last row up to date, which is the one that stopping rules judge."""
        if self._rounds and self._session is not None:
            pool = self._session.pool
            self._rounds[-1].row.update(n_labels=len(pool.items), cost=float(pool.n_given))
