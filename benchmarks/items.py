"""The list of items at a million rows: first pages of every sort, filter and search, through the HTTP API in process.

python -m benchmarks.items --items 1000000
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.data import LABELS, write
from benchmarks.table import milliseconds, show

SORTS = ("order", "key", "time", "label", "confidence", "doubt", "answers")
SHOWS = ("all", "labeled", "unlabeled", "skipped", "flagged", "noted", "reserve", "excluded")


def prepare(home: Path, source: Path, n_answers: int) -> Any:
    """A project with answers, every second one with a note, a model and its full-text index; the caller."""
    from labelwright.engine.searching import index_page
    from labelwright.engine.worker import Worker
    from labelwright.services.labeling import annotations, queue
    from labelwright.services.people import users
    from labelwright.services.projects import create
    from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft
    from labelwright.services.site import Site
    from labelwright.services.site.settings import load

    site = Site(load({"home": home}, environ={}))
    admin, _ = users.ensure_admin(site)
    create.create(site, admin, ProjectDraft("big", source, questions=(QuestionDraft(labels=LABELS),)))
    Worker(site.store).run(until_idle=True)
    given = 0
    while given < n_answers:
        leases = queue.take(site, admin, "big", n=50).leases
        if not leases:  # all slots of the ranking are answered
            Worker(site.store).run(until_idle=True)
            continue
        annotations.give(site, admin, "big", [
            annotations.Given.of(
                answer_id=f"{given + k:032x}-{k:03x}", lease_id=lease.id, item_id=lease.item.id, kind="answer",
                answer={"label": f"l_{k % len(LABELS) + 1}"}, seconds=1.0,
                reason="read twice, and still not sure" if k % 2 else None,
            )
            for k, lease in enumerate(leases)
        ])  # fmt: skip
        given += len(leases)
    Worker(site.store).run(until_idle=True)
    while index_page(site.project("big")):
        pass
    return site, admin


def main() -> None:
    """Parse the options, ask for pages, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--answers", type=int, default=3000)
    parser.add_argument("--repeats", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "texts.jsonl"
        write(source, args.items, seed=0, n_words=12)
        site, admin = prepare(Path(folder) / "home", source, args.answers)
        from fastapi.testclient import TestClient

        from labelwright.server.app import create_app
        from labelwright.services.people import users

        secret = users.make_token(site, admin).secret
        client = TestClient(create_app(site), base_url="http://localhost")
        headers = {"Authorization": f"Bearer {secret}"}
        words = [word for word in source.read_text().splitlines()[7].split('"')[-2].split() if len(word) > 3][:3]
        asked = [
            *({"sort": sort, "descending": down} for sort, down in itertools.product(SORTS, (False, True))),
            *({"show": what, "sort": sort} for what, sort in itertools.product(SHOWS, ("order", "confidence"))),
            *({"label": f"l_{k + 1}"} for k in range(len(LABELS))),
            *({"search": word, "sort": sort} for word, sort in itertools.product(words, ("order", "doubt"))),
        ]
        cold, warm = [], []
        for repeat in range(args.repeats):
            for params in asked:
                started = time.perf_counter()
                answer = client.get("/api/v1/projects/big/items", params={"limit": 50, **params}, headers=headers)
                (warm if repeat else cold).append(time.perf_counter() - started)
                assert answer.status_code == 200, answer.text
        show(f"first pages of {args.items:,} items, {len(asked)} kinds of sort, filter and search", [
            ("each for the first time", milliseconds(cold)),
            ("again", milliseconds(warm)),
            ("slowest for the first time", ", ".join(
                f"{params} {seconds * 1000:.0f} ms"
                for seconds, params in sorted(zip(cold, asked, strict=True), key=lambda pair: -pair[0])[:4]
            )),
        ])  # fmt: skip
        site.close()


if __name__ == "__main__":
    main()
