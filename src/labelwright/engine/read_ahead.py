"""What comes next is read while the caller works on what came before."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def ahead(source: Iterator[T]) -> Iterator[T]:
    """What an iterator gives, in its order; a thread makes the next one meanwhile, and no more than that.

    Errors of the iterator are raised where its next one is asked for.

    Examples
    --------
    >>> list(ahead(iter("abc")))
    ['a', 'b', 'c']
    """

    def following() -> list[T]:
        """The next one, or nothing at the end: a future cannot carry a ``StopIteration``."""
        return list(islice(source, 1))

    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = thread.submit(following)
        while got := coming.result():
            coming = thread.submit(following)
            yield from got
