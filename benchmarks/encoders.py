"""What an encoder brings: accuracy by random labels of texts and images, for each encoder with the same learner.

python -m benchmarks.encoders --data DIR --specs tfidf,wordllama,st:/models/all-MiniLM-L6-v2

DIR holds texts as NAME.jsonl.gz (lines with "text" and "label"); the digits of scikit-learn are images. Three random
splits, the last thousand items are the test.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from sklearn.datasets import load_digits

import labelwright as lw
from benchmarks.table import show
from labelwright import models, tasks

N_TEST, SPLITS = 1000, 3


def texts(path: Path, most: int) -> tuple[list[object], npt.NDArray[np.str_]]:
    """Texts and labels of a file, a random part of it."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if "text" in row and row.get("label") is not None]
    some = np.random.default_rng(0).permutation(len(rows))[:most]
    return [rows[k]["text"] for k in some], np.array([str(rows[k]["label"]) for k in some])


def digits() -> tuple[list[object], npt.NDArray[np.str_]]:
    """The digits of scikit-learn as PNG images."""
    found = load_digits()
    files = []
    for image in found.images:
        file = io.BytesIO()
        Image.fromarray((image * 15).astype(np.uint8)).save(file, "PNG")
        files.append(file.getvalue())
    return files, found.target.astype(str)


def accuracy(X: npt.NDArray[Any], y: npt.NDArray[np.str_], n: int) -> list[float]:
    """Of the linear model with n random labels, one for each split, in percent."""
    names = sorted(set(y))
    task = tasks.make("classification", tasks.guess("classification", names))
    codes, found = np.searchsorted(names, y), []
    for seed in range(SPLITS):
        order = np.random.default_rng(seed).permutation(len(y))
        labeled, test = order[:n], order[-N_TEST:]
        model = models.make("linear", task, random_state=seed).fit(X[labeled], codes[labeled])
        found.append(100 * float((task.proba(model.predict(X[test])).argmax(axis=1) == codes[test]).mean()))
    return found


def compare(name: str, items: Sequence[object], y: npt.NDArray[np.str_], specs: list[str], at: list[int]) -> None:
    """Encode by each, train with each number of labels, print."""
    features, seconds = {}, {}
    for spec in specs:
        started = time.perf_counter()
        features[spec] = lw.encode(items, spec)
        seconds[spec] = time.perf_counter() - started
    short = {spec: spec.rpartition("/")[2] for spec in specs}
    rows = [("items a second", "; ".join(f"{short[spec]} {len(items) / seconds[spec]:,.0f}" for spec in specs))]
    for n in at:
        if n <= len(items) - N_TEST:
            figures = (f"{short[spec]} {np.mean(accuracy(features[spec], y, n)):.1f}" for spec in specs)
            rows.append((f"{n} labels", "; ".join(figures)))
    show(f"{name}: {len(items):,} items, {len(set(y))} classes, {SPLITS} splits, accuracy in %", rows)


def main() -> None:
    """Parse the options, compare on each set, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--sets", nargs="*", default=["banking77", "fine_foods"])
    parser.add_argument("--specs", default="tfidf,wordllama,tfidf+wordllama")
    parser.add_argument("--labels", type=int, nargs="+", default=[50, 100, 200, 400, 800, 1500])
    parser.add_argument("--items", type=int, default=4000)
    args = parser.parse_args()
    compare("digits", *digits(), ["pixels", "hog", "pixels+hog"], args.labels)
    for name in args.sets if args.data else ():
        compare(name, *texts(args.data / f"{name}.jsonl.gz", args.items), args.specs.split(","), args.labels)


if __name__ == "__main__":
    main()
