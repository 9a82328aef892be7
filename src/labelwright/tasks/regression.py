"""A number an item."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from labelwright.check import MAX_MAGNITUDE, Floats, check_between, check_magnitude, complain
from labelwright.kernels.variance import variance
from labelwright.tasks.base import Answer, Cell, Resolved, is_blank, only_key
from labelwright.tasks.dense import DenseTask, dense
from labelwright.tasks.metrics import Metric, Options
from labelwright.tasks.number_metrics import NAMES, number_metric
from labelwright.tasks.predictions import Predictions
from labelwright.tasks.targets import Numbers, Target


class Regression(DenseTask):
    """A number with optional bounds, step and unit: ``{"value": 3.2}``.

    Examples
    --------
    >>> task = Regression({"min": 0, "max": 10, "unit": "cm"})
    >>> task.parse("3.5"), task.describe({"value": 3.5})
    ({'value': 3.5}, '3.5 cm')
    >>> task.distance({"value": 2.0}, {"value": 7.0})
    0.5
    >>> task.merge([{"value": 2.0}, {"value": 3.0}, {"value": 9.0}]).answer
    {'value': 3.0}
    """

    name: ClassVar[str] = "regression"
    target: ClassVar[Target] = Numbers()
    ndim: ClassVar[int] = 1
    view: ClassVar[str] = "regression"
    metrics: ClassVar[tuple[str, ...]] = ("mae", "rmse", "r2")
    mean_metrics: ClassVar[frozenset[str]] = frozenset({"mae"})
    further_metrics: ClassVar[tuple[str, ...]] = NAMES
    lower_metrics: ClassVar[frozenset[str]] = frozenset({"mae", "rmse"})
    doubts_draws: ClassVar[bool] = True
    doubt_guides: ClassVar[bool] = False

    def __init__(self, schema: Mapping[str, Any]) -> None:
        super().__init__(schema)
        for key in ("min", "max", "step"):
            if schema.get(key) is not None:
                check_between(self.name, f"schema {key}", schema[key], -math.inf, math.inf)
        self.low = -math.inf if schema.get("min") is None else float(schema["min"])
        self.high = math.inf if schema.get("max") is None else float(schema["max"])
        self.unit = str(schema.get("unit") or "")
        if not self.low < self.high:
            raise complain(self.name, "schema min", f"below max {self.high:g}", f"{self.low:g}")
        if schema.get("step") is not None and not 0 < float(schema["step"]) < math.inf:
            raise complain(self.name, "schema step", "above 0", schema["step"])

    def validate(self, answer: Answer) -> None:
        value = only_key(self.name, answer, "value")
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise complain(self.name, "value", "a number", repr(value))
        check_magnitude(self.name, "value", value)
        check_between(self.name, "value", value, self.low, self.high)

    def parse(self, cell: Cell) -> Answer | None:
        if is_blank(cell):
            return None
        if isinstance(cell, int):
            check_magnitude(self.name, "cell", cell)  # a float holds no larger integer
        try:
            answer: Answer = {"value": float(cell)}  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise complain(self.name, "cell", "a number", repr(cell)) from None
        self.validate(answer)
        return answer

    @classmethod
    def guess(cls, cells: Iterable[Cell], *, keep_order: bool = False) -> dict[str, Any]:
        """A schema without bounds, because future values may lie outside those seen."""
        task = cls({})
        for cell in cells:
            task.parse(cell)
        return {}

    def describe(self, answer: Answer) -> str:
        return f"{number_of(answer):g} {self.unit}".rstrip()

    def distance(self, a: Answer, b: Answer) -> float:
        """|a - b| over the range, or over |a| + |b| where the range is not known."""
        one, two = number_of(a), number_of(b)
        span = self.high - self.low if math.isfinite(self.high - self.low) else abs(one) + abs(two)
        return min(1.0, abs(one - two) / span) if span else 0.0

    def merge(self, answers: Sequence[Answer]) -> Resolved:
        """The median; confidence is one minus the mean distance to it."""
        if not answers:
            raise complain(self.name, "answers", "one or more", "none")
        values = self.encode(answers)
        middle: Answer = {"value": float(np.median(values))}
        far = math.fsum(self.distance(answer, middle) for answer in answers) / len(answers)
        return Resolved(middle, 1 - far, {"low": float(values.min()), "high": float(values.max()), "n": len(values)})

    @property
    def n_outputs(self) -> int:
        return 1

    def encode(self, answers: Sequence[Answer]) -> npt.NDArray[np.float64]:
        """The numbers, within `MAX_MAGNITUDE` also where an earlier version took in more."""
        numbers = np.fromiter((number_of(a) for a in answers), dtype=np.float64, count=len(answers))
        return np.clip(numbers, -MAX_MAGNITUDE, MAX_MAGNITUDE)

    def decode(self, y: npt.NDArray[Any]) -> list[Answer]:
        return [{"value": float(value)} for value in y]

    def answer(self, predictions: Predictions) -> npt.NDArray[Any]:
        return dense(predictions).values

    def classes_seen(self, y: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        return np.zeros(min(len(y), 1), dtype=np.int64)

    def teachable(self, y: npt.NDArray[Any]) -> bool:
        return len(y) > 2 and bool((y != y[0]).any())

    def doubt(self, predictions: Predictions) -> Floats:
        """The standard deviation of the committee's draws, in the unit of the target."""
        draws = dense(predictions).draws
        if draws is None:
            raise complain(self.name, "draws", "given", "None", "Ask the model for a committee (n_draws).")
        return np.sqrt(variance(draws))

    def _store(self, values: Floats, version: int) -> npt.NDArray[np.float32]:
        return np.asarray(values, dtype=np.float32)

    def _restore(self, stored: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        return np.asarray(stored, dtype=np.float32)

    def _losses(self, metric: str, y: npt.NDArray[Any], predictions: Predictions) -> npt.NDArray[np.float64]:
        return np.asarray(np.abs(dense(predictions).values.astype(np.float64) - y))

    def _further(self, name: str, options: Options) -> Metric | None:
        return number_metric(name)


def number_of(answer: Answer) -> float:
    """The number that an answer holds."""
    value = answer["value"]
    assert isinstance(value, int | float)
    return float(value)
