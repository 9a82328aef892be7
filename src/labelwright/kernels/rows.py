"""A common way to take rows from arrays, memory maps, sparse matrices, DataFrames and lists of texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from labelwright.check import Ints, as_objects, complain
from labelwright.errors import InputError
from labelwright.kernels.blocks import blocks

N_SPARSE_DIMS = 128
N_UNIT_ROWS = 5000  # rows that columns are compared on
CONSTANT = 1e-9  # spread of a column, in parts of its largest value, below which it does not vary


class FeatureRows(Protocol):
    """Features of items, a row an item: an array, a memory map, a sparse matrix, or what `as_rows` makes of the rest.

    Some of the rows are of the kind that a model takes: an array, a sparse matrix, a DataFrame, or texts.
    """

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, rows: Ints | slice, /) -> object: ...


LazyRows = FeatureRows | Callable[[], FeatureRows]
"""Rows, or a function that gives them when they are first needed."""


class ByPosition(Protocol):
    """What takes rows by position, such as the ``iloc`` of a DataFrame."""

    def __getitem__(self, rows: Ints | slice, /) -> object: ...


@runtime_checkable
class DataFrameLike(Protocol):
    """A DataFrame of pandas, or of a library that follows it."""

    @property
    def iloc(self) -> ByPosition: ...

    @property
    def shape(self) -> tuple[int, ...]: ...

    def to_numpy(self, *, dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]: ...


@runtime_checkable
class Sparse(Protocol):
    """A sparse matrix of scipy, in any of its formats."""

    def tocsr(self) -> FeatureRows: ...


class Frame:
    """A DataFrame whose rows are taken by position, like an array's."""

    def __init__(self, frame: DataFrameLike) -> None:
        self.frame = frame
        self.shape = tuple(frame.shape)

    def __len__(self) -> int:
        return int(self.shape[0])

    def __getitem__(self, rows: Ints | slice) -> object:
        return self.frame.iloc[rows]


class Objects:
    """Items of one value each, such as texts or records, of which a pipeline's first step makes features.

    >>> Objects(np.array(["one text", "another"], dtype=object))[1:].tolist()
    ['another']
    """

    def __init__(self, values: npt.NDArray[np.object_]) -> None:
        self.values = values
        self.shape = (len(values), 1)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, rows: Ints | slice) -> npt.NDArray[np.object_]:
        return self.values[rows]


def as_rows(X: object, who: str = "select") -> FeatureRows:
    """X as something with a 2-d shape whose ``[rows]`` are rows in X's own kind; no copy of dense data.

    Texts and records may come as a list, a Series or an array of one dimension; their rows are an object array.

    Raises
    ------
    InputError
        If X has neither two dimensions nor one of texts or records.

    Examples
    --------
    >>> as_rows([[1, 2], [3, 4]])[1:].tolist()
    [[3, 4]]
    >>> as_rows(["one text", "another"])[1:].tolist()
    ['another']
    """
    if isinstance(X, (Frame, Changed, Objects, Wider)):
        return X
    if isinstance(X, DataFrameLike):
        if len(X.shape) > 1:
            return Frame(X)
        X = X.to_numpy()  # a Series
    if isinstance(X, Sparse):
        return X.tocsr()
    rows = _as_array(X, who)
    if rows.ndim == 1 and rows.dtype.kind in "OUS":
        return Objects(rows.astype(object, copy=False))
    if rows.ndim != 2:
        raise _no_rows(who, f"shape {rows.shape}")
    return rows


def _as_array(X: object, who: str) -> npt.NDArray[Any]:
    if isinstance(X, np.ndarray):
        return X
    if isinstance(X, (list, tuple)) and len(X) and isinstance(X[0], (str, bytes, Mapping)):
        return as_objects(X)  # an array of strings would pad each to the longest
    try:
        return np.asarray(X)
    except ValueError:
        raise _no_rows(who, "rows of unequal length") from None


def _no_rows(who: str, got: str) -> InputError:
    return complain(who, "X", "of shape (n_items, n_features)", got, "Give one row an item, or a list of texts.")


def is_numeric(X: FeatureRows) -> bool:
    """Whether all features are numbers.

    >>> is_numeric(as_rows([[1.0, 2.0]])), is_numeric(as_rows(["one text", "another"]))
    (True, False)
    """
    if isinstance(X, Sparse):
        return True
    try:
        numeric(X)
    except InputError:
        return False
    return True


