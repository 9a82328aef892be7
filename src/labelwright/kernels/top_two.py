"""The two largest numbers of each row, fast for few columns and for many."""

from __future__ import annotations

import numpy as np

from labelwright.check import Floats

N_COLUMNS = 64  # up to here a running maximum over the columns is faster than one search a row


def top_two(rows: Floats) -> tuple[Floats, Floats]:
    """The largest and the second largest of each row, each (n_rows,).

    Parameters
    ----------
    rows : array of shape (n_rows, n_columns)
        With two columns or more; not changed. Give it blocks of a megabyte or so.

    Examples
    --------
    >>> [part.tolist() for part in top_two(np.array([[0.2, 0.5, 0.3], [0.4, 0.4, 0.2]]))]
    [[0.5, 0.4], [0.3, 0.4]]
    """
    if rows.shape[1] > N_COLUMNS:
        at = rows.argmax(axis=1)[:, None]
        first = np.take_along_axis(rows, at, axis=1)[:, 0]
        rest = rows.copy()
        np.put_along_axis(rest, at, -np.inf, axis=1)
        return first, np.asarray(rest.max(axis=1))
    columns = np.ascontiguousarray(rows.T)  # (n_columns, n_rows)
    first, second = np.maximum(columns[0], columns[1]), np.minimum(columns[0], columns[1])
    smaller = np.empty_like(first)
    for column in columns[2:]:
        np.minimum(first, column, out=smaller)
        np.maximum(first, column, out=first)
        np.maximum(second, smaller, out=second)
    return first, second


def largest(rows: Floats) -> Floats:
    """The largest of each row, (n_rows,).

    >>> largest(np.array([[0.2, 0.5, 0.3], [0.4, 0.4, 0.2]])).tolist()
    [0.5, 0.4]
    """
    if rows.shape[1] > N_COLUMNS:
        return np.asarray(rows.max(axis=1))
    columns = np.ascontiguousarray(rows.T)
    maxima: Floats = columns[0].copy()
    for column in columns[1:]:
        np.maximum(maxima, column, out=maxima)
    return maxima
