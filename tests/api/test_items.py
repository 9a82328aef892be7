"""The list of items: filters, sorts, search, counts and pages; requests that are too large."""

from __future__ import annotations

from typing import Any

import pytest

from labelwright.engine.searching import index_page
from tests.conftest import LABEL, train_until_idle


def everything(api: Any, **params: Any) -> list[dict[str, Any]]:
    """All pages of a list."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = api.get("/projects/topics/items", limit=17, **params, **({"cursor": cursor} if cursor else {})).json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            assert page["count"] in (None, len(found))
            return found


def test_the_label_filter_takes_ids_and_the_count_follows(lived: Any) -> None:
    labeled = [one for one in everything(lived.api) if one["label"]]
    for name, label in LABEL.items():
        found = everything(lived.api, label=label)
        assert {one["id"] for one in found} == {one["id"] for one in labeled if one["label"] == name}
        assert {one["label_id"] for one in found} <= {label}
    assert lived.api.get("/projects/topics/items", label="l_1").json()["count"] == len(
        everything(lived.api, label="l_1")
    )


@pytest.mark.parametrize("sort", ["order", "key", "time", "label", "confidence", "doubt", "answers"])
@pytest.mark.parametrize("descending", [False, True])
def test_every_sort_lists_each_item_once(lived: Any, sort: str, descending: bool) -> None:
    ids = [one["id"] for one in everything(lived.api, sort=sort, descending=descending)]
    assert len(ids) == len(set(ids)) == 90


def test_names_are_sorted_in_both_directions_under_any_filter(lived: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the database's index where many items match, and of the few that match otherwise."""
    from labelwright.services.projects import table

    for few in (0, 5000):
        monkeypatch.setattr(table, "FEW", few)
        for show in ("all", "labeled", "skipped"):
            keys = [one["key"] for one in everything(lived.api, show=show)]
            assert [one["key"] for one in everything(lived.api, show=show, sort="key")] == sorted(keys)
            down = [one["key"] for one in everything(lived.api, show=show, sort="key", descending=True)]
            assert down == sorted(keys, reverse=True)


def test_confidence_sorts_by_the_figure_that_is_shown(lived: Any) -> None:
    shown = [one["confidence"] for one in everything(lived.api, sort="confidence")]
    known = [value for value in shown if value is not None]
    assert known == sorted(known) and len(known) > 50
    assert all(value is None for value in shown[len(known) :])


@pytest.mark.parametrize("indexed", [False, True])
def test_search_finds_words_before_and_after_the_index_is_made(lived: Any, indexed: bool) -> None:
    while indexed and index_page(lived.store):
        pass
    assert len(everything(lived.api, search="onions")) == 30
    assert len(everything(lived.api, search="onions butter")) == 30 if indexed else True
    assert everything(lived.api, search="nothing like it") == []
    assert [one["key"] for one in everything(lived.api, search="t007")] == ["t007"]
    assert everything(lived.api, search='"; DROP TABLE item; --') == []


def test_the_filters_and_the_counts_of_progress_agree(lived: Any) -> None:
    counts, auditor = lived.api.counts("topics"), lived.api.as_role("auditor")
    assert len(everything(auditor)) == counts["items"]
    assert len(everything(auditor, show="skipped")) == counts["skipped"]
    labeled = everything(auditor, show="labeled")
    assert len(labeled) == counts["labeled"] + counts["reserve_labeled"]
    assert len(everything(auditor, show="unlabeled")) == counts["left"]
    assert len(everything(auditor, show="reserve")) == counts["reserve"]


def test_notes_and_reasons_are_listed_with_who_wrote_them_the_newest_first(api: Any, make_project: Any) -> None:
    from labelwright.policy import Policy

    make_project(api.site, policy=Policy(overlap=2))
    train_until_idle(api.site)
    ada, ben = api.as_role("annotator", "ada@example.com"), api.as_role("annotator", "ben@example.com")
    lease = ada.queue("topics")[0]
    key = lease["item"]["key"]
    answered = ada.answer("topics", lease, {"label": "l_1"}, reason="first thoughts").json()
    same = next(one for one in ben.queue("topics", n=50) if one["item"]["key"] == key)
    assert ben.answer("topics", same, None, kind="flag", reason="two topics in one").status_code == 201

    def line() -> dict[str, Any]:
        return next(one for one in everything(api) if one["key"] == key)

    notes = line()["notes"]
    assert [(note["by"], note["kind"], note["text"], note["own"]) for note in notes] == [
        ("ben@example.com", "flag", "two topics in one", False),
        ("ada@example.com", "answer", "first thoughts", False),
    ]
    assert notes[1]["question"] == "q_1" and notes[0]["question"] is None and notes[0]["at"] > notes[1]["at"]
    assert line()["asked_as"] in ("chosen", "random", "reserve")
    changed = ada.answer(
        "topics", lease, {"label": "l_2"}, kind="correct", replaces=answered["id"], reason="read twice"
    )
    assert changed.status_code == 201
    assert [note["text"] for note in line()["notes"]] == ["read twice", "two topics in one"]
    everybody = everything(api)
    assert sum(one["asked_as"] is not None for one in everybody) == 1
    assert everything(api, search="thoughts") == []  # notes are not searched


