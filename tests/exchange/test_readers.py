"""Readers: every format gives the same records; every fault is one error that names file, row and column."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from labelwright.errors import InputError
from labelwright.exchange import Columns, guess, open_source, survey

ROWS = [
    ("k1", "the first text of all", "a"),
    ("k2", 'with "quotes", and a comma', "b"),
    ("k3", "zwölf Boxkämpfer ✓", "a"),
]
NAMES = ("id", "text", "label")


def delimited(mark: str) -> str:
    def cell(value: str) -> str:
        return '"' + value.replace('"', '""') + '"'

    return "\n".join(mark.join(map(cell, row)) for row in (NAMES, *ROWS)) + "\n"


def lines() -> str:
    return "".join(json.dumps(dict(zip(NAMES, row, strict=True)), ensure_ascii=False) + "\n" for row in ROWS)


def array(indent: int | None) -> str:
    return json.dumps([dict(zip(NAMES, row, strict=True)) for row in ROWS], ensure_ascii=False, indent=indent)


def write_parquet(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({name: [row[i] for row in ROWS] for i, name in enumerate(NAMES)}), path)


SOURCES: dict[str, Any] = {
    "a.csv": lambda p: p.write_text(delimited(","), "utf-8"),
    "semicolon.csv": lambda p: p.write_text(delimited(";"), "utf-8"),
    "a.tsv": lambda p: p.write_text(delimited("\t"), "utf-8"),
    "bom.csv": lambda p: p.write_text(delimited(","), "utf-8-sig"),
    "crlf.csv": lambda p: p.write_bytes(delimited(",").replace("\n", "\r\n").encode()),
    "a.csv.gz": lambda p: p.write_bytes(gzip.compress(delimited(",").encode())),
    "a.tsv.gz": lambda p: p.write_bytes(gzip.compress(delimited("\t").encode())),
    "a.jsonl": lambda p: p.write_text(lines(), "utf-8"),
    "meta.jsonl": lambda p: p.write_text('{"_meta": {"version": 1}}\n' + lines(), "utf-8"),
    "a.ndjson": lambda p: p.write_text("\n" + lines(), "utf-8"),
    "a.jsonl.gz": lambda p: p.write_bytes(gzip.compress(lines().encode())),
    "a.json": lambda p: p.write_text(array(None), "utf-8"),
    "pretty.json": lambda p: p.write_text("\n " + array(4) + "\n\n", "utf-8"),
    "a.json.gz": lambda p: p.write_bytes(gzip.compress(array(2).encode("utf-16"))),
    "a.parquet": write_parquet,
    "utf-16.csv": lambda p: p.write_text(delimited(","), "utf-16"),
    "utf-16-be.csv": lambda p: p.write_bytes(b"\xfe\xff" + delimited(",").encode("utf-16-be")),
    "utf-16-le-bare.csv": lambda p: p.write_bytes(delimited(",").encode("utf-16-le")),
    "utf-16-be-bare.tsv": lambda p: p.write_bytes(delimited("\t").encode("utf-16-be")),
    "utf-16.csv.gz": lambda p: p.write_bytes(gzip.compress(delimited(",").encode("utf-16"))),
    "utf-32.jsonl": lambda p: p.write_text(lines(), "utf-32"),
    "UPPER.CSV": lambda p: p.write_text(delimited(","), "utf-8"),
}


@pytest.mark.parametrize("name", SOURCES)
def test_every_format_gives_the_same_records(tmp_path: Path, name: str) -> None:
    SOURCES[name](tmp_path / name)
    reader = open_source(tmp_path / name)
    assert reader.columns == list(NAMES)
    for _ in range(2):  # twice the same
        records = list(reader)
        assert [tuple(r.cells.values()) for r in records] == ROWS
        assert [r.number for r in records] == [1, 2, 3] and all(name in r.where for r in records)


ODD_JSON = {"digits": '{"a": ' + "9" * 5000 + "}", "depth": '{"a": ' + "[" * 100_000, "surrogate": '{"a": "\\ud800"}'}


@pytest.mark.parametrize("fault", ODD_JSON)
def test_json_that_cannot_be_held_is_named_by_its_line(tmp_path: Path, fault: str) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n' + ODD_JSON[fault] + "\n")
    with pytest.raises(InputError, match=r"a\.jsonl, row 2: line 2 must be JSON of whole characters"):
        list(open_source(tmp_path / "a.jsonl"))


def test_an_array_is_streamed_in_blocks(tmp_path: Path) -> None:
    rows = [{"text": f"{k} " + "wörter " * (k % 40 * 500), "n": k} for k in range(200)]
    (tmp_path / "a.json").write_text(json.dumps(rows, indent=1), "utf-8")
    assert [record.cells for record in open_source(tmp_path / "a.json")] == rows


def test_an_object_of_an_array_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labelwright.exchange.json_array.MAX_CELL", 1000)
    (tmp_path / "a.json").write_text(json.dumps([{"text": "x" * 1_000_000}]))
    with pytest.raises(InputError, match=r"a\.json, row 1: element 1 must have at most 1,000 characters"):
        list(open_source(tmp_path / "a.json"))


@pytest.mark.parametrize("value", ["9" * 400, "1e400"])
def test_numbers_that_no_float_holds_are_guessed_too(tmp_path: Path, value: str) -> None:
    (tmp_path / "a.csv").write_text("x,y\n" + "".join(f"{k},{k}\n" for k in range(30)) + f"1,{value}\n")
    assert guess(open_source(tmp_path / "a.csv"), Columns(label="y")).task == "regression"


def test_a_folder_of_texts(tmp_path: Path) -> None:
    for name, text in {
        "spam/b.txt": "buy now",
        "ham/a.md": "dear friend",
        ".hidden/c.txt": "x",
        "spam/.d.txt": "y",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    records = list(open_source(tmp_path))
    assert [(r.cells["file"], r.cells["text"], r.cells["folder"]) for r in records] == [
        ("ham/a.md", "dear friend", "ham"), ("spam/b.txt", "buy now", "spam"),
    ]  # fmt: skip


def test_a_folder_of_images(tmp_path: Path) -> None:
    from PIL import Image

    for name in ("cats/1.png", "cats/2.PNG", "dogs/1.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (8, 8)).save(tmp_path / name)
    (tmp_path / "notes.pdf").write_bytes(b"x")
    reader = open_source(tmp_path)
    assert reader.name == "images" and reader.count() == 3
    assert [r.cells["folder"] for r in reader] == ["cats", "cats", "dogs"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "a.csv: the file is empty"),
        ("a.jsonl", b"", "a.jsonl: the file is empty"),
        ("a.csv", b"id,text\n", "a.csv: there are no rows"),
        ("a.csv", b"id,text\n1,one two\n2\n", "a.csv, row 2: a row must have 2 cells, got 1"),
        ("a.csv", b"id,text\n1,one,two\n", "a.csv, row 1: a row must have 2 cells, got 3"),
        ("a.csv", b"id,text\n1,caf\x81 au lait\n", "a.csv, line 2: the text must be UTF-8, UTF-16 or Windows-1252, got a byte that is neither (0x81)"),
        ("a.csv", b"id,t\x81xt\n1,x\n", "a.csv, line 1: the text must be UTF-8"),
        ("a.csv", "id,text\n1,some words\n".encode("utf-16-le") + b"x", "a.csv: the text must be whole UTF-16"),
        ("a.csv", b'id,text\n1,"never closed\n', "a.csv, row 1: the row cannot be read"),
        ("a.csv", b"id,text,text\n1,a,b\n", "a.csv: column names must be distinct, got 'text' twice"),
        ("a.jsonl", b'{"text": "one two"}\n{"text": \n', "a.jsonl, row 2: line 2 must be a JSON object, got invalid JSON"),
        ("a.jsonl", b'{"text": "one two"}\n[1]\n', "a.jsonl, row 2: line 2 must be a JSON object, got list"),
        ("a.jsonl", b'{"text": "caf\x81"}\n', "a.jsonl, line 1: the text must be UTF-8"),
        ("a.jsonl", b"[{}]\n", "a.jsonl, row 1: line 1 must be a JSON object, got list"),
        ("a.parquet", b"not parquet at all", "a.parquet: the file must be Parquet"),
        ("a.csv.gz", b"not gzip at all", "a.csv.gz: the file must be whole and gzipped"),
        ("a.jsonl.gz", gzip.compress(b'{"text": "one two three"}\n' * 99, mtime=0)[:40], "a.jsonl.gz: the file must be whole and gzipped"),
        ("a.json", b'{"text": "x"}', "a.json: the file must be a JSON array of objects, got { in front"),
        ("a.json", b"  ", "a.json: the file must be a JSON array of objects, got nothing"),
        ("a.json", b"[]", "a.json: no columns were found"),
        ("a.json", b'[{"text": "one two"}, 7]', "a.json, row 2: element 2 must be a JSON object, got int"),
        ("a.json", b'[{"text": "one two"} {"text": "x"}]', "a.json, row 1: a comma or the end of the array"),
        ("a.json", b'[{"text": "one two"}, {"text": tru]' + b" " * 99, "a.json, row 2: element 2 must be a JSON object, got invalid JSON"),
        ("a.json", b'[{"text": "one two"}, {"text": "x', "a.json, row 2: element 2 must be a JSON object, got invalid JSON"),
        ("a.json", b'[{"text": "one two"}', "a.json, row 1: a comma or the end of the array"),
        ("a.json", b'[{"text": "one two"}] []', "a.json: the file must end after the array, got '['"),
        ("a.json", b'[{"text": "\\ud800"}]', "a.json, row 1: element 1 must be JSON of whole characters"),
        ("a.json", b'[{"text": ' + b"[" * 100_000, "a.json, row 1: element 1 must be JSON of whole characters"),
        ("a.docx", b"PK", "SOURCE must be a file that ends in"),
    ],
)  # fmt: skip
def test_a_fault_is_one_error_that_names_the_place(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as refused:
        reader = open_source(tmp_path / name)
        guess(reader)
        list(reader)
    assert said in refused.value.message, refused.value.message


def test_a_byte_of_no_encoding_is_found_far_down(tmp_path: Path) -> None:
    rows = [b"text", *[b"some words"] * 20_000, b"caf\x81", *[b"more words"] * 20_000]
    for name, content in {"a.csv": b"\n".join(rows), "a.csv.gz": gzip.compress(b"\n".join(rows))}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match="line 20002: the text must be UTF-8"):
            list(open_source(tmp_path / name))


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_an_encoding_is_found_by_a_byte_far_down(tmp_path: Path, name: str) -> None:
    rows = [b"text", *[b"some words"] * 200_000, "café – 5 €".encode("cp1252")]
    content = b"\n".join(rows)
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    reader = open_source(tmp_path / name)
    assert reader.encoding == "Windows-1252"
    assert list(reader)[-1].cells == {"text": "café – 5 €"}


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"text\nabc\n", "UTF-8"),
        ("text\nzwölf\n".encode("utf-8-sig"), "UTF-8"),
        ("text\nzwölf\n".encode("latin-1"), "Windows-1252"),
        ("text\nzwölf\n".encode("utf-16"), "UTF-16"),
        ("text,more\n北京,上海\n".encode("utf-16-le"), "UTF-16"),
        (b"text\na\0c " + b"words " * 50 + b"\n", "UTF-8"),
    ],
    ids=["ascii", "bom", "latin-1", "utf-16", "utf-16-bare", "one-nul"],
)
def test_the_encoding_is_named(tmp_path: Path, content: bytes, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert open_source(tmp_path / "a.csv").encoding == encoding


def test_texts_of_a_folder_have_an_encoding_each(tmp_path: Path) -> None:
    for name, encoding in {"1.txt": "utf-8", "2.txt": "cp1252", "3.txt": "utf-16"}.items():
        (tmp_path / name).write_text("zwölf\nBoxkämpfer", encoding)
    assert [record.cells["text"] for record in open_source(tmp_path)] == ["zwölf\nBoxkämpfer"] * 3
    (tmp_path / "4.txt").write_bytes(b"caf\x81")
    with pytest.raises(InputError, match=r"row 4, column 'text': '4.txt' must be UTF-8, UTF-16 or Windows-1252"):
        list(open_source(tmp_path))


def test_a_key_that_appears_late_is_refused(tmp_path: Path) -> None:
    rows = [{"text": f"row {i} of them"} for i in range(300)] + [{"text": "x y", "label": "late"}]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    with pytest.raises(InputError, match="row 301: an object must have the keys text, got also 'label'"):
        list(open_source(tmp_path / "a.jsonl"))


def test_a_source_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="SOURCE must exist"):
        open_source(tmp_path / "none.csv")
    with pytest.raises(InputError, match="or a folder of images or of text files"):
        open_source(tmp_path)


def test_an_image_path_must_stay_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.csv").write_text("image\nx.png\n")
    (tmp_path / "secret.png").write_bytes(b"x")
    (tmp_path / "in/link.png").symlink_to(tmp_path / "secret.png")
    reader = open_source(tmp_path / "in/a.csv")
    for name in ("../secret.png", str(tmp_path / "secret.png"), "link.png", "a/../../secret.png"):
        with pytest.raises(InputError, match="must lie inside"):
            reader.resolve(name)


@pytest.mark.parametrize(
    ("header", "row", "kind", "columns", "task"),
    [
        (
            "id,text,label",
            "1,some words in a row,a",
            "text",
            {"id": "id", "text": "text", "label": "label"},
            "classification",
        ),
        ("review,rating", "what a lovely day it was,2.5", "text", {"text": "review"}, "classification"),
        ("image,label", "a.png,cat", "image", {"image": "image", "label": "label"}, "classification"),
        ("width,height,target", "1.5,2,0.25", "table", {"label": "target"}, "regression"),
        ("text,labels", "some words in a row,a|b", "text", {"text": "text", "label": "labels"}, "multilabel"),
    ],
)
def test_columns_are_guessed(
    tmp_path: Path, header: str, row: str, kind: str, columns: dict[str, str], task: str
) -> None:
    (tmp_path / "a.csv").write_text(f"{header}\n{row}\n")
    found = guess(open_source(tmp_path / "a.csv"))
    assert (found.kind, found.task) == (kind, task)
    assert columns.items() <= found.columns.named().items()


def test_an_unknown_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text\n1,one two three\n")
    with pytest.raises(InputError, match="--label must be one of the columns id, text, got 'Label'"):
        guess(open_source(tmp_path / "a.csv"), Columns(label="Label"))


def test_damaged_pages_of_a_parquet_file_are_one_error(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"text": [f"text number {k}" for k in range(2000)], "n": list(range(2000))})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=1000, compression="gzip")
    whole = (tmp_path / "a.parquet").read_bytes()
    places = [100, 2000, len(whole) // 2, len(whole) - 200, len(whole) - 20]
    for at in places:
        (tmp_path / "a.parquet").write_bytes(whole[:at] + b"\xff" * 16 + whole[at + 16 :])
        with pytest.raises(InputError, match=r"^a\.parquet"):
            list(open_source(tmp_path / "a.parquet"))


@pytest.mark.parametrize("kind", ["string", "large_string"])
def test_a_parquet_dictionary_does_not_become_a_bomb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """One long value that thousands of rows refer to is a small file; a hundred rows are enough to fill memory."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from labelwright.exchange import parquet

    codes = pa.array([0] * 4096, pa.int32())
    values = pa.DictionaryArray.from_arrays(codes, pa.array(["x" * (1 << 20)], getattr(pa, kind)()))
    pq.write_table(pa.table({"text": values}), tmp_path / "a.parquet", store_schema=kind == "large_string")
    assert (tmp_path / "a.parquet").stat().st_size < 200_000
    reader = open_source(tmp_path / "a.parquet")
    assert sum(len(str(record.cells["text"])) for record in reader) == 4096 << 20  # 4 GB, but 64 MB at a time
    assert len(guess(reader, Columns(text="text")).sample) == 33  # the budget of a sample is 32 MiB
    monkeypatch.setattr(parquet, "MAX_CELL", 1000)
    with pytest.raises(InputError, match="row 1, column 'text': a cell must have at most 1,000 bytes, got 1,048,576"):
        list(reader)


def test_values_that_python_has_no_type_for_are_named_by_their_row(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    times = pa.array([0, 2**62], pa.timestamp("us"))
    pq.write_table(pa.table({"time": times}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match=r"a\.parquet, row 1: the rows from here on cannot be read"):
        list(open_source(tmp_path / "a.parquet"))


def test_a_survey_of_parquet_reads_the_label_column_alone(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"text": ["x" * 1000] * 3000, "label": [f"c{k // 1000}" for k in range(3000)]})
    pq.write_table(table, tmp_path / "a.parquet")
    reader = open_source(tmp_path / "a.parquet")
    assert next(iter(reader.only(["label"]))).cells == {"label": "c0"}
    found = survey(reader, "label")
    assert (found.n_rows, found.answers.labels("classification"), found.is_cut) == (3000, ("c0", "c1", "c2"), False)
    assert survey(reader, None).n_read == 0
