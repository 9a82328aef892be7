"""Cut work over rows into blocks that fit the memory allowed."""

from __future__ import annotations

from collections.abc import Iterator

from labelwright.check import complain

DEFAULT_BYTES = 64 * 2**20  # beside the caches of today's processors, large enough for BLAS to be fast


def blocks(n_rows: int, row_bytes: int, max_bytes: int | None = None, who: str = "blocks") -> Iterator[slice]:
    """Slices that cover n_rows, each of at most ``max_bytes`` at ``row_bytes`` a row.

    Parameters
    ----------
    n_rows : int
    row_bytes : int
        Bytes of temporary arrays for each row.
    max_bytes : int, optional
        The memory allowed; 64 MB by default.

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
    rows = limit // max(row_bytes, 1)
    if rows < 1:
        raise complain(who, "max_bytes", f"at least {row_bytes}", max_bytes, "Allow more memory.")
    for start in range(0, n_rows, rows):
        yield slice(start, min(start + rows, n_rows))
