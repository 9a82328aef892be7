"""Files that are cut off, damaged, in no encoding, too large, empty or bombs: one error with place and cure each.

All formats go through the same checks, as they are written by this package and by the tools themselves.
"""

from __future__ import annotations

import gzip
import importlib
import pkgutil
import random
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import labelwright.exchange
from labelwright.errors import InputError
from labelwright.exchange import formats, open_source, write_as
from labelwright.exchange.guess import guess
from labelwright.services.people import users
from labelwright.services.projects import create
from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft
from labelwright.testing.formats import sample_export
from tests.conftest import make_site

FIXTURES = Path(__file__).parents[1] / "fixtures" / "formats"
OF_TOOLS = [
    "label-studio-1.23.json", "label-studio-1.23.min.json", "label-studio-1.23.csv", "label-studio-1.23.tsv",
    "argilla.json", "prodigy.jsonl", "doccano.jsonl", "huggingface.parquet",
]  # fmt: skip
OURS = [f"sample{one.ending}" for one in formats().values()]
TEXT = (".csv", ".tsv", ".json", ".jsonl")
PACKED = [name + ".gz" for name in OURS if name.endswith(TEXT)]
ALL = [*OURS, *PACKED, *OF_TOOLS]


def sample(name: str, folder: Path) -> Path:
    """A whole file of a format, of the tool itself or written by this package."""
    path = folder / name
    if name in OF_TOOLS:
        path.write_bytes((FIXTURES / name).read_bytes())
    elif name.endswith(".gz"):
        path.write_bytes(gzip.compress(sample(name.removesuffix(".gz"), folder).read_bytes(), mtime=0))
    else:
        write_as(path, sample_export())
    return path


