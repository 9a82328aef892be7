"""Which column is asked about: the one that a person would call the answer."""

from __future__ import annotations

from typing import Any

import pytest

from labelwright.exchange.answer_column import answer_column

MEASURES = [k * 1.7 + 0.1 for k in range(40)]
TABLES: dict[str, tuple[dict[str, list[Any]], str | None]] = {
    "named": ({"survived": [0, 1] * 20, "age": MEASURES, "sex": ["m", "f"] * 20}, "survived"),
    "named-number": ({"a": MEASURES, "Quality": MEASURES, "b": MEASURES}, "Quality"),
    "last": ({"sex": ["m", "f"] * 20, "plan": ["x", "y"] * 20, "left": ["Yes", "No"] * 20}, "left"),
    "truth-values": ({"a": MEASURES, "left": [True, False] * 20}, "left"),
    "in-the-middle": ({"age": MEASURES, "sex": [1, 2] * 20, "b": MEASURES}, None),
    "whole-numbers": ({"a": MEASURES, "stars": ["1", "2", "3", "4"] * 10}, "stars"),
    "whole-floats": ({"a": MEASURES, "stars": [1.0, 2.0] * 20}, "stars"),
    "measures": ({"a": MEASURES, "b": [str(value) for value in MEASURES]}, None),
    "fractions": ({"a": MEASURES, "b": ["0.5", "1"] * 20}, None),
    "several-in-the-middle": ({"sex": ["m", "f"] * 20, "plan": ["x", "y"] * 20, "b": MEASURES}, None),
    "names-of-things": ({"a": MEASURES, "city": [f"city {k}" for k in range(40)]}, None),
    "one-value": ({"a": MEASURES, "b": ["x"] * 40}, None),
    "few-rows": ({"a": MEASURES[:4], "b": ["x", "y", "x", "y"]}, None),
    "blank": ({"a": MEASURES, "churn": []}, None),
}


@pytest.mark.parametrize("case", TABLES)
def test_the_column_that_a_person_would_ask_about(case: str) -> None:
    cells, expected = TABLES[case]
    assert answer_column(cells) == expected


def test_a_few_values_are_not_the_answer_of_a_regression() -> None:
    cells = {"age": MEASURES, "sex": ["m", "f"] * 20}
    assert (answer_column(cells), answer_column(cells, "regression")) == ("sex", None)
    assert answer_column({"quality": MEASURES, **cells}, "regression") == "quality"


def test_no_column_is_no_answer() -> None:
    assert answer_column({}) is None
