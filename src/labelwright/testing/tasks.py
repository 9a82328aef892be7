"""Checks for a kind of label."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from labelwright.errors import InputError
from labelwright.tasks import Answer, Predictions, Task

Check = Callable[[Task, Sequence[Answer]], None]


def check_task(task: Task, answers: Sequence[Answer]) -> None:
    """Run all checks on a task, with some distinct valid answers of it."""
    for check in TASK_CHECKS:
        check(task, answers)


def states_itself(task: Task, answers: Sequence[Answer]) -> None:
    """A form, a view, metrics; the schema is JSON."""
    assert task.form in ("classes", "labels", "value") and task.view and task.default_metric == task.metrics[0]
    assert task.mean_metrics <= set(task.metrics) and task.lower_metrics <= set(task.metrics)
    assert json.loads(json.dumps(task.schema)) == task.schema


def valid_answers_pass(task: Task, answers: Sequence[Answer]) -> None:
    """Answers are JSON, are accepted and can be said in words; others are refused."""
    for answer in answers:
        task.validate(json.loads(json.dumps(answer)))
        assert isinstance(task.describe(answer), str)
    nothing: list[Any] = [None, True, float("nan"), {}, [[]]]
    bad: list[Any] = [{}, None, [], "x", {"nonsense": 1}, answers[0] | {"more": 1}]
    for answer in [*bad, *({key: value} for key in answers[0] for value in nothing)]:
        try:
            task.validate(answer)
        except InputError:
            continue
        raise AssertionError(f"{answer!r} was accepted")


def encode_and_decode(task: Task, answers: Sequence[Answer]) -> None:
    """One row an answer, and back."""
    y = task.encode(answers)
    assert len(y) == len(answers) and task.decode(y) == list(answers)
    assert len(task.encode([])) == 0 and task.decode(task.encode([])) == []


def distance_is_one(task: Task, answers: Sequence[Answer]) -> None:
    """Symmetric, within [0, 1], 0 just for equal answers."""
    for a, b in itertools.product(answers, repeat=2):
        assert task.distance(a, b) == task.distance(b, a) and 0 <= task.distance(a, b) <= 1
        assert (task.distance(a, b) == 0) == (a == b)


def merge_agrees(task: Task, answers: Sequence[Answer]) -> None:
    """One answer, or equal ones, merge to themselves with confidence 1; others with less; always a valid answer."""
    for answer in answers:
        for times in (1, 3):
            merged = task.merge([answer] * times)
            assert merged.answer == answer and merged.confidence == 1
    for some in itertools.permutations(answers, min(3, len(answers))):
        merged = task.merge(some)
        task.validate(merged.answer)
        assert 0 <= merged.confidence < 1 and json.loads(json.dumps(merged.posterior)) == merged.posterior


def blank_is_none(task: Task, answers: Sequence[Answer]) -> None:
    """Blank cells hold no answer."""
    assert [task.parse(cell) for cell in (None, "", "  ", float("nan"))] == [None] * 4


def perfect_beats_wrong(task: Task, answers: Sequence[Answer]) -> None:
    """Each metric rates right predictions above wrong ones; a mean is the mean of its parts."""
    y = task.encode(list(answers) * 3)
    right, wrong = _saying(task, y), _saying(task, np.roll(y, 1, axis=0))
    for metric in task.metrics:
        good, bad = task.score(metric, y, right), task.score(metric, y, wrong)
        assert good > bad if task.higher_is_better(metric) else good < bad, metric
        if metric in task.mean_metrics:
            assert np.isclose(task.losses(metric, y, wrong).mean(), bad)


def storage_is_exact(task: Task, answers: Sequence[Answer]) -> None:
    """What was stored once is stored the same again."""
    rng = np.random.default_rng(0)
    raw = rng.random((3, 50, task.n_outputs)).astype(np.float32)
    if task.form == "classes":
        raw /= raw.sum(axis=2, keepdims=True)
    raw = raw[:, :, 0] if task.form == "value" else raw
    once = Predictions(task.form, raw[0], raw[1:]).quantised()
    twice = Predictions.from_arrays(task.form, once.to_arrays())
    assert once.draws is not None and twice.draws is not None
    assert (once.values == twice.values).all() and (once.draws == twice.draws).all()
    assert np.abs(once.values - raw[0]).max() < 1e-4


def _saying(task: Task, y: Any) -> Predictions:
    """Predictions that favour y clearly."""
    if task.form == "value":
        return Predictions("value", y.astype(np.float32))
    hot = y.astype(np.float32) if y.ndim == 2 else np.eye(task.n_outputs, dtype=np.float32)[y]
    sure = 0.8 * hot + (0.1 if task.form == "labels" else 0.2 / task.n_outputs)
    return Predictions(task.form, sure.astype(np.float32))


TASK_CHECKS: tuple[Check, ...] = (
    states_itself, valid_answers_pass, encode_and_decode, distance_is_one, merge_agrees, blank_is_none,
    perfect_beats_wrong, storage_is_exact,
)  # fmt: skip
