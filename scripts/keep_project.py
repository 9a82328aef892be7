"""Make the home that later versions must open: run once a release, commit tests/fixtures/home-VERSION.zip."""

from __future__ import annotations

import json
import sys
import tempfile
import uuid
import zipfile
from pathlib import Path

import labelwright
from labelwright.engine.worker import Worker
from labelwright.services import annotations as answering
from labelwright.services import imports, queue, rounds, users
from labelwright.services.settings import load
from labelwright.services.site import Site

ROOT = Path(__file__).parent.parent
TOPICS = {
    "l_1": "the team won the match after a late goal by number {}",
    "l_2": "simmer onions in butter then add stock, recipe {}",
    "l_3": "this clause survives termination of the contract, section {}",
}


def make(home: Path) -> None:
    """A text project with two rounds: answers, a skip, a correction, an undo, a later import."""
    source = home.parent / "topics.jsonl"
    truth = {f"t{i}": list(TOPICS)[i % 3] for i in range(45)}
    rows = [{"id": key, "text": TOPICS[label].format(key)} for key, label in truth.items()]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows[:36]))
    site = Site(load({"home": home}, environ={}))
    admin, _ = users.ensure_admin(site)
    plan = imports.Plan("topics", source, "classification", labels=("sport", "food", "law"), guidelines="# Topics")
    imports.create(site, admin, plan)
    for n_answers in (12, 9):
        Worker(site.store).run(until_idle=True)
        for k, lease in enumerate(queue.take(site, admin, "topics", n=n_answers)["leases"]):
            body = {
                "answer_id": str(uuid.uuid4()), "lease_id": lease["id"], "item_id": lease["item"]["id"],
                "kind": "skip" if k == 5 else "answer", "reason": "cannot tell" if k == 5 else None,
                "answer": None if k == 5 else {"label": truth[lease["item"]["key"]]}, "replaces": None, "seconds": 2.0,
            }  # fmt: skip
            stored = answering.store(site, admin, "topics", [body]).receipts[0]
            if k in (2, 3):
                kind = "correct" if k == 2 else "undo"
                change = {
                    **body, "answer_id": str(uuid.uuid4()), "lease_id": None, "kind": kind, "replaces": stored["id"],
                    "answer": {"label": "l_1"} if k == 2 else None,
                }  # fmt: skip
                answering.store(site, admin, "topics", [change])
    imports.add(site, admin, "topics", rows=rows[36:])
    rounds.start(site, admin, "topics", hypothesis="margin finds the hard ones", strategy="margin")
    Worker(site.store).run(until_idle=True)
    site.close()


def main() -> None:
    """Write the zip; refuse to overwrite what was released."""
    target = ROOT / "tests" / "fixtures" / f"home-{labelwright.__version__}.zip"
    if target.exists() and "--force" not in sys.argv:
        sys.exit(f"{target} exists; what was released is kept as it is.")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        make(home)
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
            for path in sorted(home.rglob("*")):
                if path.is_file() and path.suffix not in (".log", ".lock"):
                    out.write(path, path.relative_to(home))
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
