"""Reading ahead: one is made while another is worked on, and an error comes in its place."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from labelwright.engine.read_ahead import ahead


def test_the_next_one_is_made_while_one_is_worked_on_and_no_more() -> None:
    made, second, third = list[int](), threading.Event(), threading.Event()

    def source() -> Iterator[int]:
        for number, event in enumerate((threading.Event(), second, third)):
            made.append(number)
            event.set()
            yield number

    coming = ahead(source())
    assert next(coming) == 0
    assert second.wait(10) and not third.wait(0.1)
    assert list(coming) == [1, 2] and made == [0, 1, 2]


def test_an_error_comes_after_what_came_before_it() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise ValueError("the disk is away")

    coming = ahead(source())
    assert next(coming) == 1
    with pytest.raises(ValueError, match="the disk is away"):
        next(coming)


def test_who_stops_early_leaves_no_thread() -> None:
    coming = ahead(iter(range(10)))
    assert next(coming) == 0
    coming.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ahead")]
