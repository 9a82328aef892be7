"""One class an item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, complain
from labelwright.scores.uncertainty import margin
from labelwright.tasks.base import Answer, Cell, Resolved, Scorer, is_blank, only_key
from labelwright.tasks.class_metrics import NAMES, class_metric
from labelwright.tasks.dense import DenseTask, dense
from labelwright.tasks.labels import LabelSet, text_of
from labelwright.tasks.metrics import Metric, Options
from labelwright.tasks.predictions import Predictions
from labelwright.tasks.quantising import STEPS, quantise_distributions, restore
from labelwright.tasks.targets import Codes, Target


class Classification(DenseTask):
    """One of several classes: ``{"label": "l_1"}``.

    Examples
    --------
    >>> task = Classification(Classification.guess(["cat", "dog"]))
    >>> task.parse("dog")
    {'label': 'l_2'}
    >>> task.encode([{"label": "l_2"}, {"label": "l_1"}])
    array([1, 0])
    >>> task.merge([{"label": "l_2"}, {"label": "l_1"}, {"label": "l_2"}]).confidence
    0.6666666666666666
    """

    name: ClassVar[str] = "classification"
    target: ClassVar[Target] = Codes()
    view: ClassVar[str] = "classification"
    metrics: ClassVar[tuple[str, ...]] = ("accuracy", "balanced-accuracy", "macro-f1", "log-loss")
    mean_metrics: ClassVar[frozenset[str]] = frozenset({"accuracy", "log-loss"})
    lower_metrics: ClassVar[frozenset[str]] = frozenset({"log-loss"})
    further_metrics: ClassVar[tuple[str, ...]] = NAMES
    one_class: ClassVar[bool] = True

    def __init__(self, schema: Mapping[str, Any]) -> None:
        super().__init__(schema)
        self.labels = LabelSet.of(self.name, schema)

    def validate(self, answer: Answer) -> None:
        self.labels.check_id(only_key(self.name, answer, "label"))

    def parse(self, cell: Cell) -> Answer | None:
        return None if is_blank(cell) else {"label": self.labels.id_of(text_of(cell))}

    @classmethod
    def guess(cls, cells: Iterable[Cell], *, keep_order: bool = False) -> dict[str, Any]:
        return LabelSet.guess(cells, keep_order)

    def current(self, answer: Answer) -> Answer | None:
        return self.labels.changed.current(answer)

    def describe(self, answer: Answer) -> str:
        return self.labels.name_of(str(answer["label"]))

    def distance(self, a: Answer, b: Answer) -> float:
        now = self.labels.changed.now
        return float(now(str(a["label"])) != now(str(b["label"])))

    def merge(self, answers: Sequence[Answer]) -> Resolved:
        if not answers:
            raise complain(self.name, "answers", "one or more", "none")
        votes = Counter(
            self.labels.changed.now(str(answer["label"])) for answer in answers
        )  # keeps the order of first votes
        label, count = max(votes.items(), key=lambda vote: vote[1])
        return Resolved(
            {"label": label}, count / len(answers), {key: votes[key] / len(answers) for key in sorted(votes)}
        )

    @property
    def n_outputs(self) -> int:
        return len(self.labels)

    def encode(self, answers: Sequence[Answer]) -> npt.NDArray[np.int64]:
        return np.fromiter((self.labels.index(str(a["label"])) for a in answers), dtype=np.int64, count=len(answers))

    def decode(self, y: npt.NDArray[Any]) -> list[Answer]:
        return [{"label": self.labels.ids[int(k)]} for k in y]

    def answer(self, predictions: Predictions) -> npt.NDArray[Any]:
        return np.asarray(dense(predictions).values.argmax(axis=1))

    def classes_seen(self, y: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        return np.unique(y).astype(np.int64)

    def teachable(self, y: npt.NDArray[Any]) -> bool:
        return len(y) > 0 and bool((y != y[0]).any())

    def doubt(self, predictions: Predictions) -> Floats:
        return 1 + margin(dense(predictions).values)

    def confidence(self, predictions: Predictions) -> Floats:
        return np.asarray(dense(predictions).values.max(axis=1))

    def matches(self, predictions: Predictions) -> bool:
        return bool(dense(predictions).values.shape[1] == self.n_outputs)

    def scored(self, score: Scorer, predictions: Predictions, over: str = "mean") -> Floats:
        return score(dense(predictions).values)

    def scored_draws(self, score: Scorer, draws: Floats) -> Floats:
        return score(draws)

    def _store(self, values: Floats, version: int) -> npt.NDArray[np.uint16]:
        return quantise_distributions(values, version)

    def _restore(self, stored: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        return restore(stored)

    def _losses(self, metric: str, y: npt.NDArray[Any], predictions: Predictions) -> npt.NDArray[np.float64]:
        if metric == "accuracy":
            return np.asarray(self.answer(predictions) == y, dtype=np.float64)
        likelihood = dense(predictions).values[np.arange(len(y)), y].astype(np.float64)
        return np.asarray(-np.log(np.maximum(likelihood, 0.5 / STEPS)))  # half a storage step

    def _further(self, name: str, options: Options) -> Metric | None:
        default = self.n_outputs - 1 if self.n_outputs == 2 else None
        return class_metric(name, options, {text: k for k, text in enumerate(self.labels.names)}, default)
