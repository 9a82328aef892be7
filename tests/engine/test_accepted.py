"""What is accepted can be used: trained on, ranked, exported and verified. What is refused leaves no trace.

Hypothesis builds odd files for every reader, kind of item and kind of label, and odd answers. Each goes through the
real services and the real engine.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from labelwright.errors import InputError
from labelwright.exchange import Columns
from labelwright.services.labeling import annotations, queue
from labelwright.services.labeling.given import Given
from labelwright.services.people import users
from labelwright.services.projects import create
from labelwright.services.record import exports
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import make_site, text_draft, train_until_idle

N_ROWS = 16
N_ANSWERS = 4
EXAMPLES = 3
TASKS = ("classification", "multilabel", "regression")
READERS = {
    "text": ("csv", "tsv", "jsonl", "parquet", "folder"),
    "image": ("csv", "jsonl", "parquet", "folder"),
    "table": ("csv", "tsv", "jsonl", "parquet"),
}
ODD_NUMBERS = (0, -1, 1e30, -1e30, 1e-320, 2**63, 10**29, 0.1, 1e15, True)
REFUSED_NUMBERS = (1e31, 1e308, math.inf, -math.inf, 10**309, "1e40", "-inf")
ODD_TEXTS = (
    "a",
    "Ünï ☃",
    "=1+1",
    "\u202eabc",
    "\u200b",
    "0012",
    "two\nlines",
    "x" * 3000,
    "日本語の文",
    "' \" ; ,",
    "NaN.",
)
REFUSED_TEXTS = ("", " \t", "a\ud800b", "x" * 1_000_001)
MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F")
LABELS = {
    "classification": st.sampled_from(["a", "b", "c"]),
    "multilabel": st.sampled_from(["a", "b", "a|b", "a|c"]),
    "regression": st.sampled_from([1.5, -3, 1e30, -1e30, 1e-300, 7]),
}
ANSWERS: dict[str, Any] = {
    "classification": st.sampled_from([{"label": "l_1"}, {"label": "l_2"}, {"label": "l_9"}, {"label": None}, {}]),
    "multilabel": st.sampled_from([{"labels": ["l_1"]}, {"labels": []}, {"labels": ["l_1", "l_2"]}, {"labels": "l_1"}]),
    "regression": st.sampled_from([1e30, 1e40, -2, 10**400, math.nan, 0.5, True]).map(lambda value: {"value": value}),
}


def picture(mode: str, width: int, height: int, form: str) -> bytes:
    """An image of an odd mode or size; PNG or TIFF, whichever can hold it."""
    from PIL import Image

    image = Image.linear_gradient("L").resize((width, height)).convert("I;16" if mode == "I;16" else mode)
    out = io.BytesIO()
    image.save(out, "TIFF" if mode in ("I", "F", "CMYK") else form)
    return out.getvalue()


pictures = st.builds(
    picture, st.sampled_from(MODES), st.integers(1, 40), st.integers(1, 40), st.sampled_from(["PNG", "TIFF"])
)
broken_pictures = st.sampled_from([b"", b"GIF89a", picture("L", 9, 9, "PNG")[:40]])
texts = st.one_of(
    st.sampled_from(ODD_TEXTS), st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=2)
)
numbers = st.one_of(st.sampled_from(ODD_NUMBERS), st.floats(-1e30, 1e30))
CELLS: dict[str, Any] = {
    "text": texts.filter(lambda text: text.strip()), "image": pictures, "table": st.one_of(numbers, texts, st.none()),
}  # fmt: skip
REFUSED: dict[str, Any] = {
    "text": st.sampled_from(REFUSED_TEXTS), "image": broken_pictures,
    "table": st.sampled_from((*REFUSED_NUMBERS, "nul\0", "half\ud800")),
}  # fmt: skip


@st.composite
def rows_of(draw: st.DrawFn, kind: str, task: str, n: int, refused: bool) -> list[dict[str, Any]]:
    """Rows with the columns key, item (and more, for a table) and label; one cell is of what shall be refused."""
    rows = []
    for k in range(n):
        row = {"key": f"k{draw(st.integers(0, 10**6))}-{k}", "item": draw(CELLS[kind]), "label": draw(LABELS[task])}
        if kind == "table":
            row |= {"n": draw(numbers), "word": draw(st.sampled_from(["red", "green", None]))}
        rows.append(row)
    if refused:
        rows[draw(st.integers(0, n - 1))]["item"] = draw(REFUSED[kind])
    return rows


def write(folder: Path, kind: str, reader: str, rows: list[dict[str, Any]]) -> Path:
    """The rows as a file or folder; ``UnicodeError`` or ``ArrowException`` where the format cannot hold them."""
    folder.mkdir()
    if reader == "folder":
        for row in rows:
            inside = folder / "in" / str(row["label"])
            inside.mkdir(parents=True, exist_ok=True)
            path = inside / (row["key"] + (".png" if kind == "image" else ".txt"))
            path.write_bytes(row["item"] if kind == "image" else row["item"].encode())
        return folder / "in"
    if kind == "image" and reader != "parquet":
        for row in rows:
            (folder / f"{row['key']}.png").write_bytes(row["item"])
        rows = [row | {"item": f"{row['key']}.png"} for row in rows]
    path = folder / f"rows.{reader}"
    if reader == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    elif reader == "parquet":
        cells = {name: [row[name] for row in rows] for name in rows[0]}
        if kind == "table":
            cells["item"] = [None if cell is None else str(cell) for cell in cells["item"]]
            cells["n"] = [float(cell) for cell in cells["n"]]
        if "regression" not in folder.name:
            cells["label"] = [str(cell) for cell in cells["label"]]
        else:
            cells["label"] = [float(cell) for cell in cells["label"]]
        pq.write_table(pa.table(cells), path)
    else:
        with path.open("w", newline="", encoding="utf-8") as file:
            out = csv.DictWriter(file, rows[0], delimiter="," if reader == "csv" else "\t")
            out.writeheader()
            out.writerows(rows)
    return path


class Tried:
    """A project of one example on the shared site."""

    def __init__(self, site: Any, folder: Path, slug: str, kind: str, task: str, reader: str) -> None:
        self.site, self.folder, self.slug, self.kind, self.task, self.reader = site, folder, slug, kind, task, reader
        self.admin = users.ensure_admin(site)[0]

    def head(self) -> object:
        """What must not change where something is refused."""
        if self.slug not in self.site.store.slugs():
            return sorted(path.name for path in (self.site.settings.home / "projects").glob(self.slug))
        store = self.site.project(self.slug)
        with store.read() as rows:
            counts = [len(rows.all(rows.select(table))) for table in (t.item, t.content, t.given, t.import_batch)]
            return store.receipt(rows)["hash"], counts

    def source(self, name: str, rows: list[dict[str, Any]]) -> Path | None:
        """The rows as a source; None where the format cannot hold them."""
        try:
            return write(self.folder / f"{self.slug}-{self.task}-{name}", self.kind, self.reader, rows)
        except (UnicodeError, pa.ArrowException):
            return None

    def create(self, source: Path) -> bool:
        """Whether the source was accepted."""
        folder = self.reader == "folder"
        columns = {"id": "file" if folder else "key", "label": "folder" if folder else "label"}
        if self.kind == "table":
            columns |= {"features": ("item", "n", "word")}
        else:
            columns |= {self.kind: self.kind if folder else "item"}
        draft = text_draft(self.slug, source, labels=(), task=self.task, columns=Columns.from_dict(columns))
        return self._accepted(lambda: create.create(self.site, self.admin, draft))

    def add(self, source: Path) -> bool:
        """Whether more rows were accepted."""
        return self._accepted(lambda: create.add(self.site, self.admin, self.slug, source=source))

    def answer(self, answers: list[dict[str, Any]]) -> None:
        """Answer the next items."""
        leases = queue.take(self.site, self.admin, self.slug, n=len(answers)).leases
        for lease, answer in zip(leases, answers, strict=False):
            given = Given.of(
                answer_id=str(uuid.uuid4()), lease_id=lease.id, item_id=lease.item.id, kind="answer", answer=answer
            )
            self._accepted(lambda given=given: annotations.give(self.site, self.admin, self.slug, [given]))

    def _accepted(self, act: Any) -> bool:
        before = self.head()
        try:
            act()
        except InputError:
            assert self.head() == before
            return False
        return True

    def use(self) -> None:
        """Train, rank, export in all formats, and verify."""
        train_until_idle(self.site)
        store = self.site.project(self.slug)
        with store.read() as rows:
            assert rows.all(rows.select(t.ranking)), "the project was not ranked"
            n_items = store.row(rows).n_items
        for ending in ("csv", "jsonl", "parquet"):
            out = self.folder / f"{self.slug}.{ending}"
            assert exports.export(self.site, self.admin, self.slug, out).n_items == n_items
        assert verify(self.site, self.slug).problems == []


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Path, Iterator[int]]]:
    """One site for all examples, a folder for their files, and numbers for their names."""
    folder = tmp_path_factory.mktemp("accepted")
    site = make_site(folder / "home")
    yield site, folder, itertools.count()
    site.close()


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("kind", READERS)
def test_what_is_accepted_is_usable(shared: tuple[Any, Path, Iterator[int]], kind: str, task: str) -> None:
    site, folder, numbers_of_examples = shared
    reader_of = itertools.cycle(READERS[kind])

    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        first=rows_of(kind, task, N_ROWS, refused=False),
        more=rows_of(kind, task, 3, refused=False),
        refused=rows_of(kind, task, 3, refused=True),
        answers=st.lists(ANSWERS[task], min_size=N_ANSWERS, max_size=N_ANSWERS),
    )
    def check(first: Any, more: Any, refused: Any, answers: Any) -> None:
        tried = Tried(site, folder, f"p{next(numbers_of_examples)}", kind, task, next(reader_of))
        if (source := tried.source("refused", refused)) is not None:
            assert not tried.create(source)
        source = tried.source("first", first)
        assert source is not None and tried.create(source)
        for name, rows in (("again", refused), ("more", more)):
            if (source := tried.source(name, rows)) is not None:
                tried.add(source)
        train_until_idle(site)
        tried.answer(answers)
        tried.use()

    check()
