"""Versions at size: the labels as of any event of a long record, and what differs between two versions.

python -m benchmarks.versions --sizes 100000 1000000
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.data import LABELS, write
from benchmarks.table import show

CHUNK = 5000  # events a transaction
CORRECTED = 0.1  # of the items, answered a second time otherwise


def answered(n_items: int, seed: int) -> Iterator[tuple[int, str]]:
    """An answer to each item in a random order, then corrections of some: an ordinal and a label each."""
    rng = random.Random(seed)
    order = list(range(n_items))
    rng.shuffle(order)
    for ordinal in order:
        yield ordinal, f"l_{ordinal % len(LABELS) + 1}"
    for ordinal in order[: int(n_items * CORRECTED)]:
        yield ordinal, f"l_{(ordinal + 1) % len(LABELS) + 1}"


def fill(home: Path, source: Path, n_items: int) -> Any:
    """A project with an annotation of every item, and a tenth of them corrected, entered as events; its site.

    The events are those that people's answers become, written a few thousand a transaction: what is read is the same,
    and no queue has to be served.
    """
    from labelwright.services.people import users
    from labelwright.services.projects import create
    from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft
    from labelwright.services.site import Site
    from labelwright.services.site.settings import load
    from labelwright.store.record.annotations import AnnotationGiven

    site = Site(load({"home": home}, environ={}))
    admin, _ = users.ensure_admin(site)
    create.create(site, admin, ProjectDraft("big", source, questions=(QuestionDraft(labels=LABELS),)))
    store, last = site.project("big"), dict[int, str]()
    pending, analyzed = enumerate(answered(n_items, seed=0)), 0
    while chunk := [one for _, one in zip(range(CHUNK), pending, strict=False)]:
        with store.write() as transaction:
            for k, (ordinal, label) in chunk:
                before = last.get(ordinal)
                last[ordinal] = f"a_{k:016x}"
                body = AnnotationGiven(
                    id=last[ordinal], answer_id=f"{k:032x}", body_hash="", question="q_1",
                    what="answer" if before is None else "correct", answer={"label": label}, reason=None,
                    replaces=before, seconds=1.0, lease=None, ranking=None, position=None, slot=None, propensity=None,
                    schema_version=1, guideline_version=1, late=False, grid=False, exposed=False, prompted=None,
                )  # fmt: skip
                transaction.record(body, actor=admin.person_id, ordinal=ordinal)
        if (k := chunk[-1][0]) >= 2 * analyzed:  # as a worker does
            store.analyze()
            analyzed = k
    return site


def clocked(ask: Any) -> tuple[Any, float]:
    """What a call gives, and its seconds."""
    started = time.perf_counter()
    return ask(), time.perf_counter() - started


def measure(n_items: int, n_moments: int) -> dict[str, float]:
    """Seconds of each kind of reading, the slowest of several, in a project of a size."""
    from labelwright.services.people import users
    from labelwright.services.record import diff
    from labelwright.services.record.versions import snapshot

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "texts.jsonl"
        write(source, n_items, seed=0, n_words=8)
        site = fill(Path(folder) / "home", source, n_items)
        admin, store = users.first_admin(site), site.project("big")
        with store.read() as rows:
            head = store.head_seq(rows)
        rng, as_of = random.Random(1), list[float]()
        for k in range(n_moments):
            seq = rng.randrange(head // 10, head)
            made, seconds = clocked(lambda seq=seq, k=k: snapshot(site, admin, "big", f"moment-{k}", at=str(seq)))
            assert 0 < made.labels[0].n_labels <= n_items, made
            as_of.append(seconds)
        found, summary = clocked(lambda: diff.diff(site, "big", str(head // 2), str(head)))
        assert found.questions[0].added > 0 and found.questions[0].changed > 0, found
        page, rows_of = clocked(lambda: diff.listing(site, admin, "big", str(head // 2), str(head), kind="changed"))
        assert page.count == found.questions[0].changed
        site.close()
    return {"events": head, "labels as of a moment": max(as_of), "a difference": summary, "a page of it": rows_of}


def main() -> None:
    """Parse the options, measure each size, print with the growth from the first."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000], help="items")
    parser.add_argument("--moments", type=int, default=5)
    parser.add_argument("--out", type=Path, help="also write the figures here, as JSON lines")
    args = parser.parse_args()
    measure(500, 1)  # what is loaded at the first call is not part of a reading
    first: dict[str, float] | None = None
    for n_items in args.sizes:
        found = measure(n_items, args.moments)
        first = first or found
        if args.out is not None:
            with args.out.open("a") as out:
                out.write(json.dumps({"items": n_items, **found}) + "\n")
        limits = {"labels as of a moment": 2.0, "a difference": 5.0, "a page of it": 5.0}
        show(f"versions of {n_items:,} items, {found['events']:,.0f} events", [
            (name, f"{found[name]:.2f} s, {found[name] / first[name]:.1f} times the first size (limit {limit:g} s)")
            for name, limit in limits.items()
        ])  # fmt: skip


if __name__ == "__main__":
    main()
