"""Excel workbooks: what people see in the sheet is what is read."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from labelwright.errors import InputError
from labelwright.exchange import guess, open_source


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_cells_are_read_as_the_sheet_shows_them(tmp_path: Path) -> None:
    rows = [
        ["id", "text", "when", "at", "n", "share", "yes", "sum"],
        ["k1", "zwölf Boxkämpfer ✓", datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 13, 5), 3, 0.5, True],
        [None] * 8,
        ["k2", "  ", None, None, None, None, None, "=1+1"],
    ]
    reader = open_source(workbook(tmp_path / "a.xlsx", {"Sheet": rows}))
    assert reader.columns == rows[0] and reader.encoding is None
    for _ in range(2):
        first, second = reader
        assert list(first.cells.values()) == [
            "k1", "zwölf Boxkämpfer ✓", "2024-02-29", "2024-02-29T13:05:00", 3, 0.5, True, None,
        ]  # fmt: skip
        assert second.cells == {**dict.fromkeys(rows[0]), "id": "k2"}  # nothing has computed the formula
        assert (second.number, second.where) == (2, "a.xlsx, line 4")


def test_a_formula_has_the_value_that_was_saved(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Sheet": [["n"], ["=1+1"]]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    assert b"<f>1+1</f><v />" in parts[name] or b"<f>1+1</f><v></v>" in parts[name]
    for empty in (b"<f>1+1</f><v />", b"<f>1+1</f><v></v>"):
        parts[name] = parts[name].replace(empty, b"<f>1+1</f><v>2</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    assert [record.cells for record in open_source(path)] == [{"n": 2}]


def test_the_first_sheet_that_holds_something_is_read(tmp_path: Path) -> None:
    rows = [["text", "label"], ["some words in a row", "a"]]
    reader = open_source(workbook(tmp_path / "a.xlsx", {"Cover": [], "Data": rows, "Notes": [["x"], ["y"]]}))
    assert [record.cells for record in reader] == [{"text": "some words in a row", "label": "a"}]
    assert guess(reader).columns.named() == {"text": "text", "label": "label"}


FAULTY: dict[str, tuple[list[list[Any]], str]] = {
    "empty": ([], "a.xlsx: no columns were found"),
    "no-row": ([["a", "b"]], "a.xlsx: there are no rows"),
    "twice": ([["a", "a"], [1, 2]], "a.xlsx: column names must be distinct, got 'a' twice"),
    "no-name": ([["a", None, "b"], [1, 2, 3]], "a.xlsx: every column must have a name, got none for column 2"),
    "wide": ([["a", "b"], [1, 2], [1, 2, 3]], "a.xlsx, row 2: a row must have 2 cells, got a value beyond them"),
}


@pytest.mark.parametrize("case", FAULTY)
def test_a_fault_of_a_sheet_names_the_place(tmp_path: Path, case: str) -> None:
    rows, said = FAULTY[case]
    with pytest.raises(InputError) as refused:
        reader = open_source(workbook(tmp_path / "a.xlsx", {"Sheet": rows}))
        guess(reader)
        list(reader)
    assert said in refused.value.message
    held = Path("/proc/self/fd")  # of Linux: the files that are open while the error is still at hand
    assert not held.is_dir() or not any(str(tmp_path) in str(link.resolve()) for link in held.iterdir())


@pytest.mark.parametrize("content", [b"PK", b"no workbook", b"PK\x05\x06" + bytes(18)], ids=["PK", "text", "zip"])
def test_what_is_no_workbook_is_one_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(InputError, match=r"a\.xlsx: the file must be an Excel workbook"):
        open_source(tmp_path / "a.xlsx")


def test_a_damaged_sheet_is_one_error(tmp_path: Path) -> None:
    rows = [["n"], *([k] for k in range(500))]
    path = workbook(tmp_path / "a.xlsx", {"Sheet": rows})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content[:3000] if part.endswith("sheet1.xml") else content)
    with pytest.raises(InputError, match=r"a\.xlsx: the file must be an Excel workbook"):
        list(open_source(path))


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Sheet": [["n"], [1]]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b" " * (40 << 20))
    with pytest.raises(InputError, match=r"at most 200 times its size"):
        open_source(path)
