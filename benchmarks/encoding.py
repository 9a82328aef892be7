"""Encoding the items of a project in the background, beside the encoder alone: seconds, memory, and after a kill.

python -m benchmarks.encoding --items 100000 --spec wordllama

The project begins on TF-IDF; the encoder that is measured makes its features as it does beside people who label. The
encoder alone encodes the same texts, read already, in blocks of 512. Each run is a process of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.data import LABELS, write
from benchmarks.processes import environment, opened
from benchmarks.table import show

SLUG = "encoding"
ALONE = """
import json, resource, sys, time
from labelwright import encoders
from labelwright.items.base import Content
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
contents = [Content({"text": text}) for text in texts]
encoder = encoders.make(sys.argv[2]).fit(contents[:1])
start = time.perf_counter()
for first in range(0, len(contents), 512):
    encoder.transform(contents[first : first + 512])
seconds = time.perf_counter() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
IN_PROJECT = """
import json, resource, sys, time
from pathlib import Path
from benchmarks.processes import opened
from labelwright.engine import candidates
with opened(Path(sys.argv[1])) as site:
    start = time.perf_counter()
    candidates.make(site.project("encoding"))
    seconds = time.perf_counter() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def child(code: str, home: Path, *arguments: str) -> tuple[float, float]:
    """Seconds and peak MiB of a process."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment(home), capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    seconds, peak = json.loads(done.stdout.splitlines()[-1])
    return float(seconds), float(peak)


def prepare(home: Path, source: Path, spec: str) -> None:
    """A project whose second encoder has encoded nothing yet; TF-IDF is ready."""
    from labelwright.engine.worker import Worker
    from labelwright.services.people import users
    from labelwright.services.projects import create
    from labelwright.services.steering import encoders

    with opened(home) as site:
        admin, _ = users.ensure_admin(site)
        question = create.QuestionDraft(labels=tuple(LABELS))
        create.create(site, admin, create.ProjectDraft(SLUG, source, questions=(question,)))
        Worker(site.store, maps=False).run(until_idle=True)
        encoders.name(site, admin, SLUG, ["tfidf", spec])


def made(home: Path, spec: str) -> int:
    """How many items are encoded."""
    from labelwright.engine import encoding, features

    with opened(home) as site:
        store = site.project(SLUG)
        with store.read() as rows:
            return encoding.n_made(store, rows, features.revision_of(rows, spec))


def killed(home: Path, spec: str, share: float, n_items: int) -> int:
    """Encode until a share of the items is done, then kill -9; how many are kept."""
    process = subprocess.Popen([sys.executable, "-c", IN_PROJECT, str(home)], env=environment(home),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    while made(home, spec) < share * n_items and process.poll() is None:
        time.sleep(0.02)
    process.kill()
    process.wait()
    return made(home, spec)


def main() -> None:
    """Parse the options, encode, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--spec", default="wordllama")
    parser.add_argument("--words", type=int, default=14)
    args = parser.parse_args()
    rows = []
    for n in (args.items // 4, args.items):
        with tempfile.TemporaryDirectory() as folder:
            home, source = Path(folder) / "home", Path(folder) / "texts.jsonl"
            write(source, n, seed=0, n_words=args.words)
            prepare(home, source, args.spec)
            alone = [child(ALONE, home, str(source), args.spec)[0]]
            seconds, peak = child(IN_PROJECT, home, str(home))
            alone.append(child(ALONE, home, str(source), args.spec)[0])
            by = f"{seconds / (sum(alone) / 2):.2f} times"
            told = f"{seconds:.1f} s in the project, {alone[0]:.1f} and {alone[1]:.1f} s the encoder alone: {by}"
            rows.append((f"{n:,} texts", f"{told}; peak {peak:,.0f} MiB"))
    with tempfile.TemporaryDirectory() as folder:
        home, source = Path(folder) / "home", Path(folder) / "texts.jsonl"
        write(source, args.items, seed=0, n_words=args.words)
        prepare(home, source, args.spec)
        kept = killed(home, args.spec, 0.4, args.items)
        seconds, _ = child(IN_PROJECT, home, str(home))
        rows.append(("killed on the way", f"{kept:,} of {args.items:,} kept, the rest took {seconds:.1f} s"))
    show(f"encoding by {args.spec}", rows)


if __name__ == "__main__":
    main()
