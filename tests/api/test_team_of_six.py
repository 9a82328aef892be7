"""Six people on one project over HTTP: two careless, one who answers without looking; overlap, checks, strict review, sessions.

The error patterns are those of real people; the spammer always gives the same answer.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from labelwright.policy import Policy
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.api.test_calibration import ROOT, opened, proposed
from tests.api.test_checks import mark_gold
from tests.api.test_reviews import of_rules
from tests.conftest import LABEL

# Shares of answers, true to given, of people 16, 60 and 31 of the dog crowd (Zhou, Basu, Mao, Platt 2012) among its
# first three breeds; the last of them takes most of the first breed for the second.
GOOD = ((0.89, 0.11, 0.0), (0.09, 0.91, 0.0), (0.0, 0.0, 1.0))
CARELESS = ((0.68, 0.32, 0.0), (0.15, 0.85, 0.0), (0.05, 0.0, 0.95))
WORSE = ((0.18, 0.78, 0.04), (0.06, 0.88, 0.06), (0.06, 0.14, 0.80))
SPAM = ((1.0, 0.0, 0.0),) * 3
NAMES = ("sport", "food", "law")


class Person:
    """Somebody who errs by a confusion matrix."""

    def __init__(self, api: Any, confusion: tuple[tuple[float, ...], ...], seed: int) -> None:
        self.client, self._confusion = api.as_role("annotator"), np.array(confusion)
        self._rng = random.Random(seed)

    def answer(self, true: str) -> dict[str, str]:
        row = self._confusion[NAMES.index(true)]
        return {"label": LABEL[self._rng.choices(NAMES, weights=row.tolist())[0]]}

    def work(self, truth: dict[str, str], n: int) -> int:
        """Answer up to n items; how many there were."""
        for k in range(n):
            leases = self.client.queue("topics")
            if not leases:
                return k
            lease = leases[0]
            given = self.client.answer("topics", lease, self.answer(truth[lease["item"]["key"]]), seconds=2.0)
            assert given.status_code == 201, given.text
        return n


def test_a_team_of_six_works_through_a_project(api: Any, make_project: Any, train: Any) -> None:
    truth = make_project(api.site, n=160, policy=Policy(overlap=3, gold_share=0.15))
    train(api.site)
    keys = list(truth)
    mark_gold(api, keys[:18], truth)
    assert of_rules(api, strict=True, resolvers={"q_1": "one-coin"})["resolvers"] == {"q_1": "one-coin"}
    train(api.site)

    people = [Person(api, GOOD, k) for k in range(3)] + [Person(api, CARELESS, 3), Person(api, WORSE, 4)]
    people.append(Person(api, SPAM, 5))
    for _ in range(8):
        for person in people:
            person.work(truth, 10)
        train(api.site)
    store = api.site.project("topics")
    with store.read() as rows:
        table = t.annotation
        said: dict[int, set[str]] = {}
        for row in rows.all(rows.select(table.c.ordinal, table.c.person_id, table.c.slot_kind)):
            if row.slot_kind != "gold":
                said.setdefault(row.ordinal, set()).add(row.person_id)
        params = rows.scalar(
            rows.select(t.label_version.c.questions).order_by(t.label_version.c.cycle.desc()).limit(1)
        )["q_1"]
        key_of = {row.ordinal: row.key for row in rows.all(rows.select(t.item.c.ordinal, t.item.c.key))}
    assert max(len(who) for who in said.values()) == 3
    assert params["resolver"] == "one-coin"
    confusion = params["params"]["confusion"]
    ids = [person.client.get("/session").json()["user"]["id"] for person in people]
    skill = {who: float(np.trace(np.array(confusion[who]))) / 3 for who in ids}
    assert max(skill[who] for who in ids[5:]) < min(skill[who] for who in ids[:3])

    # Two reviewers settle what people disagree on; every change needs both, and a reason.
    eve, fay = api.as_role("reviewer"), api.as_role("reviewer")
    page = eve.get("/projects/topics/reviews", state="open", limit=200).json()
    lines = page["items"]
    assert page["causes"]["conflict"] == len(lines) > 10
    for line in lines[:12]:
        right = {"label": LABEL[truth[key_of[int(line["item"][1:])]]]}
        url = f"/projects/topics/reviews/{line['id']}/decision"
        body = {"outcome": "label", "answer": right, "reason": "as the text says"}
        assert eve.post(url, body).json()["line"]["state"] == "proposed"
        assert eve.post(url, body).status_code == 409
        assert fay.post(url, {"outcome": "label", "reason": "agreed"}).json()["line"]["state"] == "decided"
        assert eve.get(f"/projects/topics/items/{line['item']}").json()["label"] == truth[key_of[int(line["item"][1:])]]
    train(api.site)
    told = [one for person in people for one in person.client.get("/projects/topics/outcomes").json()["items"]]
    assert any(not one["agrees"] and one["may_appeal"] for one in told)

    # Two calibration sessions: on disputed items, then on fresh ones of the same strata.
    lead = api.as_role("lead")
    first = opened(lead, proposed(lead, "disputed", 5))
    meet(lead, people, first, truth)
    for place, ordinal in enumerate(items_of(api, first), 1):
        agreed = {"answer": {"label": LABEL[truth[key_of[ordinal]]]}, "reason": "as the text says"}
        assert lead.post(f"{ROOT}/{first}/items/{place}/decision", agreed).status_code == 200
    second = lead.post(f"{ROOT}/{first}/again", {"title": "Second"}).json()["session"]
    assert not set(items_of(api, first)) & set(items_of(api, second))
    meet(lead, people, second, truth)
    compared = lead.get(f"{ROOT}/{second}").json()
    assert compared["comparison"]["session"] == first and len(compared["comparison"]["changes"]) >= 3
    train(api.site)
    assert verify(api.site, "topics", replay=True).problems == []


def items_of(api: Any, session: str) -> list[int]:
    """The items of a session, in the order of their places."""
    with api.site.project("topics").read() as rows:
        return list(rows.scalar(rows.select(t.calibration.c["items"]).where(t.calibration.c.id == session)))


def meet(lead: Any, people: list[Person], session: str, truth: dict[str, str]) -> None:
    """Everybody answers each item blind, by their own errors; then the answers are revealed."""
    with lead.site.project("topics").read() as rows:
        key_of = {row.ordinal: row.key for row in rows.all(rows.select(t.item.c.ordinal, t.item.c.key))}
    for person in people:
        for place, ordinal in enumerate(items_of(lead, session), 1):
            body = {"place": str(place), "answer": person.answer(truth[key_of[ordinal]])}
            assert person.client.post(f"{ROOT}/{session}/answers", body).status_code == 201
    assert lead.post(f"{ROOT}/{session}/reveal").status_code == 200