class Scaled:
    """Rows with each column at mean 0 and standard deviation 1, computed where they are asked for.

    Parameters
    ----------
    X : array of shape (n_items, n_features)
        Its columns give the scale; a column that does not vary becomes 0.

    Examples
    --------
    >>> Scaled(np.array([[0.0, 5.0], [2.0, 5.0]]))[:]
    array([[-1.,  0.],
           [ 1.,  0.]], dtype=float32)
    """

    def __init__(self, X: npt.NDArray[Any]) -> None:
        self.X, self.shape = X, X.shape
        total, squares = np.zeros(X.shape[1]), np.zeros(X.shape[1])
        for rows in blocks(len(X), 16 * X.shape[1]):
            total += X[rows].sum(axis=0, dtype=np.float64)
        self.mean = total / max(len(X), 1)
        for rows in blocks(len(X), 16 * X.shape[1]):
            squares += ((X[rows] - self.mean) ** 2).sum(axis=0)
        self.scale = np.sqrt(squares / max(len(X), 1))
        self.scale[self.scale <= 1e-9 * np.maximum(1, np.abs(self.mean))] = np.inf

    def __len__(self) -> int:
        return int(self.shape[0])

    def __getitem__(self, rows: Ints | slice) -> npt.NDArray[np.float32]:
        return self.of(self.X[rows])

    def of(self, X: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        """Other rows on the same scale."""
        return np.asarray((X - self.mean) / self.scale, dtype=np.float32)


class Changed:
    """Rows that pass through a function when they are read.

    >>> Changed(np.ones((2, 3)), lambda rows: 2 * rows)[:1]
    array([[2., 2., 2.]])
    """

    def __init__(self, X: FeatureRows, change: Callable[[object], object], rows: Ints | None = None) -> None:
        self.X, self.change, self.rows = X, change, rows
        self.shape = (int(X.shape[0]) if rows is None else len(rows), int(X.shape[1]))

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, at: Ints | slice) -> object:
        return self.change(self.X[at if self.rows is None else self.rows[at]])


class Wider:
    """Rows that pass through a function that gives more or fewer features, when they are read.

    >>> Wider(np.ones((2, 3)), lambda rows: rows[:, :1], 1).shape
    (2, 1)
    """

    def __init__(self, X: FeatureRows, change: Callable[[npt.NDArray[Any]], npt.NDArray[Any]], n_features: int) -> None:
        self.X, self.change, self.shape = X, change, (int(X.shape[0]), n_features)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, at: Ints | slice) -> npt.NDArray[Any]:
        return self.change(np.asarray(self.X[at], dtype=np.float64))


def numeric(X: object, who: str = "select") -> npt.NDArray[Any]:
    """Dense numbers of a DataFrame or an array; `InputError` where there are none."""
    rows = as_rows(X, who)
    numbers: Any = rows.frame.to_numpy() if isinstance(rows, Frame) else rows
    if isinstance(rows, Objects):
        raise complain(who, "X", "numeric", "one value an item, such as a text", "Encode them, or pass embed.")
    if numbers.dtype.kind in "fiub":
        return np.asarray(numbers)
    try:
        return np.asarray(numbers, dtype=np.float32)
    except (TypeError, ValueError):
        raise complain(who, "X", "numeric", f"{numbers.dtype} columns", "Encode them, or pass embed.") from None


def same_unit(X: npt.NDArray[Any]) -> bool:
    """Whether columns are on one scale already, so that distances between rows mean something as they are.

    They are where nine in ten standard deviations lie within a factor of 10, as in most embeddings, or where the
    columns are principal components: uncorrelated, and shrinking from the first to the last.

    >>> z = np.random.default_rng(0).normal(size=(500, 3))
    >>> same_unit(z), same_unit((z @ [[1, 1, 0], [0, 1, 1], [0, 0, 1]]) * [1, 50, 1000]), same_unit(z * [1000, 50, 1])
    (True, False, True)
    """
    some = np.asarray(X[:: max(1, len(X) // N_UNIT_ROWS)], dtype=np.float64)
    spread = some.std(axis=0)
    varies = spread > CONSTANT * np.maximum(np.abs(some).max(axis=0), np.finfo(np.float64).tiny)
    some, spread = some[:, varies], spread[varies]  # a constant column may have a spread by rounding
    if some.shape[1] < 2 or not np.isfinite(spread).all():
        return False
    low, high = np.quantile(spread, [0.05, 0.95])
    if high < 10 * low:
        return True
    n_dims = some.shape[1]
    z = (some - some.mean(axis=0)) / spread
    shared = ((np.corrcoef(z, rowvar=False) ** 2).sum() - n_dims) / (n_dims * (n_dims - 1))  # mean squared correlation
    rank = np.argsort(np.argsort(-spread))
    falling = np.corrcoef(rank, np.arange(n_dims))[0, 1]
    return bool(shared < 3 / len(some) and falling > 0.9)
