"""Checks for a format of files: what it writes, it reads; broken files are one error with their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from labelwright.errors import InputError
from labelwright.exchange import Answered, Asked, Columns, Export, Format, Said, guess, open_source, write_as
from labelwright.exchange.format import SAID, Row, Value

TEXTS = (
    "The home team won the final match of the season.", "=HYPERLINK(1) is what a spreadsheet would run, \"quoted\"",
    "zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich", "A line\nand another one, with a\ttab between words",
)  # fmt: skip
LABELS = ("sport", "trade")
KINDS: Final[dict[str, tuple[Value, ...]]] = {
    "classification": ("sport", "trade", "sport", None), "multilabel": (["sport", "trade"], ["trade"], None, None),
}  # fmt: skip


def check_format(format: type[Format], folder: Path) -> None:
    """Run all checks on a format; files are written into the folder."""
    for check in FORMAT_CHECKS:
        check(format, folder)


def sample_export(task: str = "classification") -> Export:
    """Four texts; three people have answered two of them, one differs; one has no label."""
    rows: list[Row] = []
    for k, (text, label) in enumerate(zip(TEXTS, KINDS[task], strict=True)):
        answers: tuple[Answered, ...] = ()
        if label is not None:
            other: Value = list(LABELS[:1]) if task == "multilabel" else LABELS[k % 2 - 1]
            answers = (
                Answered("p_1", label, "2026-05-04T10:00:00Z", 2.5, "chosen", None, "clear"),
                Answered("p_2", label, "2026-05-04T10:00:00Z", 3.5, "random", 0.125, None),
                Answered("p_3", other, "2026-05-04T11:00:00Z", 1.5, "chosen", None, "not sure"),
            )
        said = Said(label, answers, label, 0.75)
        shown = "|".join(label) if isinstance(label, list) else label
        rows.append({
            "id": f"i{k}", "key": f"k{k}", "split": "pool", "label": shown, "confidence": 2 / 3 if label else None,
            "annotations": [vars(one) for one in answers] or None, "prediction": shown, "propensity": 0.125,
            "posterior": {"sport": 0.75} if label else None, "reason": "clear", "state": "standing", "text": text,
            SAID: {"topic": said},
        })  # fmt: skip
    columns = [name for name in rows[0] if name != SAID]
    return Export(columns, rows, "text", (Asked("topic", "Which one?", task, LABELS),), ("text",))


def sample_numbers() -> Export:
    """Four texts with a number for an answer, but one."""
    export = sample_export()
    numbers = (1.5, 3.0, -2.25, None)
    rows = [
        {**row, "label": number, "prediction": number, "posterior": None, SAID: {"topic": Said(number)}}
        for row, number in zip(export.rows, numbers, strict=True)
    ]
    return replace(export, rows=rows, questions=(Asked("topic", "How much?", "regression"),))


def _written(format: type[Format], folder: Path, export: Export, name: str = "sample") -> Path:
    path = folder / f"{name}{format.ending}"
    written = write_as(path, export, format.name)
    assert written.n_rows == len(list(export.rows)), f"{written.n_rows} rows were written"
    return path


def _read_back(format: type[Format], folder: Path, export: Export, task: str) -> list[tuple[str, str, object]]:
    """Id, text and label of each row as an import would take them, by the guess about the columns."""
    reader = open_source(_written(format, folder, export))
    assert type(reader) is format, f"the file was taken for {reader.name}"
    label = next(name for name in reader.columns if name in ("label", "labels"))
    key = "key" if "key" in reader.columns else "id"
    columns = guess(reader, Columns(id=key, text="text", label=label), task=task).columns
    assert columns.text is not None
    return [(str(r.cells[key]), str(r.cells[columns.text]), r.cells[label]) for r in reader]


def what_is_written_is_read(format: type[Format], folder: Path) -> None:
    """Ids, texts and labels of an export come back; a formula may stand behind an apostrophe."""
    labels = KINDS["classification"]
    expected = [(f"k{k}", text, label) for k, (text, label) in enumerate(zip(TEXTS, labels, strict=True))]
    got = _read_back(format, folder, sample_export(), "classification")
    assert [(key, text.removeprefix("'"), label or None) for key, text, label in got] == expected, got


def several_labels_come_back(format: type[Format], folder: Path) -> None:
    """Labels of a multilabel question come back as a list, or in one cell with ``|`` between them."""
    got = [label for _, _, label in _read_back(format, folder, sample_export("multilabel"), "multilabel")]
    names = [label.split("|") if isinstance(label, str) and label else label or None for label in got]
    assert names == list(KINDS["multilabel"]), names


def numbers_come_back(format: type[Format], folder: Path) -> None:
    """Numbers come back as numbers, or as text that reads as these."""
    got = [label for _, _, label in _read_back(format, folder, sample_numbers(), "regression")]
    assert [None if one in (None, "") else float(str(one)) for one in got] == [1.5, 3.0, -2.25, None], got


def the_same_export_has_the_same_bytes(format: type[Format], folder: Path) -> None:
    """An export of a moment in the past can be made again, byte for byte."""
    one, two = (_written(format, folder, sample_export(), name) for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def a_cut_file_is_one_error(format: type[Format], folder: Path) -> None:
    """A file of which the end is missing is refused, with its name in the message."""
    path = _written(format, folder, sample_export(), "cut")
    content = path.read_bytes()
    for share in (0.3, 0.6, 0.9):
        path.write_bytes(content[: int(len(content) * share)])
        try:
            rows = [record for record in open_source(path)]
        except InputError as error:
            assert path.name in error.message, error.message
            continue
        assert len(rows) < len(TEXTS) or format.name in ("csv", "tsv"), f"{share:.0%} of the file passes for the whole"


def rubbish_is_one_error(format: type[Format], folder: Path) -> None:
    """A file that is of another kind altogether is refused, with its name in the message."""
    path = folder / f"rubbish{format.ending}"
    for content in (b"\x00\x01\x02\x03" * 400, b"PK\x03\x04 no archive", b'[{"a": 1}, 2]', b'{"a": [1, 2'):
        path.write_bytes(content)
        try:
            for record in open_source(path):
                assert record.cells is not None
        except InputError as error:
            assert path.name in error.message, error.message


def a_failure_leaves_no_file(format: type[Format], folder: Path) -> None:
    """Rows that fail half way leave nothing behind."""
    export = sample_export()

    def broken() -> Iterator[Row]:
        yield next(iter(export.rows))
        raise RuntimeError("half way")

    path = folder / f"broken{format.ending}"
    with suppress(RuntimeError):
        write_as(path, replace(export, rows=broken()), format.name)
    assert not path.exists() and not list(folder.glob(".broken*"))


FORMAT_CHECKS: tuple[Callable[[type[Format], Path], None], ...] = (
    what_is_written_is_read, several_labels_come_back, numbers_come_back, the_same_export_has_the_same_bytes,
    a_cut_file_is_one_error, rubbish_is_one_error, a_failure_leaves_no_file,
)  # fmt: skip
