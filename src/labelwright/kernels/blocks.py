"""Split work over rows into blocks that fit the memory allowed, and run them on all cores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, TypeVar

from labelwright.check import complain

DEFAULT_BYTES = 16 * 2**20  # temporary arrays of one block: small enough for caches, large enough for BLAS

FEW_ROWS, N_BLOCKS = 4096, 16  # a block is not split below so many rows; above, there are blocks for all cores

T = TypeVar("T")


def blocks(
    n_rows: int, row_bytes: int, max_bytes: int | None = None, who: str = "blocks", at_most: int | None = None
) -> Iterator[slice]:
    """Slices that cover n_rows, each of at most ``max_bytes`` at ``row_bytes`` a row.

    Parameters
    ----------
    n_rows : int
    row_bytes : int
        Bytes of temporary arrays for each row.
    max_bytes : int, optional
        The memory allowed; 16 MB by default.
    at_most : int, optional
        Rows of a block, where the rows themselves shall stay in a cache.

    Raises
    ------
    InputError
        If not even one row fits.

    Examples
    --------
    >>> [(s.start, s.stop) for s in blocks(5, 8, max_bytes=16)]
    [(0, 2), (2, 4), (4, 5)]
    """
    limit = DEFAULT_BYTES if max_bytes is None else min(max_bytes, DEFAULT_BYTES)
    rows = min(limit // max(row_bytes, 1), max(FEW_ROWS, -(-n_rows // N_BLOCKS)), at_most or n_rows + 1)
    if rows < 1:
        raise complain(who, "max_bytes", f"at least {row_bytes}", max_bytes, "Allow more memory.")
    for start in range(0, n_rows, rows):
        yield slice(start, min(start + rows, n_rows))


def each_block(
    work: Callable[[slice], T], n_rows: int, row_bytes: int, max_bytes: int | None = None, who: str = "blocks",
    at_most: int | None = None, parallel: bool = True,
) -> list[T]:  # fmt: skip
    """Do ``work`` on each block, in threads; its results in order.

    Where the blocks lie does not depend on the number of threads, and each works with one BLAS thread, so
    neither does any bit of the results.

    Parameters
    ----------
    work : callable
        Takes a slice of rows; must release the lock for long (numpy does) and write to its own rows only.
    parallel : bool
        Threads are slower if all the work takes a few milliseconds.
    n_rows, row_bytes, max_bytes, who, at_most
        As for `blocks`; ``max_bytes`` holds for all threads together.

    Examples
    --------
    >>> each_block(lambda rows: rows.stop - rows.start, 5, 8, max_bytes=16)
    [2, 2, 1]
    """
    cuts = list(blocks(n_rows, row_bytes, max_bytes, who, at_most))
    n_threads = min(len(cuts), n_blas_threads()) if parallel else 1
    if max_bytes is not None:
        n_threads = max(1, min(n_threads, max_bytes // min(max_bytes, DEFAULT_BYTES)))
    with one_blas_thread():
        if n_threads <= 1:
            return [work(cut) for cut in cuts]
        return list(_pool(n_threads).map(work, cuts))


def one_blas_thread() -> AbstractContextManager[object]:
    """A context in which BLAS uses one thread, so that sums come out the same on any number of cores.

    Small products in a loop are faster so, too, because threads would wait for each other.
    """
    return blas_threads(1)


def blas_threads(n: int) -> AbstractContextManager[object]:
    """A context in which BLAS uses so many threads; it holds for the whole process."""
    n_blas_threads()  # how many there may be is asked before the limit
    limited: AbstractContextManager[object] = _blas().limit(limits=n, user_api="blas")
    return limited


@cache
def _blas() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@cache
def n_blas_threads() -> int:
    """As many as BLAS may use: that is what OMP_NUM_THREADS, joblib and the like set."""
    return max((lib["num_threads"] for lib in _blas().info() if lib["user_api"] == "blas"), default=1)


@cache
def _pool(n_threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(n_threads, thread_name_prefix="labelwright-blocks")
