"""Many files of a store in a row: several are on their way at once, since each alone is mostly waited for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from labelwright.errors import IntegrityError
from labelwright.store.files.base import Files

N_AT_ONCE: Final = 8
Keep = Callable[[str, bytes], None]


def read_each(files: Files, names: Iterable[str | None], *, or_none: bool = False) -> Iterator[bytes | None]:
    """The contents of files in the order asked for, None for None.

    Parameters
    ----------
    or_none : bool
        Whether a file that is missing gives None too, instead of an error.

    Raises
    ------
    IntegrityError
        If one is missing.
    """

    def read(name: str) -> bytes | None:
        try:
            return files.read_bytes(name, copied=False)
        except IntegrityError:
            if not or_none:
                raise
            return None

    if not files.is_copied():
        for name in names:
            yield None if name is None else read(name)
        return
    waiting = deque[Future[bytes | None] | None]()
    with ThreadPoolExecutor(N_AT_ONCE) as pool:
        for name in names:
            waiting.append(None if name is None else pool.submit(read, name))
            if len(waiting) > N_AT_ONCE:
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())


@contextmanager
def keeping(files: Files) -> Iterator[Keep]:
    """Write many files that are named by their content. All are there when this ends."""
    if not files.is_copied():
        yield files.keep
        return
    waiting = deque[Future[None]]()

    def keep(name: str, content: bytes) -> None:
        waiting.append(pool.submit(files.keep, name, content))
        if len(waiting) > N_AT_ONCE:
            waiting.popleft().result()

    with ThreadPoolExecutor(N_AT_ONCE) as pool:
        yield keep
        for one in waiting:
            one.result()


def _result(read: Future[bytes | None] | None) -> bytes | None:
    return None if read is None else read.result()
