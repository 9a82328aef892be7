"""Any number of labels an item."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.check import Floats, check_one_of, complain
from labelwright.kernels.blocks import blocks
from labelwright.scores.diversity import label_by_label
from labelwright.tasks.base import Answer, Cell, Resolved, Scorer, is_blank, only_key
from labelwright.tasks.dense import DenseTask, dense
from labelwright.tasks.labels import LabelSet, text_of
from labelwright.tasks.marks_metrics import NAMES, marks_metric
from labelwright.tasks.metrics import Metric, Options
from labelwright.tasks.predictions import Predictions
from labelwright.tasks.quantising import quantise_numbers, restore
from labelwright.tasks.targets import Marks, Target


class Multilabel(DenseTask):
    """A set of labels, possibly empty: ``{"labels": ["l_1", "l_3"]}``.

    Examples
    --------
    >>> task = Multilabel(Multilabel.guess(["a|b", "c"]))
    >>> task.parse("c; a")
    {'labels': ['l_1', 'l_3']}
    >>> task.encode([{"labels": ["l_1", "l_3"]}])
    array([[1, 0, 1]], dtype=int8)
    >>> task.distance({"labels": ["l_1"]}, {"labels": ["l_1", "l_3"]})
    0.5
    """

    name: ClassVar[str] = "multilabel"
    target: ClassVar[Target] = Marks()
    view: ClassVar[str] = "multilabel"
    metrics: ClassVar[tuple[str, ...]] = ("micro-f1", "macro-f1", "hamming-accuracy")
    mean_metrics: ClassVar[frozenset[str]] = frozenset({"hamming-accuracy"})
    further_metrics: ClassVar[tuple[str, ...]] = NAMES

    def __init__(self, schema: Mapping[str, Any]) -> None:
        super().__init__(schema)
        self.labels = LabelSet.of(self.name, schema)

    def validate(self, answer: Answer) -> None:
        labels = only_key(self.name, answer, "labels")
        if not isinstance(labels, list):
            raise complain(self.name, "labels", "a list of label ids", repr(labels))
        for label in labels:
            self.labels.check_id(label)
        if len(set(labels)) < len(labels):
            raise complain(self.name, "labels", "distinct", repr(labels))

    def parse(self, cell: Cell) -> Answer | None:
        if is_blank(cell):
            return None
        return {"labels": [*self._sorted({self.labels.id_of(name) for name in _split(cell)})]}

    @classmethod
    def guess(cls, cells: Iterable[Cell], *, keep_order: bool = False) -> dict[str, Any]:
        return LabelSet.guess((name for cell in cells if not is_blank(cell) for name in _split(cell)), keep_order)

    def current(self, answer: Answer) -> Answer | None:
        return self.labels.changed.current(answer)

    def describe(self, answer: Answer) -> str:
        names = dict.fromkeys(self.labels.name_of(label) for label in labels_of(answer))  # merged ones once
        return ", ".join(names) or "none"

    def distance(self, a: Answer, b: Answer) -> float:
        """One minus Jaccard's index: 0 for equal sets, 1 for sets with nothing in common."""
        now = self.labels.changed.now
        one, two = set(map(now, labels_of(a))), set(map(now, labels_of(b)))
        return 1 - len(one & two) / len(one | two) if one | two else 0.0

    def merge(self, answers: Sequence[Answer]) -> Resolved:
        """Each label by majority, ties by the earliest answer; confidence is the mean agreement."""
        if not answers:
            raise complain(self.name, "answers", "one or more", "none")
        share = self.encode(answers).mean(axis=0)  # (n_labels,)
        yes = np.where(share == 0.5, self.encode(answers[:1])[0] == 1, share > 0.5)
        confidence = float(np.where(yes, share, 1 - share).mean()) if len(share) else 1.0
        posterior = {label: float(part) for label, part in zip(self.labels.ids, share, strict=True) if part > 0}
        return Resolved(self.decode(yes[None, :])[0], confidence, posterior)

    @property
    def n_outputs(self) -> int:
        return len(self.labels)

    def encode(self, answers: Sequence[Answer]) -> npt.NDArray[np.int8]:
        y = np.zeros((len(answers), self.n_outputs), dtype=np.int8)
        for row, answer in zip(y, answers, strict=True):
            row[[self.labels.index(label) for label in labels_of(answer)]] = 1
        return y

    def decode(self, y: npt.NDArray[Any]) -> list[Answer]:
        return [{"labels": [self.labels.ids[k] for k in np.flatnonzero(row)]} for row in y]

    def answer(self, predictions: Predictions) -> npt.NDArray[Any]:
        return (dense(predictions).values >= 0.5).astype(np.int8)

    def classes_seen(self, y: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        return np.flatnonzero(y.any(axis=0)).astype(np.int64)

    def teachable(self, y: npt.NDArray[Any]) -> bool:
        return len(y) > 0 and bool((y != y[0]).any())

    def doubt(self, predictions: Predictions) -> Floats:
        """The mean over labels of 1 - |2 p - 1|: 1 if every label has probability 0.5."""
        return np.asarray((1 - np.abs(2 * dense(predictions).values - 1)).mean(axis=1))

    def confidence(self, predictions: Predictions) -> Floats:
        """The mean over labels of the probability of the mark that is favoured."""
        proba = dense(predictions).values
        return np.asarray(np.maximum(proba, 1 - proba).mean(axis=1))

    def matches(self, predictions: Predictions) -> bool:
        return bool(dense(predictions).values.shape[1] == self.n_outputs)

    def votes(self, draws: Floats) -> Floats:
        return label_by_label(draws)

    def scored(self, score: Scorer, predictions: Predictions, over: str = "mean") -> Floats:
        """The mean or the largest over labels of the score of each label's yes and no."""
        return self._by_label(score, dense(predictions).values, over)

    def scored_draws(self, score: Scorer, draws: Floats) -> Floats:
        return self._by_label(score, draws, "mean")

    def _store(self, values: Floats, version: int) -> npt.NDArray[np.uint16]:
        return quantise_numbers(values)

    def _restore(self, stored: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        return restore(stored)

    def _by_label(self, score: Scorer, proba: Floats, over: str) -> Floats:
        check_one_of(self.name, "over", over, ("mean", "max"))
        *n_draws, n_items, n_labels = proba.shape
        parts = []
        for cut in blocks(n_items, 2 * proba.itemsize * n_labels * math.prod(n_draws) + 1):
            yes = proba[..., cut, :]
            pairs = np.stack([yes, 1 - yes], axis=-1).reshape(*n_draws, -1, 2)  # (..., n_some * n_labels, 2)
            scores = score(pairs).reshape(-1, n_labels)
            both = scores.max(axis=1) if over == "max" else scores.mean(axis=1, dtype=np.float64)
            parts.append(both.astype(np.float32))  # so that equal means tie, in whatever order they were summed
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.float32)

    def _losses(self, metric: str, y: npt.NDArray[Any], predictions: Predictions) -> npt.NDArray[np.float64]:
        return np.asarray((self.answer(predictions) == y).mean(axis=1, dtype=np.float64))

    def _further(self, name: str, options: Options) -> Metric | None:
        return marks_metric(name, options, {text: k for k, text in enumerate(self.labels.names)})

    def _sorted(self, labels: set[str]) -> list[str]:
        return sorted(labels, key=self.labels.position.__getitem__)


def _split(cell: Cell) -> list[str]:
    if isinstance(cell, str) and cell.strip().startswith("["):
        try:
            names = json.loads(cell)
        except json.JSONDecodeError:
            raise complain("multilabel", "cell", "a JSON list, or names between | or ;", repr(cell)) from None
        return [text_of(name) for name in names]
    if isinstance(cell, str):
        return [name for part in re.split(r"[|;]", cell) if (name := part.strip())]
    return [text_of(cell)]


def labels_of(answer: Answer) -> list[str]:
    """The ids of the labels that an answer holds."""
    labels = answer["labels"]
    assert isinstance(labels, list)
    return [str(label) for label in labels]
