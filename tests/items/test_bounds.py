"""Bounds of what an item may hold, and what encoders make of values that an earlier version took in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from labelwright import encoders, items, tasks
from labelwright.check import MAX_MAGNITUDE
from labelwright.errors import InputError
from labelwright.items.base import Content

BEYOND = {
    "float": 1e308, "infinity": float("inf"), "integer": 10**309, "text": "-1e40", "digits": "9" * 400,
    "decimal": Decimal("1e31"), "minus-infinity": "-inf",
}  # fmt: skip


@pytest.mark.parametrize("cell", BEYOND.values(), ids=BEYOND)
def test_a_number_beyond_the_bound_is_refused_with_column_and_bound(cell: Any) -> None:
    with pytest.raises(InputError, match=r"column 'c': a number must be .* between -1e\+30 and 1e\+30, got"):
        items.make("table").content({"c": cell})
    with pytest.raises(InputError, match=r"between -1e\+30 and 1e\+30, got"):
        tasks.make("regression", {}).parse(cell)


@pytest.mark.parametrize("value", [1e40, float("nan"), float("inf"), 10**400])
def test_an_answer_beyond_the_bound_is_refused(value: float) -> None:
    with pytest.raises(InputError, match=r"value must be .* between -1e\+30 and 1e\+30, got"):
        tasks.make("regression", {}).validate({"value": value})


def test_numbers_at_the_bound_and_words_are_taken() -> None:
    body = items.make("table").content({"a": 1e30, "b": -(10**30), "c": "inf", "d": "0" * 400, "e": 2**63}).body
    assert body == {"row": {"a": 1e30, "b": -(10**30), "c": "inf", "d": "0" * 400, "e": 2**63}}


@pytest.mark.filterwarnings("error")
def test_an_encoder_clips_what_it_reads() -> None:
    """An earlier version took any number in; projects that hold one can be trained again."""
    rows = [Content({"row": {"a": float(k), "b": value}}) for k, value in enumerate([1.0, 1e308, -1e308, 10**400, 2.0])]
    for learned_from in (rows, rows[:1]):
        X = encoders.make("columns").fit(learned_from).transform(rows)
        assert np.isfinite(X).all() and np.abs(X).max() <= 20


def test_targets_are_clipped_where_an_earlier_version_took_in_more() -> None:
    y = tasks.make("regression", {}).encode([{"value": 1e40}, {"value": -1e200}, {"value": 3.5}])
    assert y.tolist() == [MAX_MAGNITUDE, -MAX_MAGNITUDE, 3.5]


@pytest.mark.parametrize("name", ["text", "table"])
def test_an_item_of_too_many_characters_is_refused(name: str) -> None:
    kind = items.make(name)
    content = kind.content({"a": "word " * 300})
    kind.check_size(content, 2000)
    with pytest.raises(InputError, match=r"at most 1,000 characters, got 1,5\d\d\. .*LABELWRIGHT_MAX_TEXT"):
        kind.check_size(content, 1000)
