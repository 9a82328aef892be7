"""The record as an auditor reads it: filtered, in sentences, with the signed head, and blind where it has to be."""

from __future__ import annotations

from typing import Any

from labelwright.store.clock import today
from tests.conftest import LABEL

URL = "/projects/topics/audit"


def test_the_record_is_read_by_who_what_when_and_item(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site)
    train(api.site)
    ann = api.as_role("annotator")
    keys = []
    for lease in ann.queue("topics", n=3):
        keys.append(lease["item"]["key"])
        assert ann.answer("topics", lease, {"label": LABEL[truth[keys[-1]]]}).status_code == 201
    train(api.site)
    auditor = api.as_role("auditor")
    whole = auditor.get(URL, limit=200).json()
    seqs = [one["seq"] for one in whole["items"]]
    assert seqs == sorted(seqs, reverse=True) and whole["receipt"]["seq"] == seqs[0] and whole["receipt"]["signature"]
    assert {one["kind"]: one["n"] for one in whole["kinds"]}["annotation"] == 3
    assert all(one["says"].endswith(".") for one in whole["items"])
    me = ann.get("/session").json()["user"]["id"]
    own = auditor.get(URL, by=me).json()["items"]
    assert len(own) == 3 and all(one["is_human"] and one["kind"] == "annotation" for one in own)
    of_item = auditor.get(URL, item=keys[0]).json()["items"]
    assert [one["kind"] for one in of_item] == ["annotation"] and of_item[0]["body"]["data"]["answer"]
    machine = auditor.get(URL, by="system", kind="ranking").json()["items"]
    assert machine and not any(one["is_human"] for one in machine)
    assert auditor.get(URL, until="2020-01-01").json()["items"] == []
    assert len(auditor.get(URL, since=str(today()), limit=200).json()["items"]) == len(seqs)
    first = auditor.get(URL, limit=2).json()
    second = auditor.get(URL, limit=2, cursor=first["next_cursor"]).json()
    assert [one["seq"] for one in [*first["items"], *second["items"]]] == seqs[:4]
    for wrong in ({"kind": "nothing"}, {"since": "soon"}, {"cursor": "x"}):
        assert auditor.get(URL, **wrong).status_code == 422
    assert auditor.get(URL, item="no such item").status_code == 404
    assert ann.get(URL).status_code == 403


def test_answers_about_an_item_that_is_leased_to_the_reader_are_withheld(
    api: Any, make_project: Any, train: Any
) -> None:
    from labelwright.policy import Policy

    truth = make_project(api.site, policy=Policy(overlap=2, gold_share=0))
    train(api.site)
    ann, lead = api.as_role("annotator"), api.as_role("lead")
    lease = ann.queue("topics", n=1)[0]
    key = lease["item"]["key"]
    assert ann.answer("topics", lease, {"label": LABEL[truth[key]]}).status_code == 201
    assert lead.get(URL, item=key).json()["items"][0]["body"]
    shown = {one["item"]["key"] for one in lead.queue("topics", n=1)}
    assert shown == {key}
    assert lead.get(URL, item=key).json()["items"][0]["body"] == {}
