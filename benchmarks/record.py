"""The record: ``verify`` in events a second, bytes an annotation with training on, processor time of an idle worker.

python -m benchmarks.record --answers 3000
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.data import LABELS, write
from benchmarks.table import show


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def project(home: Path, source: Path) -> Any:
    """A project of texts; its site and admin."""
    from labelwright.services.people import users
    from labelwright.services.projects import create
    from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft
    from labelwright.services.site import Site
    from labelwright.services.site.settings import load

    site = Site(load({"home": home}, environ={}))
    admin, _ = users.ensure_admin(site)
    create.create(site, admin, ProjectDraft("texts", source, questions=(QuestionDraft(labels=LABELS),)))
    return site, admin


def answer(site: Any, admin: Any, n: int, pause: float, serial: int, at_once: int) -> int:
    """Answer what the queue gives, a few at once as a grid of items does."""
    from labelwright.services.labeling import annotations, queue

    given = 0
    while given < n:
        leases = queue.take(site, admin, "texts", n=max(at_once, 5)).leases
        if not leases:
            time.sleep(0.05)
        for start in range(0, len(leases), at_once):
            together = [
                annotations.Given.of(
                    answer_id=f"{serial + given + k:032x}0000", lease_id=lease.id, item_id=lease.item.id,
                    kind="answer", answer={"label": f"l_{(serial + given + k) % len(LABELS) + 1}"}, seconds=1.0,
                )
                for k, lease in enumerate(leases[start : start + at_once])
            ]  # fmt: skip
            annotations.give(site, admin, "texts", together)
            given += len(together)
            time.sleep(pause)
    return given


def main() -> None:
    """Parse the options, label with a worker beside, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--answers", type=int, default=3000)
    parser.add_argument("--at-once", type=int, default=1, help="answers that are sent together")
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between two answers")
    parser.add_argument("--idle", type=float, default=10.0, help="seconds to watch an idle worker")
    args = parser.parse_args()
    from labelwright.engine.searching import index_page
    from labelwright.engine.worker import Worker
    from labelwright.services.record.verify import verify
    from labelwright.store import tables as t

    with tempfile.TemporaryDirectory() as folder:
        source, home = Path(folder) / "texts.jsonl", Path(folder) / "home"
        write(source, args.items, seed=0, n_words=12)
        site, admin = project(home, source)
        worker = Worker(site.store)
        thread = threading.Thread(target=worker.run, daemon=True)
        thread.start()
        while site.project("texts").arrays.files("cycles/000001") == [] or thread.is_alive() is False:
            time.sleep(0.1)
        time.sleep(2)
        while index_page(site.project("texts")):  # the full-text index is of items, not of annotations
            pass
        sizes = []
        base = home / "projects" / "texts"
        done = 0
        for share in (0.5, 0.5):
            done += answer(site, admin, int(args.answers * share), args.pause, done, args.at_once)
            time.sleep(22)  # the last cycle
            with site.project("texts").database.write() as connection:
                connection.exec_driver_sql("SELECT 1")
            sizes.append((done, os.path.getsize(base / "project.sqlite"), size_of(base / "arrays")))
        used, began = time.process_time(), time.monotonic()
        time.sleep(args.idle)
        idle = (time.process_time() - used) / (time.monotonic() - began)
        worker.stop()
        thread.join(30)
        store = site.project("texts")
        with store.read() as rows:
            events = store.head_seq(rows)
            cycles = len(list(rows.scalars(rows.select(t.ranking.c.cycle))))
        started = time.perf_counter()
        report = verify(site, "texts")
        whole = time.perf_counter() - started
        started = time.perf_counter()
        verify(site, "texts", full=True)
        full = time.perf_counter() - started
        from labelwright.store import chain

        started = time.perf_counter()
        with store.read() as rows:
            last = chain.GENESIS
            for event in store.events(rows):
                assert chain.link(last, event.body) == event.hash
                last = event.hash
        read = time.perf_counter() - started
        (half, rows_half, arrays_half), (end, rows_end, arrays_end) = sizes
        n = end - half
        show(f"the record of {args.items:,} texts after {done:,} answers, {events:,} events, {cycles} cycles", [
            ("chain read and hashed", f"{events / read:,.0f} events a second"),
            ("verify", f"{events / whole:,.0f} events a second, {whole:.2f} s, {report.n_problems} problems"),
            ("verify --full", f"{events / full:,.0f} events a second"),
            ("database, growth", f"{(rows_end - rows_half) / n:,.0f} bytes an annotation"),
            ("arrays, growth", f"{(arrays_end - arrays_half) / n:,.0f} bytes an annotation"),
            ("idle worker", f"{idle:.2%} of a core"),
        ])  # fmt: skip
        site.close()


if __name__ == "__main__":
    main()
