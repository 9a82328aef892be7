"""What a label is: the contract of every kind of label."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_one_of, complain
from labelwright.tasks.predictions import Form, Predictions

Answer = dict[str, Any]
Cell = str | float | int | None
Scorer = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Resolved:
    """Several people's answers to one item as one label.

    ``confidence`` is in [0, 1], 1 where all agree. ``posterior`` is plain JSON: what the task
    knows beyond the answer, such as the share of each class.
    """

    answer: Answer
    confidence: float
    posterior: dict[str, Any]


class Task(ABC):
    """One kind of label: its schema, answers, arithmetic and metrics.

    A new kind is one file in this room and one folder of the web app. No other code asks which task
    it has; what differs between kinds is a method here.

    Parameters
    ----------
    schema : mapping
        Plain JSON; its keys are the task's own. Label ids are stored, names are shown.

    Attributes
    ----------
    form : str
        The form of its predictions, see `Predictions`.
    view : str
        The editor that the web app mounts.
    metrics : tuple of str
        What it can be measured by; the first is the default.
    mean_metrics : frozenset of str
        Those that are a mean over items, so that `losses` gives each item's part.
    lower_metrics : frozenset of str
        Those where lower is better.
    doubts_draws : bool
        Whether `doubt` needs the draws of a committee.
    doubt_guides : bool
        Whether asking where doubt is high was found to beat chance; else the default strategy covers the pool.
    """

    name: ClassVar[str]
    form: ClassVar[Form]
    view: ClassVar[str]
    metrics: ClassVar[tuple[str, ...]]
    mean_metrics: ClassVar[frozenset[str]]
    lower_metrics: ClassVar[frozenset[str]] = frozenset()
    doubts_draws: ClassVar[bool] = False
    doubt_guides: ClassVar[bool] = True

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema: dict[str, Any] = dict(schema)

    # --- answers

    @abstractmethod
    def validate(self, answer: Answer) -> None:
        """Raise `InputError` unless the answer is one of this task."""

    @abstractmethod
    def parse(self, cell: Cell) -> Answer | None:
        """Read an imported cell, where labels stand by name; blank is None."""

    @classmethod
    @abstractmethod
    def guess(cls, cells: Iterable[Cell], *, keep_order: bool = False) -> dict[str, Any]:
        """Make a schema that fits imported cells; sorted, or in the order given."""

    @abstractmethod
    def describe(self, answer: Answer) -> str:
        """The answer in words, for people."""

    @abstractmethod
    def distance(self, a: Answer, b: Answer) -> float:
        """How far two answers are apart: symmetric, 0 for equal ones, at most 1."""

    @abstractmethod
    def merge(self, answers: Sequence[Answer]) -> Resolved:
        """Make one label of one or more people's answers, in the order they came."""

    # --- arrays

    @property
    @abstractmethod
    def n_outputs(self) -> int:
        """Columns of the predictions (1 for a number)."""

    @abstractmethod
    def encode(self, answers: Sequence[Answer]) -> npt.NDArray[Any]:
        """Answers as a target array y with one row an item."""

    @abstractmethod
    def decode(self, y: npt.NDArray[Any]) -> list[Answer]:
        """The inverse of `encode`."""

    @abstractmethod
    def answer(self, predictions: Predictions) -> npt.NDArray[Any]:
        """The y that the predictions favour."""

    @abstractmethod
    def classes_seen(self, y: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        """Which outputs occur in y, as positions in the schema, sorted."""

    @abstractmethod
    def teachable(self, y: npt.NDArray[Any]) -> bool:
        """Whether y varies, so that a model of it can say which items it doubts."""

    @abstractmethod
    def doubt(self, predictions: Predictions) -> Floats:
        """How unsure the model is of each item, (n_items,), at least 0; higher is less sure."""

    def scored(self, score: Scorer, proba: Floats, over: str = "mean") -> Floats:
        """Apply a score made for class probabilities to this task's predictions, (n_items,).

        Parameters
        ----------
        score : callable
            Takes class probabilities, or a committee's draws of them.
        proba : array of shape (n_items, n_outputs), or draws of shape (n_draws, n_items, n_outputs)
        over : {"mean", "max"}
            How an item of several labels combines the scores of its labels.
        """
        raise complain("tasks", "the task", "one with probabilities", f"'{self.name}'", "Choose another strategy.")

    # --- metrics

    @property
    def default_metric(self) -> str:
        """The metric used where none is named."""
        return self.metrics[0]

    def higher_is_better(self, metric: str) -> bool:
        """Whether more of the metric is better.

        Raises
        ------
        InputError
            If the task has no such metric.
        """
        check_one_of(self.name, "metric", metric, self.metrics)
        return metric not in self.lower_metrics

    def losses(self, metric: str, y: npt.NDArray[Any], predictions: Predictions) -> npt.NDArray[np.float64]:
        """Each item's part of a metric that is a mean over items, (n_items,).

        Raises
        ------
        InputError
            If the metric is not such a mean.
        """
        check_one_of(self.name, "metric", metric, self.mean_metrics, "Use score for the others.")
        return self._losses(metric, y, predictions)

    def score(self, metric: str, y: npt.NDArray[Any], predictions: Predictions) -> float:
        """The metric over all items given.

        Raises
        ------
        InputError
            If the task has no such metric, or there is no item.
        """
        check_one_of(self.name, "metric", metric, self.metrics)
        if not len(y):
            raise complain(self.name, "y", "of one item or more", "none")
        if metric in self.mean_metrics:
            return float(self._losses(metric, y, predictions).mean())
        return self._score(metric, y, predictions)

    @abstractmethod
    def _losses(self, metric: str, y: npt.NDArray[Any], predictions: Predictions) -> npt.NDArray[np.float64]: ...

    @abstractmethod
    def _score(self, metric: str, y: npt.NDArray[Any], predictions: Predictions) -> float: ...


def only_key(task: str, answer: object, key: str) -> Any:
    """The answer's single value, or an `InputError` that shows the form it must have."""
    if not isinstance(answer, dict) or set(answer) != {key}:
        got = sorted(answer) if isinstance(answer, dict) else repr(answer)
        raise complain(task, "answer", f"an object with the one key '{key}'", got)
    return answer[key]


def is_blank(cell: object) -> bool:
    """None, NaN and white space hold no answer."""
    return cell is None or (isinstance(cell, str) and not cell.strip()) or (isinstance(cell, float) and cell != cell)
