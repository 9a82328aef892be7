"""Texts to import: drawn from a vocabulary by a seed, or taken from a file."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

LABELS = ("sport", "food", "law", "space")
SYLLABLES = ("ka", "to", "mi", "ra", "len", "so", "vi", "du", "pen", "ar", "ul", "ne", "gor", "sta", "bi", "chu")


def vocabulary(n_words: int, rng: random.Random) -> list[str]:
    """Distinct made-up words."""
    words: dict[str, None] = {}
    while len(words) < n_words:
        words["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4)))] = None
    return list(words)


def texts(n: int, seed: int = 0, *, n_words: int = 14) -> Iterator[tuple[str, str, str]]:
    """Yield (id, text, label): common words by Zipf's law, and a few that go with the label."""
    rng = random.Random(seed)
    common = vocabulary(6000, rng)
    weights = [1 / (rank + 10) for rank in range(len(common))]
    topical = {label: [f"{word}{label[:2]}" for word in vocabulary(200, rng)] for label in LABELS}
    for i in range(n):
        label = rng.choice(LABELS)
        words = rng.choices(common, weights, k=n_words - 3) + rng.choices(topical[label], k=3)
        rng.shuffle(words)
        yield f"t{i:07d}", " ".join(words), label


def write(path: Path, n: int, *, seed: int = 0, n_words: int = 14, data: Path | None = None) -> dict[str, str]:
    """Write ``n`` texts as JSONL; return the label by id.

    With ``data``, a text file with one text a line, its lines are used, in turn, in place of made-up ones.
    """
    lines = [line for line in data.read_text("utf-8").splitlines() if line.strip()] if data else []
    truth = {}
    with path.open("w", encoding="utf-8") as file:
        for i, (key, text, label) in enumerate(texts(n, seed, n_words=n_words)):
            if lines:
                text = lines[i % len(lines)] + (f" {i // len(lines)}" if i >= len(lines) else "")
            truth[key] = label
            file.write(json.dumps({"id": key, "text": text}, ensure_ascii=False) + "\n")
    return truth
