"""Known answers and repeats come between other items, and nothing that a client receives tells them apart."""

from __future__ import annotations

from typing import Any

from labelwright.policy import Policy
from labelwright.store import tables as t
from tests.conftest import LABEL, ordinal_of

NOT_OF_THE_ITEM = {"id", "expires_at"}


def kinds_of(api: Any, person: Any) -> list[str]:
    """The kinds of slot that a person answered, in order."""
    with api.site.project("topics").read() as rows:
        table = t.annotation
        me = person.get("/session").json()["user"]["id"]
        query = rows.select(table.c.slot_kind).where(table.c.person_id == me).order_by(table.c.seq)
        return list(rows.scalars(query))


def mark_gold(api: Any, keys: list[str], truth: dict[str, str]) -> None:
    store = api.site.project("topics")
    for key in keys:
        ordinal = ordinal_of(store, {"item": {"key": key}})
        body = {"answer": {"label": LABEL[truth[key]]}, "rule": "as the text says"}
        marked = api.client.put(f"{api.base}/projects/topics/items/i{ordinal}/gold", json=body, headers=api.headers)
        assert marked.status_code == 204, marked.text


def work(person: Any, truth: dict[str, str], n: int) -> list[dict[str, Any]]:
    """Answer one item after the other; the leases."""
    done = []
    for _ in range(n):
        leases = person.queue("topics")
        if not leases:
            break
        label = {"label": LABEL[truth[leases[0]["item"]["key"]]]}
        assert person.answer("topics", leases[0], label).status_code == 201
        done.append(leases[0])
    return done


def test_gold_comes_hidden_and_never_twice_to_one_person(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, policy=Policy(gold_share=0.2))
    train(api.site)
    gold = list(truth)[:6]
    mark_gold(api, gold, truth)
    train(api.site)
    ann, bob = api.as_role("annotator"), api.as_role("annotator")
    for person in (ann, bob):
        leases = work(person, truth, 35)
        kinds = kinds_of(api, person)
        assert 2 <= kinds.count("gold") <= 6
        shown = [lease["item"]["key"] for lease in leases]
        assert len(set(shown)) == len(shown)
        assert {key for key, kind in zip(shown, kinds, strict=True) if kind == "gold"} <= set(gold)
        forms = {tuple(sorted(lease)) + tuple(sorted(lease["item"])) for lease in leases}
        assert len(forms) == 1 and all(lease["item"]["id"] == lease["id"] for lease in leases)
    listed = {one["item"]["key"]: one for one in api.get("/projects/topics/gold").json()["items"]}
    assert sum(one["n_answers"] for one in listed.values()) == sum(
        kinds_of(api, person).count("gold") for person in (ann, bob)
    )
    assert all(one["n_wrong"] == 0 and one["rule"] == "as the text says" for one in listed.values())
    assert ann.get("/projects/topics/gold").status_code == 403


def test_a_repeat_is_never_first_nor_standing_and_looks_like_any_other(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, policy=Policy(repeat_share=0.4, gold_share=0))
    train(api.site)
    ann = api.as_role("annotator")
    work(ann, truth, 45)
    kinds = kinds_of(api, ann)
    assert kinds[:20].count("repeat") == 0 and kinds.count("repeat") >= 3
    with api.site.project("topics").read() as rows:
        table = t.annotation
        again = rows.all(rows.select(table).where(table.c.kind == "repeat"))
        firsts = rows.scalars(rows.select(table.c.ordinal).where(table.c.first)).all()
    assert not any(row.first or row.standing for row in again)
    assert len({row.ordinal for row in again}) == len(again)
    assert {row.ordinal for row in again} <= set(firsts)
    seen = ann.get("/projects/topics/annotations", limit=100).json()["items"]
    assert {one["kind"] for one in seen} == {"answer"} and all(one["standing"] for one in seen)

    repeat = next(one for one in seen if one["id"] == again[-1].id)
    body = {"kind": "correct", "replaces": repeat["id"]}
    lease = {"id": repeat["item_id"], "item": {"id": repeat["item_id"]}}
    assert ann.answer("topics", lease, {"label": "l_1"}, **body).status_code == 201
    with api.site.project("topics").read() as rows:
        query = rows.select(t.annotation.c.kind).order_by(t.annotation.c.seq.desc())
        assert rows.scalar(query.limit(1)) == "repeat"


def test_who_answers_otherwise_the_second_time_is_reviewed(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, policy=Policy(repeat_share=0.4, gold_share=0))
    train(api.site)
    ann = api.as_role("annotator")
    work(ann, truth, 20)
    other = {"sport": "food", "food": "law", "law": "sport"}
    work(ann, {key: other[value] for key, value in truth.items()}, 25)
    causes = api.get("/projects/topics/reviews").json()["causes"]
    assert 1 <= causes["self"] <= kinds_of(api, ann).count("repeat")  # of those asked first before the change of mind


def test_nobody_is_given_checks_alone(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, n=30, policy=Policy(gold_share=0.5))
    train(api.site)
    mark_gold(api, list(truth)[:8], truth)
    train(api.site)
    ann, bob = api.as_role("annotator"), api.as_role("annotator")
    work(ann, truth, 60)
    assert bob.queue("topics", n=5) == []


