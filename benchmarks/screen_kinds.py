"""Eight kinds of data that a person labels on the screen, made by a seed as the files that would be dropped."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.data import vocabulary

N_LABELS, N_TOPICS, N_FEATURES = 77, 14, 103
WIDE = 1500  # pixels
LONG = 3000  # words
TWO = ("no", "yes")
DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class Kind:
    """One kind of data.

    Attributes
    ----------
    write : function
        Makes the file or folder below a folder and returns its path, which is named like the slug.
    keys : function
        The keys of the n-th answer, the last of which moves on.
    labels : tuple of str
        Labels that a person names on *Create*; empty where the file has them.
    """

    name: str
    slug: str
    task: str
    write: Callable[[Path], Path]
    keys: Callable[[int], list[str]]
    labels: tuple[str, ...] = ()

    def options(self) -> list[str]:
        """Options of ``labelwright create``."""
        labels = ["--labels", ",".join(self.labels)] if self.labels else ["--label", "label"]
        return ["--task", self.task, *labels]


def label_names(file: Path | None = None, n: int = N_LABELS) -> list[str]:
    """Names of a file with one a line; else made-up ones of two to five words, a third of which they share."""
    if file is not None:
        return sorted({line.strip() for line in file.read_text("utf-8").splitlines() if line.strip()})
    rng = random.Random(1)
    words = vocabulary(120, rng)
    names: set[str] = set()
    while len(names) < n:
        names.add("_".join(rng.choice(words[:30] if rng.random() < 0.33 else words) for _ in range(rng.randint(2, 5))))
    return sorted(names)


def typed(name: str, names: Sequence[str]) -> list[str]:
    """The first letters that no other name begins with, or the whole name."""
    lowered = [one.lower() for one in names]
    wanted = name.lower()
    ends = range(1, len(wanted))
    n = next((n for n in ends if sum(one.startswith(wanted[:n]) for one in lowered) == 1), len(wanted))
    return list(wanted[:n])


def kinds(n_rows: int, names: Sequence[str]) -> list[Kind]:
    """All eight, with so many rows each; a third of the rows of a table or text has a label already."""
    topics = [f"{word}-topic" for word in vocabulary(N_TOPICS, random.Random(2))]
    topic_keys = [[*typed(one, topics), "Enter", "Enter"] for one in topics]
    name_keys = [[*typed(one, names), "Enter"] for one in names]

    def by_digit(n: int) -> list[str]:
        return [str(n % 2 + 1)]

    return [
        Kind("texts, 2 labels", "texts", "classification", _texts("texts", n_rows, TWO, 20), by_digit),
        Kind(
            f"texts, {len(names)} labels", "intents", "classification",
            _texts("intents", max(n_rows, 3 * len(names)), names, 12), lambda n: name_keys[n % len(name_keys)],
        ),
        Kind(
            f"texts of {LONG:,} words", "articles", "classification", _texts("articles", n_rows, TWO, LONG), by_digit
        ),
        Kind("images, 8 x 8", "digits", "classification", _digits(n_rows), lambda n: [DIGITS[n % 10]], DIGITS),
        Kind(f"images, {WIDE:,} pixels", "photos", "classification", _photos(n_rows), by_digit, TWO),
        Kind("table rows, 10 columns", "customers", "classification", _table("customers", n_rows, 10, _two), by_digit),
        Kind(
            f"table rows, {N_FEATURES} columns, {N_TOPICS} labels", "genes", "multilabel",
            _table("genes", n_rows, N_FEATURES, lambda rng, row: "|".join(rng.sample(topics, rng.randint(1, 3)))),
            lambda n: topic_keys[n % N_TOPICS],
        ),
        Kind(
            "table rows, a number", "prices", "regression",
            _table("prices", n_rows, 10, lambda rng, row: f"{100 + 10 * row[0] + rng.gauss(0, 3):.2f}"),
            lambda n: [*str(100 + n), "Enter"],
        ),
    ]  # fmt: skip


Write = Callable[[Path], Path]


def _two(rng: random.Random, row: Sequence[float]) -> str:
    return TWO[int(row[0] + row[1] > 0)]


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def _texts(slug: str, n_rows: int, labels: Sequence[str], n_words: int) -> Write:
    """Texts with a few words of their label."""

    def write(folder: Path) -> Path:
        rng = random.Random(3)
        words = vocabulary(4000, rng)
        rows = []
        for i in range(n_rows):
            k = i % len(labels)
            own = [f"{words[k]}{words[k + 1]}{j}" for j in range(3)]
            text = [*own, *rng.choices(words, k=n_words - len(own))]
            rows.append([f"t{i:05d}", " ".join(text), labels[k] if i // len(labels) % 3 == 0 else ""])
        return _write(folder / f"{slug}.csv", ["id", "text", "label"], rows)

    return write


def _table(slug: str, n_rows: int, n_columns: int, label: Callable[[random.Random, Sequence[float]], str]) -> Write:
    """Rows of numbers."""

    def write(folder: Path) -> Path:
        rng = random.Random(4)
        rows = []
        for i in range(n_rows):
            row = [round(rng.gauss(0, 1), 4) for _ in range(n_columns)]
            rows.append([f"r{i:05d}", *row, label(rng, row) if i % 3 == 0 else ""])
        return _write(folder / f"{slug}.csv", ["id", *(f"feature_{k}" for k in range(n_columns)), "label"], rows)

    return write


def _digits(n_rows: int) -> Write:
    """The digits that ship with scikit-learn."""

    def write(folder: Path) -> Path:
        from PIL import Image
        from sklearn.datasets import load_digits

        (source := folder / "digits").mkdir()
        for i, pixels in enumerate(load_digits().data[:n_rows]):
            Image.fromarray((pixels.reshape(8, 8) * (255 / 16)).astype(np.uint8)).save(source / f"digit-{i:04d}.png")
        return source

    return write


def _photos(n_rows: int) -> Write:
    """JPEGs of coarse noise under fine noise, about as large as a photograph."""

    def write(folder: Path) -> Path:
        from PIL import Image

        rng = np.random.default_rng(5)
        (source := folder / "photos").mkdir()
        fine = rng.normal(0, 12, (WIDE, WIDE, 3))
        for i in range(n_rows):
            coarse = Image.fromarray(rng.integers(0, 256, (12, 12, 3), dtype=np.uint8)).resize((WIDE, WIDE))
            shifted = np.roll(fine, (int(rng.integers(WIDE)), int(rng.integers(WIDE))), axis=(0, 1))
            pixels = np.clip(np.asarray(coarse, dtype=float) + shifted, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(source / f"photo-{i:04d}.jpg", quality=85)
        return source

    return write
