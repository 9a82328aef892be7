"""Vectors of numbers that stand beside the items of a source: embeddings that somebody has made already."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from labelwright.exchange.reader import Columns, Reader, Record

BLOCK_ROWS: Final = 4096
FEWEST: Final = 2  # numbers of a vector
MOST: Final = 4096
LARGEST: Final = 1e6  # beyond this, float32 and the squares of distances lose what tells items apart
CURE: Final = f"Each row must have one list of {FEWEST} to {MOST:,} finite numbers, all of one length."
Ints = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]


def embedding_columns(columns: Columns, available: Sequence[str]) -> list[str]:
    """The columns that hold the embedding: the one of lists, or those of numbers that a pattern such as ``e_*`` names.

    Examples
    --------
    >>> from labelwright.exchange.reader import Columns
    >>> embedding_columns(Columns(embedding="e_*"), ["id", "e_0", "e_1"])
    ['e_0', 'e_1']
    >>> embedding_columns(Columns(embedding="vector"), ["id", "vector"])
    ['vector']
    """
    wanted = columns.embedding
    if not wanted:
        return []
    return [wanted] if wanted in available else [name for name in available if fnmatchcase(name, wanted)]


def from_cells(reader: Reader, columns: Sequence[str]) -> Iterator[tuple[Ints, Vectors]]:
    """Vectors of a source whose cells are Python values: lists, lists as JSON, or numbers in columns of their own.

    Yields
    ------
    numbers : int64 array of shape (n,)
        Of the rows, from 1.
    vectors : float32 array of shape (n, n_dims)

    Raises
    ------
    InputError
        With row and column, if one is missing, of another length, or not of finite numbers.
    """
    block: list[tuple[Record, Any]] = []
    n_dims = 0
    for record in reader.only(list(columns)):
        cell = _list_of(record.cells[columns[0]]) if len(columns) == 1 else [record.cells[name] for name in columns]
        if not isinstance(cell, list) or not FEWEST <= len(cell) <= MOST or len(cell) != (n_dims or len(cell)):
            got = f"{len(cell)} of them" if isinstance(cell, list) else type(cell).__name__
            expected = f"{n_dims} numbers" if n_dims else "a list of numbers"
            raise record.fail(f"an embedding must be {expected}, got {got}.", CURE, columns[0])
        n_dims = len(cell)
        block.append((record, cell))
        if len(block) == BLOCK_ROWS:
            yield _block(reader, block, columns[0])
            block = []
    if block:
        yield _block(reader, block, columns[0])


def checked(reader: Reader, numbers: Ints, vectors: npt.NDArray[Any], column: str) -> tuple[Ints, Vectors]:
    """A block of vectors as float32, if all are finite and none is too large."""
    with np.errstate(over="ignore"):
        small = np.asarray(vectors, dtype=np.float32)
    bad = ~(np.abs(small) <= LARGEST).all(axis=1)
    if bad.any():
        row = int(numbers[int(bad.argmax())])
        message = f"an embedding must be of finite numbers up to {LARGEST:,.0f}, got NaN or a larger one."
        raise reader.fail(message, CURE, row=row, column=column)
    return numbers, small


def _list_of(cell: object) -> object:
    """A list that stands in a cell as JSON, as in CSV."""
    if isinstance(cell, str) and cell.lstrip().startswith("["):
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return cell
    return cell


def _block(reader: Reader, block: Sequence[tuple[Record, Any]], column: str) -> tuple[Ints, Vectors]:
    try:
        vectors = np.array([cell for _, cell in block], dtype=np.float64)
    except (TypeError, ValueError):
        vectors = np.array([[_number(record, value, column) for value in cell] for record, cell in block])
    if vectors.ndim != 2:
        raise block[0][0].fail("an embedding must be a flat list of numbers, got a list of lists.", CURE, column)
    return checked(reader, np.array([record.number for record, _ in block], dtype=np.int64), vectors, column)


def _number(record: Record, value: object, column: str) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise record.fail(f"an embedding must be of numbers, got {value!r:.50}.", CURE, column) from error
