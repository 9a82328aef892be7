"""Guess from the first rows which column holds what; the guess is shown and can be changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any

from labelwright.budgets import SAMPLE_SIZE
from labelwright.exchange.answer_column import answer_column
from labelwright.exchange.answers import Answers, is_number
from labelwright.exchange.folders import IMAGES
from labelwright.exchange.reader import Columns, Reader, Record
from labelwright.exchange.vectors import FEWEST, embedding_columns

ROWS = 500
_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "key", "uid", "uuid", "item_id", "doc_id", "file", "filename", "name"),
    "text": ("text", "sentence", "content", "body", "abstract", "document", "review", "message", "question", "title"),
    "image": ("image", "img", "image_path", "path", "file_path", "picture"),
    "label": ("label", "labels", "class", "target", "y", "category", "annotation", "answer", "intent", "included"),
    "group": ("group", "group_id", "patient", "patient_id", "author", "user_id", "document_id", "session"),
    "time": ("time", "date", "timestamp", "datetime", "created_at", "created"),
    "domain": ("domain", "site", "source", "dataset"),
    "cost": ("cost", "price_to_label"),
    "licence": ("licence", "license"),
    "consent": ("consent", "consent_given"),
    "embedding": ("embedding", "embeddings", "vector"),
}
TERMS = ("licence", "consent")
_IDS = ("id", "key", "uid", "uuid", "item_id", "doc_id")


@dataclass(frozen=True)
class Guess:
    """What a source seems to hold.

    ``kind`` is text, image or table; ``task`` is what the first rows of the label column look like (classification
    without one). Which labels there are takes a pass over the whole column: ``survey``. ``answer`` is a column of a
    table that looks like the answer although nobody has said so: it has no role until a person gives it one.
    """

    kind: str
    columns: Columns
    task: str
    sample: tuple[Record, ...]
    answer: str | None = None


def guess(reader: Reader, given: Columns | None = None, *, task: str | None = None) -> Guess:
    """Fill in the columns that the caller did not give, from their names and the values of the first rows.

    Parameters
    ----------
    given : Columns
        What is already known; it is never overruled.

    Raises
    ------
    InputError
        If a given column does not exist, or the source has no row.
    """
    given = given or Columns()
    given.check(reader.columns, f"create: {reader.path.name}")
    sample = tuple(first_rows(reader))
    if not sample:
        raise reader.fail("there are no rows.", "Choose a file with at least one row below the header.")
    free = [name for name in reader.columns if name not in given.named().values() and name not in given.features]
    free = [name for name in free if name not in dict(given.labels).values()]
    cells = {name: [r.cells[name] for r in sample if not is_blank(r.cells[name])] for name in reader.columns}

    def by_name(role: str) -> str | None:
        lowered = {name.lower(): name for name in free}
        return next((lowered[n] for n in _NAMES[role] if n in lowered), None)

    found = dict(given.named())
    refused = {role for role, column in asdict(given).items() if column == ""}

    def open_to(role: str) -> bool:
        return role not in found and role not in refused

    embedded = embedding_columns(given, free)
    free = [name for name in free if name not in embedded]
    for role in ("label", "group", "time", "domain", "cost", "embedding"):
        if open_to(role) and (name := by_name(role)) is not None and _fits(role, cells[name]):
            found[role] = name
            free.remove(name)
    name = by_name("id")
    # a column that is called an id is taken for one even with duplicates, so that these are reported
    if open_to("id") and name and (name.lower() in _IDS or len(set(map(str, cells[name]))) == len(sample)):
        found["id"] = name
        free.remove(name)
    kind = "table"
    if not given.features and "text" not in found and "image" not in found:
        images = [n for n in free if _looks_like_images(cells[n])]
        longest = max(free, key=lambda n: _mean_length(cells[n]), default=None)
        text = by_name("text")
        if images and open_to("image"):
            found["image"] = by_name("image") or images[0]
        elif not open_to("text"):
            pass
        elif text is not None and _mean_words(cells[text]) >= 2:
            found["text"] = text
        elif longest is not None and _mean_words(cells[longest]) >= 4:
            found["text"] = longest
    if "image" in found:
        kind = "image"
    elif "text" in found:
        kind = "text"
    for role in TERMS if kind != "table" else ():  # of a table they may be features
        if open_to(role) and (name := by_name(role)) is not None:
            found[role] = name
    columns = Columns(**found, features=given.features, labels=given.labels)
    answer = None
    if kind == "table":
        roles = {*columns.named().values(), *dict(columns.labels).values(), *embedding_columns(columns, reader.columns)}
        rest = [name for name in reader.columns if name not in roles]
        if open_to("label") and len(rest) > 1:
            likely = answer_column({name: cells[name] for name in rest}, task)
            answer = likely if likely not in columns.features else None
        if not columns.features:
            columns = replace(columns, features=tuple(name for name in rest if name != answer))
        if not columns.features:
            raise reader.fail(
                "no column is left to show.",
                "Name the column of texts, of images, or those of features (--text, --image, --features).",
            )
    answers = Answers()
    for value in cells[columns.label] if columns.label else []:
        answers.add(value)
    return Guess(kind, columns, task or answers.task(), sample, answer)


def first_rows(reader: Reader) -> Iterator[Record]:
    """The rows from which columns are guessed: `ROWS` at most, fewer where they are large."""
    size = 0
    for record in islice(iter(reader), ROWS):
        yield record
        size += record.size
        if size > SAMPLE_SIZE:
            return


def is_blank(cell: object) -> bool:
    """Whether a cell says nothing: null, NaN or only spaces."""
    return cell is None or (isinstance(cell, float) and cell != cell) or (isinstance(cell, str) and not cell.strip())


def _fits(role: str, values: Sequence[Any]) -> bool:
    if role == "embedding":
        return bool(values) and all(isinstance(v, list) and len(v) >= FEWEST and is_number(v[0]) for v in values)
    return bool(values) and (role != "cost" or all(is_number(v) for v in values))


def _mean_length(values: Sequence[Any]) -> float:
    texts = [v for v in values if isinstance(v, str) and not is_number(v)]
    return sum(map(len, texts)) / len(values) if values and len(texts) * 2 > len(values) else 0.0


def _mean_words(values: Sequence[Any]) -> float:
    return sum(len(str(v).split()) for v in values) / len(values) if values else 0.0


def _looks_like_images(values: Sequence[Any]) -> bool:
    if not values:
        return False
    return all(isinstance(v, bytes) or (isinstance(v, str) and v.lower().endswith(IMAGES)) for v in values)
