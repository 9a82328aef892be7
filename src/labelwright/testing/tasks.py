"""Checks for a kind of label."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from labelwright.errors import InputError
from labelwright.tasks import QUANTISER, Answer, Predictions, Task

Check = Callable[[Task, Sequence[Answer]], None]


def check_task(task: Task, answers: Sequence[Answer]) -> None:
    """Run all checks on a task, with some distinct valid answers of it."""
    for check in TASK_CHECKS:
        check(task, answers)


def states_itself(task: Task, answers: Sequence[Answer]) -> None:
    """A view, metrics; the schema is JSON."""
    assert task.view and task.default_metric == task.metrics[0]
    assert task.mean_metrics <= set(task.metrics) and task.lower_metrics <= set(task.metrics)
    assert json.loads(json.dumps(task.schema)) == task.schema


def valid_answers_pass(task: Task, answers: Sequence[Answer]) -> None:
    """Valid answers are JSON, are accepted and can be described; others are refused."""
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
    """Storing restored predictions changes nothing, also in blocks; each version of rounding is close."""
    y = task.encode(list(answers) * 20)
    draws = np.stack([task.proba(_saying(task, np.roll(y, k, axis=0))) for k in (0, 1)])
    predictions = task.with_draws(_saying(task, y), draws)
    for version in range(1, QUANTISER + 1):
        arrays = task.pack(predictions, version)
        once = task.unpack(arrays)
        again = task.pack(once, version)
        assert set(arrays) == set(again) and all((arrays[name] == again[name]).all() for name in arrays)
        assert np.abs(task.proba(once) - task.proba(predictions)).max() < 1e-4
        assert len(once) == len(y) and task.matches(once)
    halves = task.concatenate([task.take(predictions, slice(0, 20)), task.take(predictions, np.arange(20, len(y)))])
    whole, parts = task.pack(predictions), task.pack(halves)
    assert set(whole) == set(parts) and all((whole[name] == parts[name]).all() for name in whole)
    sure = task.confidence(predictions)
    assert sure.shape == (len(y),) and (np.isnan(sure) | ((sure >= 0) & (sure <= 1))).all()


def _saying(task: Task, y: Any) -> Predictions:
    """Predictions that clearly favour y."""
    n = task.n_outputs
    return task.target.pick(codes=_codes_said, marks=_marks_said, numbers=_numbers_said)(task, y, n)


def _codes_said(task: Task, y: Any, n_outputs: int) -> Predictions:
    return task.predictions((0.8 * np.eye(n_outputs)[y] + 0.2 / n_outputs).astype(np.float32))


def _marks_said(task: Task, y: Any, n_outputs: int) -> Predictions:
    return task.predictions((0.8 * y + 0.1).astype(np.float32))


def _numbers_said(task: Task, y: Any, n_outputs: int) -> Predictions:
    return task.predictions(y.astype(np.float32))


TASK_CHECKS: tuple[Check, ...] = (
    states_itself, valid_answers_pass, encode_and_decode, distance_is_one, merge_agrees, blank_is_none,
    perfect_beats_wrong, storage_is_exact,
)  # fmt: skip
