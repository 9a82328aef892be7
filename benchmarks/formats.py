"""Every format: seconds, size and peak memory of an export of labeled texts, and of the import of what was written.

python -m benchmarks.formats --items 100000

Each command is a process of its own, which takes about two seconds to start. Labels are those that came with the items.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from pathlib import Path

import pandas as pd

from benchmarks.data import texts
from benchmarks.imports import run
from benchmarks.processes import opened

SLUG = "labeled"


def prepare(home: Path, source: Path, n_items: int) -> None:
    """A project of texts that came with labels."""
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "text", "label"))
        writer.writerows(texts(n_items))
    columns = ("--id", "id", "--text", "text", "--label", "label")
    run(home, "create", SLUG, str(source), "--task", "classification", *columns)


def came_back(home: Path, slug: str) -> tuple[int, int]:
    """How many items and how many labels a project has."""
    from sqlalchemy import func

    from labelwright.store import tables as t

    with opened(home) as site, site.project(slug).read() as rows:
        counts = [rows.scalar(rows.select(func.count(), of=table)) for table in (t.item, t.given)]
    return int(counts[0]), int(counts[1])


def measured(folder: Path, home: Path, name: str, ending: str) -> dict[str, object]:
    """The row of a format."""
    path, back = folder / f"labels{ending}", f"back-{name}"
    wrote, peak = run(home, "export", SLUG, str(path), "--format", name)
    read, peak_read = run(home, "create", back, str(path), "--task", "classification", "--label", "label")
    n_items, n_labels = came_back(home, back)
    size = path.stat().st_size / 2**20
    path.unlink()
    return {
        "format": name, "MiB": round(size, 1), "written in s": round(wrote, 1), "peak MiB": round(peak),
        "read in s": round(read, 1), "its peak MiB": round(peak_read), "items": n_items, "labels": n_labels,
    }  # fmt: skip


def main() -> None:
    """Parse the options, print a row a format."""
    from labelwright.exchange import formats

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=100_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, rows = Path(folder) / "home", []
        prepare(home, Path(folder) / "texts.csv", args.items)
        for name, kind in sorted(formats().items()):
            rows.append(measured(Path(folder), home, name, kind.ending))
            print(rows[-1], flush=True)
    print(f"\n{args.items:,} labeled texts\n{pd.DataFrame(rows).to_string(index=False)}")


if __name__ == "__main__":
    main()
