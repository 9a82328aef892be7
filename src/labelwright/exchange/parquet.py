"""Parquet, streamed in batches that fit into memory, also where a few bytes of the file stand for many."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from labelwright.budgets import BLOCK_SIZE, FREE_EXPANSION, MAX_CELL, MAX_EXPANSION
from labelwright.errors import InputError
from labelwright.exchange.arrow import table
from labelwright.exchange.arrow_vectors import vectors_of
from labelwright.exchange.format import Export, Format, Written
from labelwright.exchange.reader import Record
from labelwright.exchange.vectors import CURE, Ints, Vectors, checked

BATCH_ROWS = 4096
VECTOR_ROWS = 16_384  # of at most 4,096 numbers, so that a block fits into memory
PROBE_BYTES = 4096
SMALL_DICTIONARY = BLOCK_SIZE // BATCH_ROWS
"""Bytes of a dictionary whose longest value fits into memory as often as a batch has rows."""


class Parquet(Format):
    """A table of columns; image bytes may stand in a column of their own.

    A column may hold each value once, in a dictionary, and refer to it in any number of rows. Where the values can be
    long, it is read as it is stored, and only as many rows at once become Python objects as fit into memory.
    """

    name: ClassVar[str] = "parquet"
    suffixes: ClassVar[tuple[str, ...]] = (".parquet", ".pq")
    ending: ClassVar[str] = ".parquet"
    title: ClassVar[str] = "Parquet"

    @cached_property
    def _file(self) -> Any:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            file = pq.ParquetFile(self.path, buffer_size=PROBE_BYTES)
            _check_chunks(file)
            large = _with_large_dictionary(file.metadata)
            as_stored = [field.name for field in file.schema_arrow if field.name in large and _has_length(field.type)]
            return pq.ParquetFile(self.path, read_dictionary=as_stored, page_checksum_verification=True)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self.fail(
                f"the file must be Parquet, got something else ({str(error)[:200]}).",
                "It is damaged, cut off, or of another format; write or copy it anew.",
            ) from error

    @cached_property
    def columns(self) -> list[str]:
        """The names of the schema's top-level fields."""
        names = [str(name) for name in self._file.schema_arrow.names]
        if len(set(names)) < len(names):
            double = next(n for n in names if names.count(n) > 1)
            raise self.fail(f"column names must be distinct, got '{double}' twice.", "Rename one of them.")
        return names

    def count(self) -> int | None:
        """The number of rows, from the footer."""
        return int(self._file.metadata.num_rows)

    def __iter__(self) -> Iterator[Record]:
        """Stream the rows."""
        return self.only(self.columns)

    def only(self, columns: list[str]) -> Iterator[Record]:
        """Stream the rows with these columns alone."""
        name = self.path.name
        for number, cells in enumerate(self._rows(columns), 1):
            yield Record(number, f"{name}, row {number}", cells)

    def _rows(self, columns: list[str]) -> Iterator[dict[str, object]]:
        import pyarrow as pa

        number = 0
        try:
            for batch in self._file.iter_batches(batch_size=self._batch_rows(), columns=columns):
                n_rows = max(1, BLOCK_SIZE // max(1, self._longest(batch, number)))
                for start in range(0, batch.num_rows, n_rows):
                    some = batch.slice(start, n_rows)
                    values = [_values(column) for column in some.columns]
                    for row in zip(*values, strict=True):
                        number += 1
                        yield dict(zip(some.schema.names, row, strict=True))
        except InputError:
            raise
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            raise self.fail(
                f"the rows from here on cannot be read ({str(error)[:200]}).",
                "The file is damaged, or holds values that Python has no type for; write it anew.",
                row=number + 1,
            ) from error

    def vectors(self, columns: list[str]) -> Iterator[tuple[Ints, Vectors]]:
        """Stream the embeddings, without a Python object for each number."""
        import pyarrow as pa

        number, n_dims = 0, 0
        try:
            for batch in self._file.iter_batches(batch_size=VECTOR_ROWS, columns=columns):
                found = vectors_of([batch.column(name) for name in columns])
                n_dims = n_dims or found.shape[1]
                if found.shape[1] != n_dims:
                    raise ValueError(f"all must be of one length, got {n_dims} and {found.shape[1]}")
                numbers = np.arange(number + 1, number + 1 + batch.num_rows)
                yield checked(self, numbers, found, columns[0])
                number += batch.num_rows
        except InputError:
            raise
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self.fail(
                f"embeddings cannot be read after row {number}: {str(error)[:200]}.", CURE, column=columns[0]
            ) from error

    @classmethod
    def write(cls, path: Path, export: Export) -> Written:
        """Write all columns, each with one type."""
        import pyarrow.parquet as pq

        made, texts = table(export.columns, export.rows)
        pq.write_table(made, path)
        return Written(int(made.num_rows), texts)

    def _batch_rows(self) -> int:
        """Rows whose stored bytes fit into memory, by the mean of each row group."""
        metadata, size = self._file.metadata, self.path.stat().st_size
        groups = [metadata.row_group(k) for k in range(metadata.num_row_groups)]
        if sum(group.total_byte_size for group in groups) > max(FREE_EXPANSION, MAX_EXPANSION * size):
            raise self.fail(f"the file must become at most {MAX_EXPANSION} times its size, got more.", "Write it anew.")
        mean = max((group.total_byte_size // max(1, group.num_rows) for group in groups), default=0)
        return max(1, min(BATCH_ROWS, BLOCK_SIZE // max(1, mean)))

    def _longest(self, batch: Any, number: int) -> int:
        """Bytes of the longest value of a batch, over its columns of text and bytes."""
        import pyarrow as pa
        import pyarrow.compute as pc

        longest = 0
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            values = column.dictionary if pa.types.is_dictionary(column.type) else column
            if _has_length(values.type):
                lengths = pc.binary_length(values)
                n_bytes = pc.max(lengths).as_py() or 0
                if n_bytes > MAX_CELL:
                    at = pc.index(lengths, pc.max(lengths)).as_py()
                    if values is not column:  # the first row that refers to the value
                        at = max(0, pc.index(column.indices, pa.scalar(at, column.indices.type)).as_py())
                    raise self.fail(
                        f"a cell must have at most {MAX_CELL:,} bytes, got {n_bytes:,}.", "Cut it up.",
                        row=number + 1 + at, column=name,
                    )  # fmt: skip
                longest += n_bytes
        return longest


def _values(column: Any) -> list[object]:
    """The cells of a column as Python objects; texts, of which there are most, the fast way."""
    import pyarrow as pa

    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        texts: list[object] = column.to_numpy(zero_copy_only=False).tolist()
        return texts
    return list(column.to_pylist())


def _has_length(kind: Any) -> bool:
    import pyarrow as pa

    types = pa.types
    return bool(
        types.is_string(kind) or types.is_binary(kind) or types.is_large_string(kind) or types.is_large_binary(kind)
    )


def _check_chunks(file: Any) -> None:
    """Let Arrow read what the footer says of each column of each row group, and no row.

    The properties of a file's metadata end the process where that is inconsistent (pyarrow 26), since their errors are
    not passed on. Readers that are asked for no rows raise them as Python errors, and read no page.

    Raises
    ------
    OSError
        If the footer is inconsistent.
    """
    for k in range(file.num_row_groups):
        list(file.reader.iter_batches(0, row_groups=[k], column_indices=None, use_threads=False))


def _with_large_dictionary(metadata: Any) -> set[str]:
    """Columns that have a dictionary whose values may be long."""
    found = set()
    for k in range(metadata.num_row_groups):
        group = metadata.row_group(k)
        for j in range(group.num_columns):
            column = group.column(j)
            if column.has_dictionary_page and column.total_uncompressed_size > SMALL_DICTIONARY:
                found.add(column.path_in_schema)
    return found
