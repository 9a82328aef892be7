"""Vectors in columns of Arrow, without a Python object for each number."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from labelwright.exchange.vectors import CURE, FEWEST, MOST


def vectors_of(columns: list[Any]) -> npt.NDArray[Any]:
    """The rows (n, n_dims) of one column of lists, or of several columns of numbers.

    Raises
    ------
    ValueError
        If a value is missing, no number, or lists have several lengths; the message is for whoever made the file.

    Examples
    --------
    >>> import pyarrow as pa
    >>> vectors_of([pa.array([[1.0, 2.0], [3.0, 4.0]])])
    array([[1., 2.],
           [3., 4.]])
    """
    import pyarrow as pa

    if len(columns) > 1:
        return np.column_stack([_numbers(column) for column in columns])
    column = columns[0]
    if pa.types.is_fixed_size_list(column.type):
        n_dims = column.type.list_size
    elif pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        lengths = np.unique(np.diff(column.offsets.to_numpy()))
        if len(lengths) > 1:
            raise ValueError(f"all must be of one length, got {lengths[0]} and {lengths[-1]}")
        n_dims = int(lengths[0]) if len(lengths) else FEWEST
    else:
        raise ValueError(f"they must be lists of numbers, got {column.type}")
    if column.null_count:
        raise ValueError("each row must have one, got none in some")
    if not FEWEST <= n_dims <= MOST:
        raise ValueError(f"they must have {FEWEST} to {MOST:,} numbers, got {n_dims}. {CURE}")
    return _numbers(column.flatten()).reshape(-1, n_dims)


def _numbers(values: Any) -> npt.NDArray[Any]:
    import pyarrow as pa

    if not (pa.types.is_floating(values.type) or pa.types.is_integer(values.type)):
        raise ValueError(f"they must be of numbers, got {values.type}")
    if values.null_count:
        raise ValueError("no number may be missing, got null")
    return np.asarray(values.to_numpy(zero_copy_only=False))
