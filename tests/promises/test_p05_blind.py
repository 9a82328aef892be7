"""Promise 5: blind by default; a person's first answer is what counts on reserve items."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelwright.engine.cycle import Cycle
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import ordinal_of, split_of

QUEUE = {"leases", "ranking", "left", "empty_because", "empty"}
LEASE = {"id", "item", "question", "questions", "answered", "expires_at"}
ITEM = {"id", "key", "source", "content"}
CONTENT = {"kind", "text", "row", "typical", "media", "width", "height"}


def test_the_queue_says_nothing_but_the_item(lived: Any) -> None:
    """The answer is a closed list of keys: no score, kind of slot, split, prediction or label among them."""
    annotator = lived.api.as_role("annotator")
    found = annotator.post("/projects/topics/queue", {"n": 20}).json()
    assert found.keys() == QUEUE and len(found["leases"]) == 20
    for lease in found["leases"]:
        assert lease.keys() == LEASE and lease["item"].keys() == ITEM and lease["item"]["content"].keys() == CONTENT
        assert lease["item"]["id"] == lease["id"] and lease["answered"] == {}  # the id tells nothing of the item


def test_a_reserve_item_looks_like_any_other(lived: Any) -> None:
    annotator = lived.api.as_role("annotator")
    leases = annotator.queue("topics", n=40)
    by_split: dict[bool, set[str]] = {True: set(), False: set()}
    for lease in leases:
        shape = {k: type(v).__name__ for k, v in lease["item"]["content"].items()}
        by_split[split_of(lived.store, lease) == "pool"].add(json.dumps([sorted(lease), sorted(shape.items())]))
    assert by_split[True] == by_split[False] != set()


def test_a_colleagues_answer_cannot_be_seen_by_an_annotator(lived: Any) -> None:
    annotator = lived.api.as_role("annotator")
    lease = lived.api.queue("topics")[0]
    stored = lived.api.answer("topics", lease, lived.right(lease), reason="because of the onions").json()
    item = f"i{ordinal_of(lived.store, lease)}"
    for path in (
        f"/items/{item}", f"/items/{lease['item']['id']}", "/items", "/events", "/progress", "/rounds", "/export",
    ):  # fmt: skip
        refused = annotator.get(f"/projects/topics{path}")
        assert refused.status_code == 403, path
        assert "onions" not in refused.text
    assert annotator.get("/users").status_code == 403
    for path in ("item", "why"):
        assert annotator.get(f"/projects/topics/annotations/{stored['id']}/{path}").status_code == 404
    assert annotator.get("/projects/topics/annotations").json()["items"] == []
    everything = [annotator.get(p).text for p in ("/projects", "/projects/topics")]
    assert stored["id"] not in "".join(everything) and "onions" not in "".join(everything)


def test_with_overlap_the_second_person_does_not_see_the_first_ones_answer(
    api: Any, make_project: Any, train: Any
) -> None:
    from labelwright.policy import Policy

    make_project(api.site, policy=Policy(overlap=2))
    train(api.site)
    first = api.queue("topics")[0]
    api.answer("topics", first, {"label": "l_1"}, reason="a secret reason")
    second = api.as_role("annotator").post("/projects/topics/queue", {"n": 1})
    same = second.json()["leases"][0]["item"]
    assert (same["key"], same["content"]) == (first["item"]["key"], first["item"]["content"])
    assert same["id"] != first["item"]["id"]  # each lease names the item anew
    assert "l_1" not in second.text and "secret" not in second.text


def test_why_is_told_only_after_the_answer(trained: Any) -> None:
    lease = trained.api.queue("topics")[0]
    assert trained.api.get(f"/projects/topics/annotations/{lease['id']}/why").status_code == 404
    stored = trained.api.answer("topics", lease, trained.right(lease)).json()
    assert trained.api.get(f"/projects/topics/annotations/{stored['id']}/why").json()["kind"] in (
        "chosen",
        "random",
        "reserve",
    )


def test_the_first_answer_counts_on_reserve_and_the_last_elsewhere(trained: Any, train: Any) -> None:
    said: dict[int, tuple[str, int, int]] = {}
    for lease in trained.api.queue("topics", n=20):
        ordinal, right = ordinal_of(trained.store, lease), int(trained.right(lease)["label"][2:]) - 1
        wrong = (right + 1) % 3
        first = trained.api.answer("topics", lease, {"label": f"l_{wrong + 1}"}).json()
        fixed = trained.api.answer("topics", lease, {"label": f"l_{right + 1}"}, kind="correct", replaces=first["id"])
        assert fixed.status_code == 201
        said[ordinal] = (split_of(trained.store, lease), wrong, right)
    train(trained.site)
    cycle = Cycle(trained.store, 2)
    labels = cycle.labels(cycle.inputs.primary)
    found = dict(zip(labels.item_idx.tolist(), np.asarray(labels.y).tolist(), strict=True))
    splits = {split for split, _, _ in said.values()}
    assert "pool" in splits and len(splits) > 1
    for ordinal, (split, first_said, then_said) in said.items():
        assert found[ordinal] == (then_said if split == "pool" else first_said), (ordinal, split)


def test_an_undone_answer_about_the_reserve_stays_the_first(trained: Any, train: Any) -> None:
    """Who answers, reads why the item was asked, takes the answer back and gives another one gains nothing by it."""
    said: dict[int, tuple[str, int, int]] = {}
    for lease in trained.api.queue("topics", n=20):
        ordinal, right = ordinal_of(trained.store, lease), int(trained.right(lease)["label"][2:]) - 1
        wrong = (right + 1) % 3
        first = trained.api.answer("topics", lease, {"label": f"l_{wrong + 1}"}).json()
        assert trained.api.get(f"/projects/topics/annotations/{first['id']}/why").status_code == 200
        undone = trained.api.answer("topics", lease, None, kind="undo", replaces=first["id"])
        assert undone.status_code == 201
        assert trained.api.answer("topics", lease, {"label": f"l_{right + 1}"}).status_code == 201
        said[ordinal] = (split_of(trained.store, lease), wrong, right)
    train(trained.site)
    cycle = Cycle(trained.store, 2)
    labels = cycle.labels(cycle.inputs.primary)
    found = dict(zip(labels.item_idx.tolist(), np.asarray(labels.y).tolist(), strict=True))
    assert len({split for split, _, _ in said.values()}) > 1
    for ordinal, (split, first_said, then_said) in said.items():
        assert found[ordinal] == (then_said if split == "pool" else first_said), (ordinal, split)
    assert verify(trained.site, "topics", replay=True).problems == []


def test_an_answer_that_is_withdrawn_altogether_measures_nothing(trained: Any, train: Any) -> None:
    withdrawn = set()
    for lease in trained.api.queue("topics", n=20):
        stored = trained.api.answer("topics", lease, trained.right(lease)).json()
        if split_of(trained.store, lease) != "pool":
            trained.api.answer("topics", lease, None, kind="undo", replaces=stored["id"])
            withdrawn.add(ordinal_of(trained.store, lease))
    train(trained.site)
    cycle = Cycle(trained.store, 2)
    assert withdrawn and not withdrawn & set(cycle.labels(cycle.inputs.primary).item_idx.tolist())


def test_who_skips_is_not_told_why(trained: Any) -> None:
    lease = trained.api.queue("topics")[0]
    skipped = trained.api.answer("topics", lease, None, kind="skip").json()
    assert trained.api.get(f"/projects/topics/annotations/{skipped['id']}/why").status_code == 409


def test_flags_of_the_record_keep_the_first_answer(trained: Any) -> None:
    lease = trained.api.queue("topics")[0]
    first = trained.api.answer("topics", lease, {"label": "l_1"}, seconds=7.0).json()
    trained.api.answer("topics", lease, {"label": "l_2"}, kind="correct", replaces=first["id"], seconds=1.0)
    with trained.store.read() as rows:
        kept = rows.all(rows.select(t.annotation).order_by(t.annotation.c.seq))
    assert [(r.kind, r.first, r.standing, r.seconds) for r in kept] == [
        ("answer", True, False, 7.0), ("correct", False, True, 1.0),
    ]  # fmt: skip


def test_the_folder_that_is_the_label_is_not_shown(api: Any, tmp_path: Path, train: Any) -> None:
    """Reserve items of a folder import are asked although their label is known; their path must not tell it."""
    from PIL import Image

    from labelwright.exchange import Columns
    from labelwright.services.people import users
    from labelwright.services.projects import create

    rng = np.random.default_rng(0)
    for k in range(40):
        path = tmp_path / "images" / ("felines", "canines")[k % 2] / f"{k}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 255, (12, 12), dtype=np.uint8)).save(path)
    admin, _ = users.ensure_admin(api.site)
    create.create(api.site, admin, create.ProjectDraft("pets", tmp_path / "images", columns=Columns(label="folder")))
    train(api.site)
    annotator = api.as_role("annotator")
    found = annotator.post("/projects/pets/queue", {"n": 10})
    assert len(found.json()["leases"]) > 3
    assert "felines" not in found.text and "canines" not in found.text
    lease = found.json()["leases"][0]
    stored = annotator.answer("pets", lease, {"label": "l_1"}).json()
    for path in ("annotations", f"annotations/{stored['id']}/item", f"annotations/{stored['id']}/why"):
        shown = annotator.get(f"/projects/pets/{path}")
        assert shown.status_code == 200 and "felines/" not in shown.text and "canines/" not in shown.text, path


def test_sealed_reserve_answers_wait(site: Any, make_project: Any, train: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sealed part certifies a target at the end: until then its answers are in no label version."""
    from labelwright.engine.importing import split
    from tests.conftest import LABEL, make_api

    monkeypatch.setattr(split, "MIN_TO_SEAL", 5)
    truth = make_project(site)
    train(site)
    api, store = make_api(site), site.project("topics")
    with store.read() as rows:
        sealed = set(rows.scalars(rows.select(t.item.c.ordinal).where(t.item.c.split == "sealed")))
    assert len(sealed) >= 3
    while leases := api.queue("topics", n=45):
        for lease in leases:
            assert api.answer("topics", lease, {"label": LABEL[truth[lease["item"]["key"]]]}).status_code == 201
        train(site)
        with store.read() as rows:
            cycle = Cycle(store, store.row(rows).cycle)
        primary = cycle.inputs.primary
        assert not sealed & set(cycle.labels(primary).item_idx.tolist())
        assert not cycle.state(primary).pool[sorted(sealed)].any()
    with store.read() as rows:
        answered = set(rows.scalars(rows.select(t.annotation.c.ordinal)))
    assert answered & sealed
