"""A project tries several encoders: it begins with a fast one, encodes the others beside, and moves to the better one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelwright.encoders import Encoder
from labelwright.engine import candidates, encoding, features
from labelwright.engine.cycle import Cycle
from labelwright.errors import InputError
from labelwright.services.people import users
from labelwright.services.record import erasing
from labelwright.services.record.verify import verify
from labelwright.services.steering import encoders
from tests.conftest import make_api, train_until_idle


def third(text: str) -> int:
    """What no word of a text tells: it hangs on its number."""
    return int("".join(letter for letter in text if letter.isdigit()) or 0) // 3 % 3


def knowing(texts: list[str]) -> list[list[float]]:
    """Features that tell it."""
    return [[float(third(text) == k) for k in range(3)] for text in texts]


def blank(texts: list[str]) -> list[list[float]]:
    """Features that say nothing."""
    return [[1.0, (len(text) * 7919 % 13) / 13] for text in texts]


KNOWING, BLANK = f"{__name__}:knowing", f"{__name__}:blank"


def answer_some(api: Any, n: int) -> None:
    for lease in api.queue("topics", n=n):
        label = f"l_{third(lease['item']['key']) + 1}"
        assert api.answer("topics", lease, {"label": label}).status_code == 201


def served(site: Any) -> str:
    """The encoder of the ranking that is served."""
    store = site.project("topics")
    with store.read() as rows:
        return Cycle(store, store.row(rows).cycle).inputs.encoder


@pytest.fixture
def trying(site: Any, make_project: Any) -> Any:
    """A project of texts that tries three encoders, with its first ranking."""
    make_project(site, n=150, encoder=f"tfidf,{BLANK},{KNOWING}")
    train_until_idle(site)
    site.api, site.topics = make_api(site), site.project("topics")
    return site


def test_a_project_begins_with_a_fast_encoder_and_moves_to_a_better_one(trying: Any) -> None:
    assert served(trying) == "tfidf" and candidates.wanted(trying.topics)
    answer_some(trying.api, 20)
    train_until_idle(trying)
    assert candidates.make(trying.topics) and not candidates.wanted(trying.topics)
    train_until_idle(trying)
    assert encoders.show(trying, "topics").why is None  # too few labels to compare
    for _ in range(4):
        answer_some(trying.api, 20)
        train_until_idle(trying)
    found = encoders.show(trying, "topics")
    by_spec = {one.spec: one for one in found.encoders}
    assert [one.spec for one in found.encoders] == ["tfidf", BLANK, KNOWING]
    assert by_spec[KNOWING].serves and served(trying) == KNOWING and by_spec[KNOWING].p_best > by_spec[BLANK].p_best
    assert {one.n_encoded for one in found.encoders} == {150} and found.measure == "accuracy"
    assert verify(trying, "topics", replay=True).problems == []


def test_an_encoder_that_is_named_alone_serves_when_it_is_ready(site: Any, make_project: Any) -> None:
    make_project(site, encoder=BLANK)
    train_until_idle(site)
    answer_some(make_api(site), 6)
    train_until_idle(site)
    assert served(site) == "tfidf"
    candidates.make(site.project("topics"))
    train_until_idle(site)
    assert served(site) == BLANK
    assert "asks for it alone" in str(encoders.show(site, "topics").why)
    assert verify(site, "topics", replay=True).problems == []


def test_a_question_is_trained_anew_on_other_features(site: Any, make_project: Any) -> None:
    make_project(site, encoder=BLANK)
    train_until_idle(site)
    answer_some(make_api(site), 30)
    train_until_idle(site)
    store = site.project("topics")
    with store.read() as rows:
        before = Cycle(store, store.row(rows).cycle)
    candidates.make(store)
    train_until_idle(site)
    with store.read() as rows:
        after = Cycle(store, store.row(rows).cycle)
    question = after.inputs.primary
    assert question.same_as is None and after.inputs.revision != before.inputs.revision
    one, two = before.model(question), after.model(question)
    assert one is not None and two is not None and one.n_features != two.n_features == 2


def test_encoding_goes_on_where_it_was_stopped(trying: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Encoder, "part_rows", 40)
    store, asked = trying.topics, list[int]()

    def twice() -> bool:
        asked.append(1)
        return len(asked) <= 2

    assert not candidates.make(store, twice)
    with store.read() as rows:
        [_, first, _] = candidates.candidates(rows, store.row(rows).config)
        assert encoding.n_made(store, rows, first.revision) == 80 and features.n_encoded(rows, first.revision) == 0
    seen = list[int]()
    monkeypatch.setattr(f"{__name__}.blank", lambda texts: seen.extend([len(texts)]) or [[1.0, len(t)] for t in texts])
    assert candidates.make(store)
    assert sum(seen) in (70, 71)  # of 150, and one that is tried when the weights are opened
    with store.read() as rows:
        folder = features.folder_of(rows, first.revision)
        assert features.n_encoded(rows, first.revision) == 150
    assert store.arrays.files(f"{folder}/{encoding.PARTS}") == []
    assert verify(trying, "topics").problems == []


def test_parts_of_erased_items_are_deleted(trying: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Encoder, "part_rows", 40)
    store, asked = trying.topics, list[int]()
    candidates.make(store, lambda: len(asked.append(1) or asked) <= 2)
    admin = users.first_admin(trying)
    item = trying.api.get("/projects/topics/items").json()["items"][0]["id"]
    erasing.erase_items(trying, admin, "topics", [item], reason="asked for")
    folder = Path(store.folder) / "arrays" / "features"
    assert not list(folder.glob(f"*/{encoding.PARTS}/*.npy"))
    assert candidates.make(store)
    with store.read() as rows:
        [_, first, _] = candidates.candidates(rows, store.row(rows).config)
    ordinal = int(item.removeprefix("i"))
    assert not features.rows_of(store, first.revision, np.array([ordinal])).any()
    assert verify(trying, "topics").problems == []


def test_rows_that_are_added_are_encoded_too(trying: Any) -> None:
    candidates.make(trying.topics)
    rows = [{"id": f"new{k}", "text": f"a wholly new sentence number {k}"} for k in range(20)]
    assert trying.api.post("/projects/topics/items", {"rows": rows}).status_code == 201
    train_until_idle(trying)
    assert candidates.wanted(trying.topics) and candidates.make(trying.topics)
    assert {one.n_encoded for one in encoders.show(trying, "topics").encoders} == {170}


def test_encoders_are_named_later_too(trained: Any) -> None:
    admin = users.first_admin(trained.site)
    for wrong in ([], ["nope"], ["pixels"], ["a:b"] * 9):
        with pytest.raises(InputError):
            encoders.name(trained.site, admin, "topics", wrong)
    found = encoders.name(trained.site, admin, "topics", ["tfidf", KNOWING])
    assert [one.spec for one in found.encoders] == ["tfidf", KNOWING] and found.encoders[0].serves
    assert candidates.wanted(trained.store) and candidates.make(trained.store)
    train_until_idle(trained.site)
    assert verify(trained.site, "topics", replay=True).problems == []
    back = encoders.name(trained.site, admin, "topics", ["tfidf"])
    assert [one.spec for one in back.encoders] == ["tfidf"] and not candidates.wanted(trained.store)


def test_over_http_only_what_the_owner_allows_may_be_named(trained: Any) -> None:
    path = f"{trained.api.base}/projects/topics/encoders"
    refused = trained.api.client.put(path, json={"encoders": [KNOWING]}, headers=trained.api.headers)
    assert refused.status_code == 403 and "its owner has to allow" in refused.json()["message"]
    shown = trained.api.get("/projects/topics/encoders").json()
    assert [one["spec"] for one in shown["encoders"]] == ["tfidf"] and shown["encoders"][0]["serves"]
    object.__setattr__(trained.site.settings, "encoders", f"st:some, {KNOWING}")
    allowed = trained.api.client.put(path, json={"encoders": ["tfidf", KNOWING]}, headers=trained.api.headers)
    assert allowed.status_code == 200 and [one["n_encoded"] for one in allowed.json()["encoders"]] == [90, 0]
    looking = trained.api.as_role("annotator")
    assert looking.client.put(path, json={"encoders": ["tfidf"]}, headers=looking.headers).status_code == 403
