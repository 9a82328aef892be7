"""The contract of every kind of label."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, Ints, check_finite, complain
from labelwright.errors import InputError
from labelwright.plain import Json, JsonObject
from labelwright.tasks.measured import Measure, Measured
from labelwright.tasks.metrics import Metric
from labelwright.tasks.predictions import QUANTISER, Predictions
from labelwright.tasks.targets import NoTarget, Target

Answer = JsonObject
Cell = object
"""A cell of a file may hold anything; ``Task.parse`` says what it takes."""
Scorer = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Resolved:
    """Several people's answers to one item as one label.

    ``confidence`` is in [0, 1], 1 where all agree. ``posterior`` holds further figures by name, such as the share of
    each class.
    """

    answer: Answer
    confidence: float
    posterior: dict[str, float]


class Task(Measured):
    """One kind of label: its schema, answers, predictions, arithmetic and metrics.

    A new kind is one file in this package and one folder of the web app. No other code asks which task it has; what
    differs between kinds is a method here. A task with the same numbers for every item derives from
    `labelwright.tasks.dense.DenseTask`, which has most of the methods for predictions.

    Parameters
    ----------
    schema : mapping
        Plain JSON; its keys are the task's own. Label ids are stored, names are shown.

    Attributes
    ----------
    target : Target
        The target array for learners; `NoTarget` if only models of its own can learn it.
    view : str
        The editor that the web app mounts.
    metrics : tuple of str
        Names of the metrics that are measured after each training; the first is the default. `metric` knows more.
    mean_metrics : frozenset of str
        Those that are a mean over items, so that `losses` gives each item's part.
    lower_metrics : frozenset of str
        Those where lower is better.
    doubts_draws : bool
        Whether `doubt` needs the draws of a committee.
    doubt_guides : bool
        Whether asking where doubt is high was found to beat random sampling; else the default strategy covers the
        pool.
    offers : frozenset of str
        Evidence that strategies can have of it, see `labelwright.strategies.Strategy`, beside the strategies that name
        the task: "margin" and "scored" where `scored` is defined, "doubt", and "embed".
    further_metrics : tuple of str
        Names of metrics that are measured where they are asked for; see `metric`.
    measures : dict of str to Metric
        Metrics that were added, by name; a plain function of y and predictions counts as one that is better if greater.
    one_class : bool
        Whether each item has exactly one of several classes, so that a class can be rare.
    """

    target: ClassVar[Target] = NoTarget()
    view: ClassVar[str]
    doubts_draws: ClassVar[bool] = False
    doubt_guides: ClassVar[bool] = True
    offers: ClassVar[frozenset[str]] = frozenset()
    one_class: ClassVar[bool] = False

    def __init__(self, schema: Mapping[str, Json]) -> None:
        self.schema: JsonObject = dict(schema)
        self.measures: dict[str, Metric | Measure] = {}

    # --- answers

    @abstractmethod
    def validate(self, answer: Answer) -> None:
        """Raise `InputError` unless the answer is one of this task."""

    @abstractmethod
    def parse(self, cell: Cell) -> Answer | None:
        """Read an imported cell, which holds names of labels; a blank cell is None."""

    @classmethod
    @abstractmethod
    def guess(cls, cells: Iterable[Cell], *, keep_order: bool = False) -> JsonObject:
        """Make a schema that fits imported cells; sorted, or in the order given."""

    def current(self, answer: Answer) -> Answer | None:
        """What an answer that was given under this or an earlier schema says now; None if it says nothing any more.

        Labels that were merged are the ones they became. An answer that names a label that was split says nothing.
        """
        return answer

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
        """Whether y varies, so that a model of it can tell items apart."""

    # --- predictions

    @abstractmethod
    def pack(self, predictions: Predictions, version: int = QUANTISER) -> dict[str, npt.NDArray[Any]]:
        """The predictions as named arrays to store; probabilities as uint16 fixed point.

        Parameters
        ----------
        version : int
            Of the rounding, see `labelwright.tasks.quantising`; a cycle is replayed with the version that it began
            with.
        """

    @abstractmethod
    def unpack(self, arrays: Mapping[str, npt.NDArray[Any]]) -> Predictions:
        """Read stored arrays (also memory maps) back; the same bits on every read, whatever the version."""

    def quantised(self, predictions: Predictions, version: int = QUANTISER) -> Predictions:
        """The predictions as they are read back from storage; applying it twice gives the same result as once."""
        return self.unpack(self.pack(predictions, version))

    @abstractmethod
    def take(self, predictions: Predictions, idx: Ints | slice) -> Predictions:
        """The predictions of some items, in the order asked for."""

    @abstractmethod
    def concatenate(self, parts: Sequence[Predictions]) -> Predictions:
        """The predictions of several blocks of items as one; one block at least."""

    @abstractmethod
    def doubt(self, predictions: Predictions) -> Floats:
        """How unsure the model is of each item, (n_items,), at least 0; higher is less sure."""

    def confidence(self, predictions: Predictions) -> Floats:
        """How sure the model is of the answer that it favours, (n_items,), in [0, 1]; NaN where it cannot tell."""
        return np.full(len(predictions), np.nan)

    def check(self, who: str, what: str, predictions: Predictions) -> None:
        """Refuse predictions that are not finite."""
        check_finite(who, what, predictions.numbers)

    def matches(self, predictions: Predictions) -> bool:
        """Whether the predictions were made under a schema with as many outputs as this one."""
        return True

    def predictions(self, values: Floats, draws: Floats | None = None) -> Predictions:
        """Make predictions of plain arrays; `InputError` if the task's predictions are no such arrays."""
        raise self._not_arrays("values")

    def proba(self, predictions: Predictions) -> npt.NDArray[Any]:
        """The predictions as one array, (n_items, n_outputs) or (n_items,); `InputError` if they have no such form."""
        raise self._not_arrays("proba")

    def with_draws(self, predictions: Predictions, draws: Floats) -> Predictions:
        """The predictions with the draws of a committee, (n_draws, n_items, ...)."""
        raise self._not_arrays("draws")

    def link(self, raw: Floats) -> Floats:
        """Raw scores of a model as values of predictions, over the last axis."""
        raise self._not_arrays("raw scores")

    def scored(self, score: Scorer, predictions: Predictions, over: str = "mean") -> Floats:
        """Apply a score made for class probabilities to this task's predictions, (n_items,).

        Parameters
        ----------
        score : callable
            Takes class probabilities, (n_items, n_classes).
        predictions : Predictions
        over : {"mean", "max"}
            How an item of several labels combines the scores of its labels.
        """
        raise self._not_arrays("proba")

    def scored_draws(self, score: Scorer, draws: Floats) -> Floats:
        """Apply a score made for a committee's class probabilities to draws, (n_draws, n_items, n_outputs)."""
        raise self._not_arrays("draws")

    def votes(self, draws: Floats) -> Floats:
        """The votes of a committee's members: (n_draws, n_votes, n_classes), or (n_draws, n_items) of numbers."""
        return draws

    def _not_arrays(self, what: str) -> InputError:
        return complain("tasks", f"the task for {what}", "another", f"'{self.name}'", "Choose another strategy.")


def only_key(task: str, answer: object, key: str) -> Any:
    """The answer's single value, or an `InputError` that shows the form it must have."""
    if not isinstance(answer, dict) or set(answer) != {key}:
        got = sorted(answer) if isinstance(answer, dict) else repr(answer)
        raise complain(task, "answer", f"an object with the one key '{key}'", got)
    return answer[key]


def is_blank(cell: object) -> bool:
    """Whether a cell holds no answer: None, NaN or white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip()) or (isinstance(cell, float) and cell != cell)