def test_overlap_by_kind_and_slice(api: Any, make_project: Any, train: Any) -> None:
    """The random share is answered by two, everything else by one."""
    truth = make_project(api.site, policy=Policy(overlap_by_kind={"random": 2}, random_share=0.5))
    train(api.site)
    people = [api.as_role("annotator") for _ in range(3)]
    for person in people:
        work(person, truth, 60)
    with api.site.project("topics").read() as rows:
        table = t.annotation
        said: dict[int, list[str]] = {}
        for row in rows.all(rows.select(table.c.ordinal, table.c.slot_kind).order_by(table.c.seq)):
            said.setdefault(row.ordinal, []).append(row.slot_kind)
    assert {len(kinds) for kinds in said.values() if kinds[0] == "random"} == {2}
    assert {len(kinds) for kinds in said.values() if kinds[0] != "random"} == {1}


def test_an_empty_queue_says_why_in_figures(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, n=30, policy=Policy(overlap=2, gold_share=0))
    train(api.site)
    ann, bob = api.as_role("annotator"), api.as_role("annotator")
    held = bob.queue("topics", n=3)
    n_ann = len(work(ann, truth, 60))
    answer = ann.post("/projects/topics/queue", {"n": 1}).json()
    assert answer["empty"]["lent_out"] == len(held) and answer["empty"]["until"] is not None
    assert answer["empty"]["wait_for_others"] == n_ann
    assert answer["empty_because"] == "all-leased"


def test_a_paused_person_and_one_of_another_domain_get_no_work(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site)
    train(api.site)
    ann = api.as_role("annotator")
    me = ann.get("/session").json()["user"]["id"]

    def describe(**profile: Any) -> Any:
        return api.client.put(f"{api.base}/projects/topics/annotators/{me}", json=profile, headers=api.headers)

    assert describe(paused=True).status_code == 200
    assert ann.post("/projects/topics/queue", {"n": 1}).json()["empty_because"] == "you-paused"
    assert describe(only={"domain": ["elsewhere"]}).status_code == 200
    assert ann.queue("topics") == []
    assert describe(only={"colour": ["red"]}).status_code == 422
    assert describe(most_per_day=2).status_code == 200
    assert len(ann.queue("topics", n=5)) == 2
    assert describe().status_code == 200
    assert len(ann.queue("topics", n=5)) == 5


def test_what_is_left_counts_no_item_that_nobody_is_asked_about(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, n=30)
    train(api.site)
    before = api.counts("topics")["left"]
    mark_gold(api, list(truth)[:8], truth)
    train(api.site)
    assert api.counts("topics")["left"] == before - 8
    work(api.as_role("annotator"), truth, 60)
    train(api.site)
    assert api.counts("topics")["left"] == 0
    ann = api.as_role("annotator")
    assert ann.post("/projects/topics/queue", {"n": 1}).json()["empty_because"] == "done"


def test_why_an_item_was_asked_tells_no_check_from_a_sample(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, policy=Policy(gold_share=0.3, repeat_share=0.2))
    train(api.site)
    mark_gold(api, list(truth)[:20], truth)
    train(api.site)
    ann = api.as_role("annotator")
    work(ann, truth, 40)
    given = ann.get("/projects/topics/annotations", limit=100).json()["items"][::-1]
    told = [ann.get(f"/projects/topics/annotations/{one['id']}/why").json() for one in given]
    kinds = kinds_of(api, ann)
    assert {"gold", "repeat", "reserve"} <= set(kinds)
    measuring = [str(why) for why, kind in zip(told, kinds, strict=True) if kind != "chosen"]
    assert len(set(measuring)) == 1
    assert all(why["kind"] == "chosen" for why, kind in zip(told, kinds, strict=True) if kind == "chosen")


def test_the_history_of_an_item_has_repeats_reviews_and_known_answers(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, policy=Policy(repeat_share=0.4))
    train(api.site)
    ann = api.as_role("annotator")
    work(ann, truth, 20)
    other = {"sport": "food", "food": "law", "law": "sport"}
    work(ann, {key: other[value] for key, value in truth.items()}, 25)
    line = api.get("/projects/topics/reviews").json()["items"][0]
    body = {"outcome": "label", "answer": {"label": "l_1"}, "reason": "looked twice", "gold": True}
    assert api.post(f"/projects/topics/reviews/{line['id']}/decision", body).status_code == 200
    api.post(f"/projects/topics/reviews/{line['id']}/comments", {"text": "both readings were possible"})
    history = api.get(f"/projects/topics/items/{line['item']}").json()["history"]
    kinds = [one["kind"] for one in history if one["kind"] != "seen"]
    assert kinds == ["imported", "answer", "repeat", "review", "decided", "gold", "comment"]
    assert [one["summary"] for one in history if one["kind"] in ("decided", "gold")] == [
        "Review: the label is sport", "Known answer: sport",
    ]  # fmt: skip
