"""Replay at size: rounds of a project run one after the other, then `verify --replay`, beside what the rounds took.

python -m benchmarks.replay --items 100000 --rounds 50

Everything of the last twenty cycles is kept, so that these and the first order are recomputed whole; of older ones the
label versions and verdicts.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.data import write
from benchmarks.record import answer, project, size_of
from benchmarks.table import show


def main() -> None:
    """Parse the options, run the rounds, replay them, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--answers", type=int, default=20, help="a round")
    args = parser.parse_args()
    from labelwright.engine.searching import index_page
    from labelwright.engine.thinning import KEEP_CYCLES
    from labelwright.engine.worker import Worker
    from labelwright.services.record.verify import verify

    with tempfile.TemporaryDirectory() as folder:
        source, home = Path(folder) / "texts.jsonl", Path(folder) / "home"
        write(source, args.items, seed=0, n_words=12)
        site, admin = project(home, source)
        Worker(site.store, maps=False).run(until_idle=True)
        store = site.project("texts")
        while index_page(store):
            pass
        seconds = list[float]()
        for k in range(args.rounds):
            answer(site, admin, args.answers, 0.0, k * args.answers)
            started = time.perf_counter()
            Worker(site.store, maps=False).run(until_idle=True)
            seconds.append(time.perf_counter() - started)
        started = time.perf_counter()
        whole = verify(site, "texts")
        plain = time.perf_counter() - started
        started = time.perf_counter()
        replayed = verify(site, "texts", replay=True)
        replay = time.perf_counter() - started - plain
        show(f"{args.rounds} rounds of {args.answers} answers, {args.items:,} texts", [
            ("the rounds", f"{sum(seconds):.1f} s; the last {KEEP_CYCLES}: {sum(seconds[-KEEP_CYCLES:]):.1f} s"),
            ("verify", f"{plain:.1f} s, {whole.n_problems} problems"),
            ("what --replay adds", f"{replay:.1f} s, {replay / sum(seconds):.2f} times all rounds, "
                                   f"{replay / sum(seconds[-KEEP_CYCLES:]):.2f} times the last {KEEP_CYCLES}, "
                                   f"{replayed.n_problems} problems"),
            ("arrays", f"{size_of(home / 'projects' / 'texts' / 'arrays') / 2**20:.0f} MiB"),
            *[("", line) for line in replayed.lines if line.startswith("replay")],
        ])  # fmt: skip
        site.close()


if __name__ == "__main__":
    main()
