"""Labels that came with the data count as labeled wherever a count is shown, and nobody waits for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labelwright.exchange import Columns
from labelwright.services.people import users
from labelwright.services.projects import create
from tests.conftest import LABEL, make_api, text_draft, train_until_idle, write_texts


def make(site: Any, folder: Path, labels_are: str) -> dict[str, str]:
    """Ninety texts that all have a label."""
    truth = write_texts(folder / "rows.jsonl")
    rows = [json.loads(line) for line in (folder / "rows.jsonl").read_text().splitlines()]
    (folder / "rows.jsonl").write_text("".join(json.dumps({**row, "topic": truth[row["id"]]}) + "\n" for row in rows))
    draft = text_draft("topics", folder / "rows.jsonl", columns=Columns(label="topic"), labels_are=labels_are)
    create.create(site, users.first_admin(site), draft)
    return truth


@pytest.mark.parametrize("labels_are", ["training", "random"])
def test_what_came_with_a_label_is_labeled(site: Any, tmp_path: Path, labels_are: str) -> None:
    make(site, tmp_path, labels_are)
    counts = make_api(site).counts("topics")
    assert counts["labeled"] == counts["pool"] and counts["answers"] == 0
    assert counts["reserve_labeled"] == (counts["reserve"] if labels_are == "random" else 0)
    assert counts["left"] == (0 if labels_are == "random" else counts["reserve"])


def test_when_the_reserve_is_answered_all_is_done(site: Any, tmp_path: Path) -> None:
    truth = make(site, tmp_path, "training")
    train_until_idle(site)
    api = make_api(site)
    n_reserve = api.counts("topics")["reserve"]
    for _ in range(n_reserve):
        (lease,) = api.queue("topics", n=1)
        assert api.answer("topics", lease, {"label": LABEL[truth[lease["item"]["key"]]]}).status_code == 201
    api.counts("topics")
    empty = api.post("/projects/topics/queue", {"n": 1}).json()
    assert (empty["leases"], empty["empty_because"], empty["left"]) == ([], "done", 0)


def test_an_answer_about_a_labeled_item_counts_once(site: Any, tmp_path: Path) -> None:
    make(site, tmp_path, "training")
    api = make_api(site)
    before = api.counts("topics")
    lease = api.queue("topics", n=1)[0]
    api.answer("topics", lease, {"label": "l_1"})
    after = api.counts("topics")
    assert after["reserve_labeled"] == before["reserve_labeled"] + 1 and after["labeled"] == before["labeled"]
    assert after["left"] == before["left"] - 1
    some = [f"i{k}" for k in range(5)]
    assert api.post("/projects/topics/items/exclude", {"items": some, "reason": "test"}).json()["changed"] == 5
    gone = api.counts("topics")
    assert gone["labeled"] == gone["pool"] < after["pool"] and gone["items"] == 85
