"""Make the home that later versions must open: run once a release, commit tests/fixtures/home-VERSION.zip."""

from __future__ import annotations

import json
import sys
import tempfile
import uuid
import zipfile
from pathlib import Path
from typing import Any

import labelwright
from labelwright.engine.worker import Worker
from labelwright.services.labeling import annotations, queue
from labelwright.services.labeling.annotations import Given
from labelwright.services.people import users
from labelwright.services.people.roles import Actor
from labelwright.services.projects import acts, create
from labelwright.services.site import Site
from labelwright.services.site.settings import load
from labelwright.services.steering import rounds

ROOT = Path(__file__).parent.parent
ORGANS = ("lung", "heart", "liver")
TOPICS = {
    "l_1": "the team won the match after a late goal by number {}",
    "l_2": "simmer onions in butter then add stock, recipe {}",
    "l_3": "this clause survives termination of the contract, section {}",
}


def make(home: Path) -> None:
    """A text project with two rounds: answers, a skip, a correction, an undo, a later import; and one of questions."""
    source = home.parent / "topics.jsonl"
    truth = {f"t{i}": list(TOPICS)[i % 3] for i in range(45)}
    rows = [{"id": key, "text": TOPICS[label].format(key)} for key, label in truth.items()]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows[:36]))
    site = Site(load({"home": home}, environ={}))
    admin, _ = users.ensure_admin(site)
    question = create.QuestionDraft(labels=("sport", "food", "law"), guidelines="# Topics")
    create.create(site, admin, create.ProjectDraft("topics", source, questions=(question,)))
    for n_answers in (12, 9):
        Worker(site.store).run(until_idle=True)
        for k, lease in enumerate(queue.take(site, admin, "topics", n=n_answers).leases):
            body: dict[str, Any] = {
                "answer_id": str(uuid.uuid4()), "lease_id": lease.id, "item_id": lease.item.id,
                "kind": "skip" if k == 5 else "answer", "reason": "cannot tell" if k == 5 else None,
                "answer": None if k == 5 else {"label": truth[lease.item.key]}, "replaces": None, "seconds": 2.0,
            }  # fmt: skip
            stored = annotations.give(site, admin, "topics", [Given.of(**body)]).receipts[0]
            if k in (2, 3):
                kind = "correct" if k == 2 else "undo"
                change = {
                    **body, "answer_id": str(uuid.uuid4()), "lease_id": None, "kind": kind, "replaces": stored.id,
                    "answer": {"label": "l_1"} if k == 2 else None,
                }  # fmt: skip
                annotations.give(site, admin, "topics", [Given.of(**change)])
    create.add(site, admin, "topics", rows=rows[36:])
    rounds.start(site, admin, "topics", hypothesis="margin finds the hard ones", strategy="margin")
    Worker(site.store).run(until_idle=True)
    make_reports(site, admin, home.parent / "reports.jsonl")
    site.close()


def make_reports(site: Site, admin: Actor, source: Path) -> None:
    """A project of three questions whose items were excluded, taken in again, replaced and undone."""
    rows = [{"id": f"r{i}", "text": f"{ORGANS[i % 3]} of case {i}: degree {i % 5}"} for i in range(40)]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    questions = (
        create.QuestionDraft("finding", labels=("normal", "abnormal")),
        create.QuestionDraft("organs", task="multilabel", labels=ORGANS, primary=False),
        create.QuestionDraft("degree", task="regression", scale={"min": 0, "max": 5}, primary=False, required=False),
    )
    create.create(site, admin, create.ProjectDraft("reports", source, questions=questions))
    Worker(site.store).run(until_idle=True)
    for lease in queue.take(site, admin, "reports", n=15).leases:
        i = int(lease.item.key[1:])
        about = {
            "finding": {"label": f"l_{1 + (i % 5 > 2)}"},
            "organs": {"labels": [f"l_{1 + i % 3}"]},
            "degree": {"value": float(i % 5)},
        }
        annotations.give(site, admin, "reports", [
            Given.of(
                answer_id=str(uuid.uuid4()), lease_id=lease.id, item_id=lease.item.id, kind="answer",
                question=question, answer=answer, seconds=3.0,
            )
            for question, answer in about.items()
        ])  # fmt: skip
    acts.exclude(site, admin, "reports", ["i0", "i1", "i2"], reason="not ours")
    acts.include(site, admin, "reports", ["i1"])
    acts.replace_content(site, admin, "reports", "i3", {"text": "liver of case 3: read again"})
    create.add(site, admin, "reports", rows=[{"id": f"x{i}", "text": f"brain of case {i}"} for i in range(5)])
    acts.undo_import(site, admin, "reports", reason="sent by mistake")
    Worker(site.store).run(until_idle=True)


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
