"""Parquet, streamed by row groups."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar

from labelwright.exchange.reader import Reader, Record

BATCH_ROWS = 4096


class Parquet(Reader):
    """A table of columns; image bytes may stand in a column of their own."""

    name: ClassVar[str] = "parquet"
    suffixes: ClassVar[tuple[str, ...]] = (".parquet", ".pq")

    @cached_property
    def _file(self) -> Any:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return pq.ParquetFile(self.path)
        except (pa.ArrowInvalid, OSError) as error:
            raise self.fail(f"the file must be Parquet, got something else ({error}).") from error

    @cached_property
    def columns(self) -> list[str]:
        """The names of the schema's top-level fields."""
        return [str(name) for name in self._file.schema_arrow.names]

    def count(self) -> int | None:
        """The number of rows, from the footer."""
        return int(self._file.metadata.num_rows)

    def __iter__(self) -> Iterator[Record]:
        """Stream the rows."""
        number = 0
        for batch in self._file.iter_batches(batch_size=BATCH_ROWS):
            for cells in batch.to_pylist():
                number += 1
                yield Record(number, f"{self.path.name}, row {number}", cells)
