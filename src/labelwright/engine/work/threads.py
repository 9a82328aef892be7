"""How many threads BLAS uses: on the workers of an engine as many as the process that gives out the work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from labelwright.kernels.blocks import blas_threads
from labelwright.plain import Json

_one_at_a_time = threading.Lock()  # the number holds for a process, and an engine may run several tasks in one


@contextmanager
def with_threads(n: Json) -> Iterator[None]:
    """Work with so many threads of BLAS, or with those that it has where none are named."""
    if n is None:
        yield
        return
    with _one_at_a_time, blas_threads(int(str(n))):
        yield
