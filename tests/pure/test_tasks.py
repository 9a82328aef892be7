"""Reading, guessing and merging answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from labelwright import tasks
from labelwright.errors import InputError

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
    ("regression", "tall", "a number"), ("regression", "-1", "between 0 and"), ("regression", "inf", r"1e\+30, got inf"),
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
    task = tasks.make("classification", ABC)
    for version in (1, 2):
        once = task.quantised(task.predictions((raw / raw.sum(axis=1, keepdims=True)).astype(np.float32)), version)
        assert np.abs(once.values.sum(axis=1, dtype=np.float64) - 1).max() < 1e-5
        assert (task.quantised(once, version).values == once.values).all()
        assert (task.pack(once, version)["values"].astype(int).sum(axis=1) == 65_535).all()


@pytest.mark.parametrize("n_classes", [2, 3, 10, 700, 5000, 70_000])
def test_a_stored_probability_is_within_one_step(n_classes):
    """Equal classes, random ones, and one class that has nearly everything."""
    rng = np.random.default_rng(n_classes)
    raw = rng.random((20, n_classes)) ** 4
    raw[0], raw[1] = 1, 1e-9
    raw[1, 0] = 1
    task = tasks.make("classification", ABC)
    proba = (raw / raw.sum(axis=1, keepdims=True)).astype(np.float32)
    stored = task.pack(task.predictions(proba, proba[None]))
    for values in (stored["values"], stored["draws"][0]):
        assert values.dtype == np.uint16 and (values.sum(axis=1, dtype=np.int64) == 65_535).all()
        assert np.abs(values - 65_535 * proba.astype(np.float64)).max() <= 1 + 1e-2
    again = task.pack(task.unpack(stored))
    assert (again["values"] == stored["values"]).all()


def test_the_first_rounding_stays_as_it_was_for_cycles_that_began_with_it():
    """Version 1 wraps with 700 equal classes; a cycle that was made with it still replays to the bit."""
    task = tasks.make("classification", ABC)
    equal = task.predictions(np.full((1, 700), 1 / 700, dtype=np.float32))
    assert task.pack(equal, version=1)["values"].sum(dtype=np.int64) != 65_535
    assert task.quantised(equal).values.max() < 2 / 700
    few = task.predictions(np.array([[0.25, 0.75]], dtype=np.float32))
    assert task.pack(few, version=1)["values"].tolist() == [[16384, 49151]]
    for bad in (0, 3, "2"):
        with pytest.raises(InputError, match="version must be"):
            task.pack(few, version=bad)


def test_what_is_no_distribution_is_not_stored():
    task = tasks.make("classification", ABC)
    for bad in ([0.5, 0.6], [0.0, 0.0], [np.nan, 1.0]):
        with pytest.raises(InputError, match="sum to 1"):
            task.pack(task.predictions(np.array([bad], dtype=np.float32)))


OF_TWO_CHANGES = {
    "labels": [{"id": "l_1", "name": "dog"}, {"id": "l_5", "name": "crow"}, {"id": "l_6", "name": "robin"}],
    "merged": {"l_2": "l_3", "l_3": "l_1", "l_7": "l_4"},
    "split": {"l_4": ["l_5", "l_6"]},
    "was": {"l_2": "puppy", "l_3": "hound", "l_4": "bird", "l_7": "fowl"},
}


def test_answers_of_merged_labels_are_read_as_the_label_that_they_became():
    one = tasks.make("classification", OF_TWO_CHANGES)
    assert one.current({"label": "l_2"}) == {"label": "l_1"} == one.current({"label": "l_1"})
    assert one.describe({"label": "l_2"}) == "dog" and one.distance({"label": "l_2"}, {"label": "l_3"}) == 0
    assert one.encode([{"label": "l_3"}, {"label": "l_6"}]).tolist() == [0, 2]
    assert one.merge([{"label": "l_6"}, {"label": "l_2"}, {"label": "l_1"}]).answer == {"label": "l_1"}
    many = tasks.make("multilabel", OF_TWO_CHANGES)
    assert many.current({"labels": ["l_2", "l_6", "l_1"]}) == {"labels": ["l_1", "l_6"]}
    assert many.describe({"labels": ["l_2", "l_3"]}) == "dog"
    assert many.distance({"labels": ["l_2", "l_3"]}, {"labels": ["l_1"]}) == 0
    assert many.encode([{"labels": ["l_2", "l_3", "l_5"]}]).tolist() == [[1, 1, 0]]


@pytest.mark.parametrize("label", ["l_4", "l_7"])
def test_answers_of_split_labels_say_nothing_and_keep_their_name(label):
    one, many = (tasks.make(name, OF_TWO_CHANGES) for name in ("classification", "multilabel"))
    assert one.current({"label": label}) is None and many.current({"labels": ["l_1", label]}) is None
    assert one.describe({"label": label}) == {"l_4": "bird", "l_7": "fowl"}[label]


@pytest.mark.parametrize(("label", "became"), [("l_2", "merged into 'dog'"), ("l_4", "split into crow, robin")])
def test_labels_that_went_cannot_be_given(label, became):
    for name, answer in (("classification", {"label": label}), ("multilabel", {"labels": [label]})):
        with pytest.raises(InputError, match=became) as refused:
            tasks.make(name, OF_TWO_CHANGES).validate(answer)
        assert "Reload" in refused.value.hint


@pytest.mark.parametrize(
    "wrong", [{"merged": {"l_1": "l_5"}}, {"split": {"l_5": ["l_6"]}}, {"merged": {"l_2": "l_9"}},
              {"merged": {"l_2": "l_3", "l_3": "l_2"}}],
)  # fmt: skip
def test_schemas_whose_labels_lead_nowhere_are_refused(wrong):
    with pytest.raises(InputError):
        tasks.make("classification", {"labels": OF_TWO_CHANGES["labels"], **wrong})


def test_numbers_are_what_they_are():
    assert tasks.make("regression", {}).current({"value": 3.0}) == {"value": 3.0}
