"""Replay at size: rounds of a project run one after the other, then `verify --replay`, beside what the rounds took.

python -m benchmarks.replay --items 100000 --rounds 50

Everything of the last twenty cycles is kept, so that these are recomputed whole; of older ones the label versions and
verdicts. Level 1 is what must come out equal, level 2 fits the models anew.
"""

from __future__ import annotations

import argparse
import functools
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.data import write
from benchmarks.record import answer, project, size_of
from benchmarks.table import show


def clocked(module: Any, name: str, spent: list[float]) -> None:
    """Note the seconds of each call of a function of a module."""
    function = getattr(module, name)

    @functools.wraps(function)
    def timed(*args: object) -> Any:
        started = time.perf_counter()
        found = function(*args)
        spent.append(time.perf_counter() - started)
        return found

    setattr(module, name, timed)


def main() -> None:
    """Parse the options, run the rounds, replay them, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--answers", type=int, default=20, help="a round")
    args = parser.parse_args()
    from labelwright.engine.searching import index_page
    from labelwright.engine.thinning import KEEP_CYCLES
    from labelwright.engine.verifying import replay as replaying
    from labelwright.engine.verifying import run as running
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
        refits, replays = list[float](), list[float]()
        for name in ("_refit_distance", "_control_distance", "_arms_distance"):
            clocked(replaying, name, refits)
        clocked(running, "replay_rounds", replays)
        replayed = verify(site, "texts", replay=True)
        equal = sum(replays) - sum(refits)
        last = sum(seconds[-KEEP_CYCLES:])
        show(f"{args.rounds} rounds of {args.answers} answers, {args.items:,} texts", [
            ("the rounds", f"{sum(seconds):.1f} s; the last {KEEP_CYCLES}: {last:.1f} s"),
            ("verify", f"{plain:.1f} s, {whole.n_problems} problems"),
            ("level 1", f"{equal:.1f} s, {equal / sum(seconds):.2f} times all rounds, {equal / last:.2f} times "
                        f"the last {KEEP_CYCLES}, {replayed.n_problems} problems"),
            ("level 2", f"{sum(refits):.1f} s, {sum(refits) / last:.2f} times the last {KEEP_CYCLES}"),
            ("arrays", f"{size_of(home / 'projects' / 'texts' / 'arrays') / 2**20:.0f} MiB"),
            *[("", line) for line in replayed.lines if line.startswith("replay")],
        ])  # fmt: skip
        site.close()


if __name__ == "__main__":
    main()
