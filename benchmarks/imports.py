"""Import of 1,000,000 short texts: wall time and peak memory of the importing process.

python -m benchmarks.imports --items 1000000
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.data import LABELS, write
from benchmarks.processes import environment
from benchmarks.table import show

CHILD = """
import resource, runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_module("labelwright", run_name="__main__", alter_sys=False)
finally:
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def run(home: Path, *arguments: str) -> tuple[float, float]:
    """Seconds and peak MiB of one command."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, "labelwright", "--home", str(home), *arguments], env=environment(home),
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    return time.perf_counter() - started, int(done.stderr.rpartition("peak ")[2].split()[0]) / 1024


def main() -> None:
    """Parse the options, import, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--words", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, help="a file of texts, one a line, in place of made-up ones")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, source = Path(folder) / "home", Path(folder) / "texts.jsonl"
        write(source, args.items, seed=args.seed, n_words=args.words, data=args.data)
        n_bytes = source.stat().st_size
        created, peak = run(
            home, "create", "big", str(source), "--task", "classification", "--labels", ",".join(LABELS)
        )
        again, peak_again = run(home, "add", "big", str(source))
        database = sum(os.path.getsize(p) for p in (home / "projects/big").glob("project.sqlite*"))
    show(f"import of {args.items:,} texts, {n_bytes / 2**20:.0f} MiB", [
        ("create", f"{created:.1f} s, {args.items / created:,.0f} rows a second"),
        ("peak memory", f"{peak:,.0f} MiB"),
        ("the same file added again (nothing new)", f"{again:.1f} s, peak {peak_again:,.0f} MiB"),
        ("database", f"{database / 2**20:,.0f} MiB"),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