def test_the_filter_of_noted_items_lists_them_and_no_others(lived: Any) -> None:
    auditor = lived.api.as_role("auditor")
    noted = {one["id"] for one in everything(auditor) if one["notes"]}
    assert noted == {one["id"] for one in everything(auditor, show="noted")} != set()
    assert noted <= {one["id"] for one in everything(auditor, show="skipped")}  # only skips have reasons here
    assert auditor.get("/projects/topics/items", show="noted").json()["count"] == len(noted)


def test_a_page_of_many_items_takes_no_more_statements_than_one_of_few(lived: Any) -> None:
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    auditor, statements = lived.api.as_role("auditor"), list[str]()

    def note(*args: Any) -> None:
        statements.append(args[2])

    counts = []
    event.listen(Engine, "before_cursor_execute", note)
    try:
        for limit in (3, 3, 90):
            statements.clear()
            page = auditor.get("/projects/topics/items", show="all", limit=limit, sort="answers", descending=True)
            assert len(page.json()["items"]) == limit
            counts.append(len(statements))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert counts[2] <= counts[1] + 1, counts  # one more for the notes that the smaller page does not have


def test_a_cursor_that_no_page_gave_is_refused(lived: Any) -> None:
    for cursor in ("x", "-1", "1" * 60, "²"):
        assert lived.api.get("/projects/topics/items", cursor=cursor).status_code == 422


@pytest.mark.parametrize("stated", [True, False])
def test_a_request_that_is_too_large_is_told_its_limit(lived: Any, stated: bool) -> None:
    body = b'{"markdown": "' + b"x" * (17 * 1024 * 1024) + b'"}'

    def pieces() -> Any:
        for start in range(0, len(body), 1 << 20):
            yield body[start : start + (1 << 20)]

    headers = {**lived.api.headers, "content-type": "application/json"}
    answer = lived.api.client.put(
        "/api/v1/projects/topics/guidelines", content=body if stated else pieces(), headers=headers
    )
    assert answer.status_code == 413
    problem = answer.json()
    assert problem["code"] == "too-large" and "16,777,216" in problem["message"]
    assert answer.headers["x-request-id"] == problem["request_id"]


def test_settings_that_changed_meanwhile_are_a_conflict(lived: Any) -> None:
    api = lived.api
    version = api.get("/projects/topics").json()["settings_version"]
    put = lambda text, v: api.client.put(  # noqa: E731
        "/api/v1/projects/topics/guidelines", json={"markdown": text, "settings_version": v}, headers=api.headers
    )
    assert put("# one", version).status_code == 200
    late = put("# two", version)
    assert late.status_code == 409 and "Reload" in late.json()["hint"]
    assert api.get("/projects/topics").json()["guidelines"]["markdown"] == "# one"
    assert put("# two", version + 1).status_code == 200


def test_items_are_named_by_id_or_by_key(site: Any, tmp_path: Any) -> None:
    """A key that looks like the id of another item is refused rather than guessed."""
    import json

    from labelwright.errors import InputError, NotFoundError
    from labelwright.services.people import users
    from labelwright.services.projects import acts, create
    from tests.conftest import text_draft

    keys = ["first", "i5", *(f"k{i}" for i in range(2, 40))]
    source = tmp_path / "odd.jsonl"
    source.write_text("".join(json.dumps({"id": key, "text": f"line number {i}"}) + "\n" for i, key in enumerate(keys)))
    admin, _ = users.ensure_admin(site)
    create.create(site, admin, text_draft("odd", source))
    assert acts.exclude(site, admin, "odd", ["first", "k7", "i7"]).changed == 2
    with pytest.raises(InputError, match="'i5' is the id of one item and the key of another"):
        acts.exclude(site, admin, "odd", ["i5"])
    with pytest.raises(NotFoundError, match="There is no item 'k99'"):
        acts.exclude(site, admin, "odd", ["k8", "k99"])
    assert acts.include(site, admin, "odd", ["i0", "k7", "k8"]).changed == 2
