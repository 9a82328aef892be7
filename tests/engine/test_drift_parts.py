"""Each thing that a look compares, on arrays with a change at a known item, and without one."""

from __future__ import annotations

import numpy as np
import pytest

from labelwright.engine.drifting import items, labels
from labelwright.engine.drifting.ordering import Order
from labelwright.engine.drifting.schedule import LEVEL

N = 400


def ordered(n: int = N) -> Order:
    days = [f"2026-{1 + k // 40:02d}-{1 + k % 28:02d}" for k in range(n)]
    return Order(np.arange(n) + 1000, np.array(days, dtype=object), "time")


@pytest.mark.parametrize("changed", [False, True])
def test_columns_name_the_one_that_changed(changed: bool) -> None:
    rng = np.random.default_rng(0)
    cells = [{"size": float(x), "kind": "abc"[int(rng.integers(3))], "other": float(rng.normal())} for x in range(N)]
    for k, row in enumerate(cells):
        row["size"] = float(rng.normal() + 2 * (changed and k >= 250))
    found = items.columns(ordered(), cells, LEVEL)  # type: ignore[arg-type]
    assert found.alarm is changed
    assert sorted(part.name for part in found.parts) == ["kind", "other", "size"]
    if changed:
        assert found.parts[0].name == "size" and found.series[0].name == "column size"
        assert found.onset_item == 1250


@pytest.mark.parametrize("changed", [False, True])
def test_errors_are_dated_by_the_stream(changed: bool) -> None:
    rng = np.random.default_rng(1)
    wrong = rng.random(N) < np.where((np.arange(N) >= 200) & changed, 0.6, 0.1)
    found = labels.errors(ordered(), wrong)
    assert found.alarm is changed and len(found.series[0].points) == 8
    if changed:
        assert found.onset_item is not None and abs(found.onset_item - 1200) <= 15
        assert found.tests[0].effect == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize("changed", [False, True])
def test_a_shift_of_labels_is_estimated_with_its_interval(changed: bool) -> None:
    rng = np.random.default_rng(2)
    share = np.where((np.arange(N) >= 300) & changed, 0.9, 0.4)
    codes = (rng.random(N) < share).astype(np.int64)
    right = np.where(codes == 1, 0.8, 0.2) + rng.normal(scale=0.05, size=N)
    proba = np.column_stack([1 - right, right]).clip(0.01, 0.99)
    proba /= proba.sum(axis=1, keepdims=True)
    found = labels.labels(ordered(), codes, ordered(), proba, ["l_1", "l_2"], LEVEL, 0)
    part = next(one for one in found.parts if one.name == "l_2")
    assert found.alarm is changed and part.low is not None and part.high is not None
    assert part.low <= codes[300:].mean() <= part.high
    assert {one.name for one in found.series} == {"l_1", "l_2"}


def test_a_class_that_the_model_cannot_tell_is_said_to_be_unclear() -> None:
    codes = np.arange(N, dtype=np.int64) % 2
    same = np.full((N, 2), 0.5)
    assert labels.labels(ordered(), codes, ordered(), same, ["l_1", "l_2"], LEVEL, 0).state == "unclear"
    few = labels.labels(ordered(20), codes[:20], ordered(20), same[:20], ["l_1", "l_2"], LEVEL, 0)
    assert (few.state, few.n) == ("few-labels", 20)


def test_predictions_that_change_are_dated() -> None:
    rng = np.random.default_rng(3)
    proba = rng.dirichlet([4, 1], size=N)
    assert not items.predictions(ordered(), proba, LEVEL / 4, np.random.default_rng(0)).alarm
    proba[250:] = proba[250:, ::-1]
    found = items.predictions(ordered(), proba, LEVEL / 4, np.random.default_rng(0))
    assert found.alarm and found.onset_item == 1250
