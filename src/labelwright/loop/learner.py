"""The loop in a notebook: batches out, labels in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from labelwright.check import check_count, complain
from labelwright.errors import ConflictError
from labelwright.kernels.rows import as_rows
from labelwright.loop import steps
from labelwright.loop.state import State
from labelwright.loop.targets import as_model, embed_of, read_targets
from labelwright.models.base import Model
from labelwright.models.estimator import kind_of_estimator
from labelwright.policy.base import RANDOM, Policy
from labelwright.policy.constraints import Constraint
from labelwright.policy.guard import GuardVerdict, share_of
from labelwright.stopping.base import StoppingRule
from labelwright.strategies import make as make_strategy
from labelwright.strategies.base import Strategy
from labelwright.strategies.given import plain_schema
from labelwright.tasks import make as make_task

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "round", "n_labels", "cost", "value", "low", "high", "n_reserve", "n_skipped", "mode", "why",
    "random_share", "fit_seconds", "select_seconds",
)  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """Items to label: ``indices`` are positions in the pool that was given, in the order to ask."""

    indices: npt.NDArray[np.int64]
    kind: npt.NDArray[np.str_]
    scores: npt.NDArray[np.float32]
    propensity: npt.NDArray[np.float64]
    reasons: dict[str, npt.NDArray[np.float32]]

    def __len__(self) -> int:
        return len(self.indices)


class ActiveLearner:
    """Ask, teach, retrain, ask again; the same steps as the server's.

    Parameters
    ----------
    estimator : scikit-learn estimator, or the name of a model of ours
        Cloned at each fit, never changed.
    strategy : str or Strategy
    batch_size : int
    stop : StoppingRule or sequence of them, optional
        Rounds end when one stops. There is no reserve here, so rules see n_labels and cost.
    constraints : sequence of str, optional
        What each batch shall hold, such as "domain at-least 30% legal" or "predicted at-most 5".
    columns : mapping of str to array of shape (n_items,), optional
        Values of the pool's items that constraints speak of; "predicted" is there by itself.
    random_state : int

    Attributes
    ----------
    model_ : object
        The estimator fitted on all that was taught, speaking your class values; None before.
    history_ : DataFrame
        A row a round.

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
        estimator: Any,
        *,
        strategy: str | Strategy = "auto",
        batch_size: int = 10,
        stop: StoppingRule | Sequence[StoppingRule] | None = None,
        constraints: Sequence[str] = (),
        columns: Mapping[str, Any] | None = None,
        random_state: int = 0,
    ) -> None:
        self.estimator, self.strategy, self.batch_size = estimator, strategy, batch_size
        self.constraints, self.columns = constraints, columns
        self.stop, self.random_state = stop, random_state
        self._rows: list[dict[str, Any]] = []
        self._model: Model | None = None

    def rounds(self, X_pool: Any) -> Iterator[Batch]:
        """Yield batches until a rule stops or the pool is asked; teach each before the next.

        Raises
        ------
        ConflictError
            If the batch before was not taught, or the constraints leave nothing to ask.
        """
        check_count("ActiveLearner", "batch_size", self.batch_size)
        X = as_rows(X_pool, "ActiveLearner")
        self._X, self._rows, self._model = X, [], None
        self._asked = np.zeros(int(X.shape[0]), dtype=bool)
        self._taught: dict[int, Any] = {}
        self._embed: Any = None
        rules = [Constraint.parse(text) for text in self.constraints]
        self._policy = replace(as_policy(self.strategy, self.batch_size), constraints=rules)
        self._columns = {name: np.asarray(values) for name, values in (self.columns or {}).items()}
        self._waiting: Batch | None = None
        self._drawn: list[int] = []
        self._guards: tuple[GuardVerdict, ...] = ()
        stops = as_rules(self.stop)
        while not self._asked.all():
            self._waiting, self._row = self._next()
            if not len(self._waiting):
                named = " and ".join(self.constraints)
                raise ConflictError(
                    f"ActiveLearner: the constraints must leave an item to ask, got {named}.", "Drop one."
                )
            yield self._waiting
            if self._waiting is not None:
                raise ConflictError("ActiveLearner: the batch must be taught before the next round.", "Call teach.")
            if any(rule.judge(self.history_).stop for rule in stops):
                return

    def teach(self, batch: Batch, labels: Sequence[Any] | npt.NDArray[Any]) -> None:
        """Take labels of a batch, in its order; None skips an item for good. Retrains.

        Raises
        ------
        InputError
            If the number of labels differs from the batch.
        ConflictError
            If it is not the batch that is waiting.
        """
        if self._waiting is None or batch is not self._waiting:
            raise ConflictError("ActiveLearner: teach must get the batch that is waiting.", "Teach each batch once.")
        if len(labels) != len(batch):
            raise complain("ActiveLearner", "labels", f"of length {len(batch)}, like the batch", len(labels))
        given = {int(item): label for item, label in zip(batch.indices, labels, strict=True) if label is not None}
        both = self._taught | given
        if both:
            read_targets(list(both.values()), self.estimator, "ActiveLearner")  # refuse before anything changes
        self._taught, self._waiting = both, None
        self._asked[batch.indices] = True
        self._drawn += [int(item) for item in batch.indices[batch.kind == RANDOM] if int(item) in given]
        started = perf_counter()
        state = self._state()
        self._model = steps.fit(state, steps.resolve(state))
        missing = float("nan")
        self._rows.append(
            self._row
            | {"round": len(self._rows) + 1, "n_labels": len(both), "cost": float(len(both)), "value": missing}
            | {"low": missing, "high": missing, "n_reserve": 0, "n_skipped": len(batch) - len(given)}
            | {"fit_seconds": perf_counter() - started}
        )

    @property
    def model_(self) -> Any:
        """The fitted estimator (our model where a name was given); None before the first label."""
        return getattr(self._model, "estimator_", self._model)

    @property
    def history_(self) -> pd.DataFrame:
        """A row a round; value, low and high are NaN: nothing is held back to measure on."""
        import pandas as pd

        return pd.DataFrame(self._rows, columns=list(COLUMNS))

    def _next(self) -> tuple[Batch, dict[str, Any]]:
        started = perf_counter()
        state = self._state()
        labels = steps.resolve(state)
        predictions = None if self._model is None else steps.predict(state, self._model)
        verdict = steps.watch(state, labels)
        if verdict is not None:
            self._guards = (*self._guards, verdict)
        slots = steps.rank(replace(state, guards=self._guards), labels, predictions, self._model)
        batch = Batch(slots.item_idx, slots.kind, slots.score, slots.propensity, slots.reasons)
        share = share_of(self._policy.random_share, self._guards)
        why = slots.why if verdict is None else f"{slots.why}; {verdict.reason}".removeprefix("; ")
        row = {"mode": slots.mode, "why": why, "random_share": share, "select_seconds": perf_counter() - started}
        return batch, row

    def _state(self) -> State:
        """The state of the moment; the task follows from the labels seen so far."""
        items = sorted(self._taught)
        if items:
            task, y, values = read_targets([self._taught[i] for i in items], self.estimator, "ActiveLearner")
        else:
            number = kind_of_estimator(self.estimator) == "regressor"
            task = make_task("regression", {}) if number else make_task("classification", plain_schema(2))
            y, values = np.empty(0), None
        if self._embed is None:
            self._embed = embed_of(self._X, self.estimator)
        return State(
            task,
            self._X,
            pool=~self._asked | np.isin(np.arange(len(self._asked)), items),
            reserve=np.zeros(len(self._asked), dtype=bool),
            item_idx=np.array(items, dtype=np.int64),
            person=["you"] * len(items),
            answer=task.decode(y),
            policy=self._policy,
            model=as_model(self.estimator, task, values),
            seed=self.random_state,
            embed=self._embed,
            drawn=np.array(self._drawn, dtype=np.int64),
            guards=self._guards,
            columns=self._columns,
        )


def as_policy(strategy: str | Strategy, batch_size: int) -> Policy:
    """A policy for one batch at a time, without reserve, with the strategy's own random share."""
    made = strategy if isinstance(strategy, Strategy) else make_strategy(strategy)
    return Policy(made, batch_size, made.random_share, reserve_share=0.0, n_slots=batch_size)


def as_rules(stop: StoppingRule | Sequence[StoppingRule] | None) -> tuple[StoppingRule, ...]:
    """One rule, several or none as a tuple."""
    if stop is None:
        return ()
    return (stop,) if isinstance(stop, StoppingRule) else tuple(stop)
