"""Whether the ids of a source are distinct, told from their hashes alone."""

from __future__ import annotations

from array import array

import numpy as np

from labelwright.exchange.reader import Columns, Reader


class Distinct:
    """The ids of the rows that were read, eight bytes each."""

    def __init__(self) -> None:
        self._hashes, self._numbers = array("q"), array("I")

    def add(self, key: str, number: int) -> None:
        """Remember the id of a row."""
        self._hashes.append(hash(key))
        self._numbers.append(number)

    def check(self, reader: Reader, columns: Columns) -> None:
        """Refuse an id that stands in two rows; rows whose hashes agree are read once more.

        Raises
        ------
        InputError
            For the first row whose id was there already.
        """
        hashes = np.frombuffer(self._hashes, dtype=np.int64) if self._hashes else np.empty(0, dtype=np.int64)
        ordered = np.sort(hashes)
        twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        if columns.id is None or not len(twice):
            return
        suspects = np.frombuffer(self._numbers, dtype=np.uint32)[np.isin(hashes, twice)]
        self._compare(reader, columns.id, set(suspects.tolist()))

    @staticmethod
    def _compare(reader: Reader, column: str, suspects: set[int]) -> None:
        seen_at: dict[str, int] = {}
        for record in reader.only([column]):
            if record.number not in suspects:
                continue
            key = str(record.cells[column]).strip()
            if key in seen_at:
                raise record.fail(
                    f"ids must be distinct, got '{key}' in row {seen_at[key]} already.",
                    "Make them distinct, or use no column of ids (--id '').",
                    column,
                )
            seen_at[key] = record.number