def cut(path: Path) -> None:
    """Cut a file off within a record: in its last line where it has lines, else in its middle."""
    content = path.read_bytes()
    at = content.rfind(b"\n", 0, len(content) - 1) + 4 if path.name.endswith((".csv", ".tsv", ".jsonl")) else 0
    path.write_bytes(content[: at if at > 4 else len(content) // 2])


def read(path: Path) -> int:
    """All that an import does with a file before it has a project: guess, then read every row."""
    reader = open_source(path)
    guess(reader)
    return len(list(reader))


def refused(path: Path) -> str:
    """The one error of a file: it names the file, and says what to do."""
    with pytest.raises(InputError) as caught:
        read(path)
    assert path.name in caught.value.message and caught.value.hint, caught.value.message
    return caught.value.message


@pytest.fixture
def small_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """At most 2,000 characters a cell, line or element."""
    for found in pkgutil.iter_modules(labelwright.exchange.__path__, "labelwright.exchange."):
        module = importlib.import_module(found.name)
        if hasattr(module, "MAX_CELL"):
            monkeypatch.setattr(module, "MAX_CELL", 2000)


@pytest.mark.parametrize("name", ALL)
def test_whole_files_are_read(name: str, tmp_path: Path) -> None:
    assert read(sample(name, tmp_path)) >= 2


@pytest.mark.parametrize("name", ALL)
def test_a_file_that_is_cut_off(name: str, tmp_path: Path) -> None:
    path = sample(name, tmp_path)
    cut(path)
    refused(path)


@pytest.mark.parametrize("name", ALL)
def test_a_damaged_file_is_read_or_refused(name: str, tmp_path: Path) -> None:
    path, rng = sample(name, tmp_path), random.Random(name)
    content, n_refused = path.read_bytes(), 0
    for _ in range(40):
        damaged = bytearray(content)
        for _ in range(rng.choice((1, 4))):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        path.write_bytes(bytes(damaged))
        try:
            read(path)
        except InputError as error:
            n_refused += 1
            assert path.name in error.message and error.hint, error.message
    assert n_refused > 5


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("content", [b"", b"\x00\x01\x81\x8d" * 40], ids=["empty", "bytes of nothing"])
def test_nothing_and_noise(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    refused(tmp_path / name)


@pytest.mark.parametrize("name", OURS)
def test_a_file_without_a_row(name: str, tmp_path: Path) -> None:
    write_as(tmp_path / name, replace(sample_export(), rows=[]))
    refused(tmp_path / name)


@pytest.mark.parametrize("name", [one for one in ALL if one.endswith((*TEXT, ".gz"))])
def test_a_byte_of_no_encoding(name: str, tmp_path: Path) -> None:
    path = sample(name, tmp_path)
    is_packed = name.endswith(".gz")
    content = gzip.decompress(path.read_bytes()) if is_packed else path.read_bytes()
    at = content.rindex(b"a")
    content = content[:at] + b"caf\x81" + content[at + 1 :]
    path.write_bytes(gzip.compress(content) if is_packed else content)
    said = refused(path)
    assert "line " in said and "got a byte that is neither" in said


@pytest.mark.parametrize("name", ["a.parquet", "folder"])
def test_a_column_that_is_no_text_although_it_says_so(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name == "folder":
        shutil.copytree(FIXTURES / "huggingface-folder", path)
        part = next(path.glob("*.arrow"))
        with pa.ipc.open_stream(part) as stream:
            table = stream.read_all()
    else:
        part, table = path, pq.read_table(FIXTURES / "huggingface.parquet")
    broken = pa.array([b"caf\xe9 au lait"] * table.num_rows, pa.binary()).view(pa.string())
    table = table.set_column(table.schema.get_field_index("text"), "text", broken)
    if name == "folder":
        with pa.ipc.new_stream(part, table.schema) as out:
            out.write_table(table)
    else:
        pq.write_table(table, part)
    assert "row 1" in refused(path)


@pytest.mark.parametrize("name", [one for one in (*OURS, *PACKED) if not one.endswith(".xlsx")])
def test_a_cell_that_is_too_large(name: str, tmp_path: Path, small_cells: None) -> None:
    export = sample_export()
    rows = [{**row, "text": "word " * 40_000 if k == 2 else row["text"]} for k, row in enumerate(export.rows)]
    plain = tmp_path / name.removesuffix(".gz")
    write_as(plain, replace(export, rows=rows))
    if name.endswith(".gz"):
        (tmp_path / name).write_bytes(gzip.compress(plain.read_bytes()))
    said = refused(tmp_path / name)
    place = said.partition(":")[0].removeprefix(name)
    assert "at most 2,000" in said and place.startswith((", line 4", ", line 3", ", row 3")), said


@pytest.mark.parametrize("name", [*PACKED, "sample.xlsx", "sample.huggingface.zip"])
def test_a_bomb(name: str, tmp_path: Path) -> None:
    path = sample(name, tmp_path)
    if name.endswith(".gz"):
        content = gzip.decompress(path.read_bytes())
        path.write_bytes(gzip.compress(content + b"\n" * (64 << 20)))
    else:
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("more", bytes(64 << 20))
    assert "at most 200 times its size" in refused(path)


@pytest.mark.parametrize("name", ["sample.xlsx", "sample.huggingface.zip"])
def test_a_zip_that_is_encrypted(name: str, tmp_path: Path) -> None:
    path = sample(name, tmp_path)
    content = bytearray(path.read_bytes())
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(start)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(start, at + 1)
    path.write_bytes(bytes(content))
    assert "encrypted" in refused(path)


@pytest.mark.parametrize("name", ALL)
def test_nothing_of_a_file_that_is_cut_off_is_imported(name: str, tmp_path: Path) -> None:
    site = make_site(tmp_path / "home")
    admin, _ = users.ensure_admin(site)
    whole = tmp_path / "whole.csv"
    whole.write_text("text\nsome words in a row\nother words in a row\n")
    question = QuestionDraft(labels=("sport", "trade"))
    create.create(site, admin, ProjectDraft("there", whole, questions=(question,)))
    path = sample(name, tmp_path)
    cut(path)
    with pytest.raises(InputError):
        create.create(site, admin, ProjectDraft("new", path, questions=(question,)))
    with pytest.raises(InputError):
        create.add(site, admin, "there", source=path)
    store = site.project("there")
    with store.read() as rows:
        assert store.row(rows).n_items == 2
    assert site.store.slugs() == ["there"] and [one.name for one in (site.store.home / "projects").iterdir()] == [
        "there"
    ]
    site.close()
