"""Writers: whole or not at all; what a spreadsheet would run is quoted; the three formats say the same."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labelwright.errors import InputError
from labelwright.exchange import write

ROWS = [
    {"id": "i0", "label": "=HYPERLINK(1)", "n": 1, "x": 0.5},
    {"id": "i1", "label": "@sum", "n": 2, "x": None},
    {"id": "i2", "label": "-1+2", "n": 3, "x": 1e-9},
    {"id": "i3", "label": "\tx", "n": -4, "x": -2.5},
    {"id": "i4", "label": 'plain, "quoted"\nand broken', "n": 5, "x": 3.0},
]
COLUMNS = ["id", "label", "n", "x"]


def read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text().splitlines()]
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return list(pq.read_table(path).to_pylist())
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_values_come_back_as_they_were(tmp_path: Path, ending: str) -> None:
    assert write(tmp_path / f"out.{ending}", COLUMNS, ROWS) == 5
    assert read(tmp_path / f"out.{ending}") == ROWS


def test_a_formula_is_not_run_by_a_spreadsheet(tmp_path: Path) -> None:
    write(tmp_path / "out.csv", COLUMNS, ROWS)
    cells = [row["label"] for row in read(tmp_path / "out.csv")]
    assert [c[0] for c in cells] == ["'", "'", "'", "'", "p"]
    assert cells[0] == "'=HYPERLINK(1)" and cells[4] == ROWS[4]["label"]
    assert [row["n"] for row in read(tmp_path / "out.csv")] == ["1", "2", "3", "-4", "5"]  # numbers stay numbers


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_an_export_that_breaks_leaves_the_old_file(tmp_path: Path, ending: str) -> None:
    def broken() -> Iterator[dict[str, Any]]:
        yield ROWS[0]
        raise RuntimeError("half way")

    path = tmp_path / f"out.{ending}"
    write(path, COLUMNS, ROWS[:1])
    before = path.read_bytes()
    with pytest.raises(RuntimeError):
        write(path, COLUMNS, broken())
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_no_rows_is_a_file_with_its_columns(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    assert write(path, COLUMNS, []) == 0
    assert path.exists() and read(path) == []


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"OUT must end in \.csv, \.jsonl, \.parquet, got 'out.xlsx'"):
        write(tmp_path / "out.xlsx", COLUMNS, ROWS)
    assert not list(tmp_path.iterdir())
