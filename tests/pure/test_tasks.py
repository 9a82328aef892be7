"""Reading, guessing and merging answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from labelwright import tasks
from labelwright.errors import InputError
from labelwright.tasks import Predictions

ABC = {"labels": [{"id": f"l_{i}", "name": n} for i, n in enumerate("abc", 1)]}


def test_labels_are_guessed_sorted_or_as_given():
    def names(schema):
        return [label["name"] for label in schema["labels"]]

    assert names(tasks.guess("classification", [10, 9.0, "2", None, " ", 9])) == ["2", "9", "10"]
    assert names(tasks.guess("classification", ["b", "a"], keep_order=True)) == ["b", "a"]
    assert names(tasks.guess("multilabel", ["b;a", '["c d", "a"]', "", None])) == ["a", "b", "c d"]
    assert tasks.guess("regression", ["1", 2.5, None]) == {}


def test_cells_are_read_by_name():
    task = tasks.make("classification", tasks.guess("classification", [0, 1, 2]))
    assert [task.parse(cell) for cell in (1, "1", 1.0, " 1 ")] == [{"label": "l_2"}] * 4
    many = tasks.make("multilabel", ABC)
    assert many.parse("c|a") == many.parse('["a", "c", "a"]') == {"labels": ["l_1", "l_3"]}
    assert many.parse("[]") == {"labels": []}
    number = tasks.make("regression", {"min": 0})
    assert number.parse("2.50") == {"value": 2.5}


@pytest.mark.parametrize(("name", "cell", "message"), [
    ("classification", "d", "got 'd'"), ("multilabel", "a|d", "got 'd'"), ("multilabel", "[1", "JSON list"),
    ("regression", "tall", "a number"), ("regression", "-1", "between 0 and"), ("regression", "inf", "finite"),
])  # fmt: skip
def test_what_cannot_be_read_is_named(name, cell, message):
    with pytest.raises(InputError, match=message):
        tasks.make(name, ABC | {"min": 0}).parse(cell)


@pytest.mark.parametrize(("name", "schema"), [
    ("classification", {}), ("classification", {"labels": []}), ("classification", {"labels": ["a"]}),
    ("classification", {"labels": [{"id": "l_1", "name": "a"}, {"id": "l_1", "name": "b"}]}),
    ("multilabel", {"labels": [{"id": "l_1", "name": "a"}, {"id": "l_2", "name": "a "}]}),
    ("regression", {"min": 3, "max": 2}), ("regression", {"step": 0}), ("regression", {"min": "low"}), ("nope", {}),
])  # fmt: skip
def test_bad_schemas_are_refused(name, schema):
    with pytest.raises(InputError, match="must be"):
        tasks.make(name, schema)


def test_an_open_set_may_start_empty():
    assert tasks.make("classification", {"labels": [], "open": True}).n_outputs == 0


def test_a_tie_goes_to_the_earliest_answer():
    a, b = {"label": "l_1"}, {"label": "l_2"}
    task = tasks.make("classification", ABC)
    assert task.merge([b, a]).answer == b and task.merge([a, b]).answer == a
    many = tasks.make("multilabel", ABC)
    assert many.merge([{"labels": ["l_1"]}, {"labels": ["l_2"]}]).answer == {"labels": ["l_1"]}
    assert many.merge([{"labels": ["l_1", "l_2"]}, {"labels": ["l_2"]}, {"labels": []}]).answer == {"labels": ["l_2"]}


values = st.floats(-1e6, 1e6)


@given(st.lists(values, min_size=1, max_size=7))
def test_numbers_merge_to_the_median(numbers):
    task = tasks.make("regression", {})
    merged = task.merge([{"value": v} for v in numbers])
    assert merged.answer == {"value": float(np.median(numbers))} and 0 <= merged.confidence <= 1


@given(values, values)
def test_distance_of_numbers(a, b):
    for schema in ({}, {"min": -1e6, "max": 1e6}):
        task = tasks.make("regression", schema)
        assert task.distance({"value": a}, {"value": b}) == task.distance({"value": b}, {"value": a}) <= 1


@given(st.integers(2, 40).flatmap(lambda k: hnp.arrays(np.float64, (5, k), elements=st.floats(0, 1))))
def test_stored_probabilities_sum_to_one_and_stay(raw):
    raw = raw + 1e-6
    once = Predictions("classes", (raw / raw.sum(axis=1, keepdims=True)).astype(np.float32)).quantised()
    assert np.abs(once.values.sum(axis=1, dtype=np.float64) - 1).max() < 1e-5
    assert (once.quantised().values == once.values).all()
    assert (once.to_arrays()["values"].astype(int).sum(axis=1) == 65_535).all()
