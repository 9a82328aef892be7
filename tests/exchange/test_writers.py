"""Writers: whole or not at all; what a spreadsheet would run is quoted; the three formats say the same."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labelwright.errors import InputError
from labelwright.exchange import Written, write

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
    assert write(tmp_path / f"out.{ending}", COLUMNS, ROWS) == Written(5)
    assert read(tmp_path / f"out.{ending}") == ROWS


def test_a_formula_is_not_run_by_a_spreadsheet(tmp_path: Path) -> None:
    write(tmp_path / "out.csv", COLUMNS, ROWS)
    cells = [row["label"] for row in read(tmp_path / "out.csv")]
    assert [c[0] for c in cells] == ["'", "'", "'", "'", "p"]
    assert cells[0] == "'=HYPERLINK(1)" and cells[4] == ROWS[4]["label"]
    assert [row["n"] for row in read(tmp_path / "out.csv")] == ["1", "2", "3", "-4", "5"]  # numbers stay numbers


@pytest.mark.parametrize("cell", ["\n=1+1", "\r@x", "＝1+1", "＋1", "－1", "＠x", " =1+1", "\ufeff=1", "\n\n-2"])
def test_a_formula_in_disguise_is_not_run_either(tmp_path: Path, cell: str) -> None:
    write(tmp_path / "out.csv", ["=a"], [{"=a": cell}])
    with (tmp_path / "out.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [["'=a"], ["'" + cell]]


MIXED = {
    "number-and-text": ([1, "a", None], ["1", "a", None]), "truth-and-number": ([True, 2], ["true", "2"]),
    "large-integer": ([10**29, 0.5], [str(10**29), "0.5"]), "surrogate": (["\ud800", "b"], ["\\ud800", "b"]),
}  # fmt: skip


@pytest.mark.parametrize("case", MIXED)
def test_a_column_of_mixed_types_becomes_text_in_parquet(tmp_path: Path, case: str) -> None:
    cells, texts = MIXED[case]
    rows = [{"id": k, "x": cell} for k, cell in enumerate(cells)]
    assert write(tmp_path / "out.parquet", ["id", "x"], rows) == Written(len(cells), ("x",))
    assert read(tmp_path / "out.parquet") == [{"id": k, "x": text} for k, text in enumerate(texts)]


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_half_of_a_surrogate_pair_is_escaped(tmp_path: Path, ending: str) -> None:
    write(tmp_path / f"out.{ending}", ["x"], [{"x": "a\ud800"}])
    assert read(tmp_path / f"out.{ending}") == [{"x": "a\\ud800" if ending == "csv" else "a\ud800"}]


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
    assert write(path, COLUMNS, []) == Written(0)
    assert path.exists() and read(path) == []


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"OUT must end in \.csv, \.jsonl, \.parquet, \.tsv, \.xlsx, got 'out.odt'"):
        write(tmp_path / "out.odt", COLUMNS, ROWS)
    assert not list(tmp_path.iterdir())
