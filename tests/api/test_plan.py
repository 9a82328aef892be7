"""The labeling plan: targets of slices beside the goal, what is missing, quotas, staffing, and forecasts that are kept."""

from __future__ import annotations

import json
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import data
from labelwright.engine.goals import Goal
from labelwright.engine.quality import Profile
from labelwright.exchange import Columns
from labelwright.policy import Policy
from labelwright.services.people import users
from labelwright.services.projects import access
from labelwright.services.quality import rules
from labelwright.services.record.verify import verify
from labelwright.services.reporting import report
from labelwright.services.targets import plan, work
from labelwright.services.targets.told import told
from labelwright.store import tables as t
from labelwright.store.clock import today
from tests.conftest import text_draft

N_ROUNDS, OF_ROUND = 8, 50


@pytest.fixture
def planned(api: Any, train: Any, tmp_path: Path) -> Any:
    """Eight rounds of fifty answers on texts of two domains, of which one is harder."""
    from labelwright.services.people import users
    from labelwright.services.projects import create

    truth = data.write(tmp_path / "plain.jsonl", 900)
    source = tmp_path / "topics.jsonl"
    with source.open("w") as file:
        for k, line in enumerate((tmp_path / "plain.jsonl").read_text().splitlines()):
            row = json.loads(line)
            words = row["text"].split()
            hard = k % 3 == 0
            text = " ".join(words[:2]) if hard else row["text"]
            file.write(
                json.dumps(
                    {**row, "text": text, "domain": "short" if hard else "long", "effort": "little" if hard else "much"}
                )
                + "\n"
            )
    goal = Goal("accuracy", 0.97, deadline=today() + timedelta(days=3), label_cost=0.5)
    policy = Policy(gold_share=0, reserve_share=0.45, random_share=0.1, batch_size=20, guard=False)
    draft = text_draft(
        "topics", source, policy=policy, goal=goal, labels=data.LABELS,
        columns=Columns(id="id", text="text", domain="domain", cost="effort"),
    )  # fmt: skip
    create.create(api.site, users.ensure_admin(api.site)[0], draft)
    train(api.site)
    for _ in range(N_ROUNDS):
        for lease in api.queue("topics", n=OF_ROUND):
            label = f"l_{data.LABELS.index(truth[lease['item']['key']]) + 1}"
            assert api.answer("topics", lease, {"label": label}, seconds=4.0).status_code == 201
        train(api.site)
    return api


def test_targets_are_planned_in_order_and_quotas_go_into_the_policy(planned: Any) -> None:
    api, base = planned, f"{planned.base}/projects/topics"
    wanted = {"name": "short texts", "filter": {"column": "domain", "value": "short"}}
    saved = api.client.post(f"{base}/slices", json=wanted, headers=api.headers).json()
    soon = (today() + timedelta(days=2)).isoformat()
    target = {"slice": saved["id"], "metric": "accuracy", "value": 0.99, "deadline": soon}
    body = {"targets": [target], "before": 2000}
    plan = api.client.put(f"{base}/targets", json=body, headers=api.headers)
    assert plan.status_code == 200, plan.text
    first, second = plan.json()["lines"]
    assert first["aim"]["name"] == "short texts" and second["aim"]["slice"] is None  # the earlier deadline comes first
    assert first["standing"]["now"]["value"] < second["standing"]["now"]["value"] and first["text"] and second["text"]
    assert first["quota"]["of_pool"] == pytest.approx(1 / 3, abs=0.05) and first["quota"]["now"] is None
    pace = plan.json()["pace"]
    assert pace["seconds"] == 4.0 and pace["price"] == 0.5 and pace["per_label"] > 1.2  # others measure
    quota = {"column": "domain", "value": "short", "share": 0.5}
    assert api.client.put(f"{base}/quota", json=quota, headers=api.headers).status_code == 204
    assert api.get("/projects/topics/plan").json()["lines"][0]["quota"]["now"] == 0.5
    goal = api.get("/projects/topics").json()["goal_details"]
    changed = {"goal": {"metric": "accuracy", "value": 0.96, "deadline": goal["deadline"]}}
    assert api.client.put(f"{base}/goal", json=changed, headers=api.headers).status_code == 200
    assert len(api.get("/projects/topics/plan").json()["lines"]) == 2  # another goal leaves the targets alone
    for wrong, status in (({**target, "slice": "sl_none"}, 404), ({**target, "metric": "speed"}, 422)):
        refused = api.client.put(f"{base}/targets", json={"targets": [wrong]}, headers=api.headers)
        assert refused.status_code == status, refused.text
    assert api.client.delete(f"{base}/slices/{saved['id']}", headers=api.headers).status_code == 204
    gone = api.get("/projects/topics/plan").json()["lines"]
    assert [line["standing"]["now"] is None for line in gone] == [False, True] or gone[0]["standing"]["now"] is None


def shared(api: Any, missing: int | None = 100, week: int | None = 30) -> work.Work:
    """What so many missing labels come to."""
    store = api.site.project("topics")
    with store.read() as rows:
        project = access.ready(store, rows)
        return work.work(api.site, store, rows, project, missing, week, today())


def asked_for_review(api: Any, n: int) -> list[str]:
    """Reviews of labeled items."""
    found = []
    for one in api.get("/projects/topics/items", show="labeled", limit=n).json()["items"]:
        answer = api.post(f"/projects/topics/items/{one['id']}/review", {"reason": "Looks odd."})
        assert answer.status_code == 201, answer.text
        found.append(answer.json()["review"])
    return found


def test_what_is_missing_is_shared_among_kinds_of_item_and_roles_at_measured_rates(planned: Any) -> None:
    api, told_work = planned, shared(planned)
    per_label = api.get("/projects/topics/plan").json()["pace"]["per_label"]
    assert {one.name for one in told_work.kinds} == {"little", "much"}
    for one in told_work.kinds:
        assert one.seconds == 4.0 and one.n_measured > 50 and one.doubt is not None and 0 < one.doubt < 1
    assert sum(one.labels or 0 for one in told_work.kinds) == pytest.approx(100, abs=1)
    first, second = (one.doubt or 0 for one in told_work.kinds)
    assert first >= second  # they take the same time
    (annotators,) = told_work.roles
    assert (annotators.role, annotators.labels, annotators.n_people) == ("annotators", 100, 1)
    assert annotators.hours == pytest.approx(100 * per_label * 4 / 3600)
    assert sum(one.hours or 0 for one in told_work.kinds) == pytest.approx(annotators.hours)
    assert annotators.week_hours == pytest.approx(30 * per_label * 4 / 3600) and annotators.by is not None
    assert annotators.cost == pytest.approx(100 * per_label * 0.5)
    unknown = shared(api, None, None)
    assert unknown.roles[0].seconds == 4.0 and unknown.roles[0].labels is None and unknown.kinds[0].hours is None

    lead = users.ensure_admin(api.site)[0]
    rules.describe(api.site, lead, "topics", lead.person_id, Profile(expert=True, rate=30.0))
    asked_for_review(api, 8)
    roles = {one.role: one for one in shared(api).roles}
    assert roles["experts"].labels == 100 and roles["experts"].cost == annotators.cost  # the lead gave all answers
    assert roles["annotators"].seconds is None and roles["annotators"].labels is None
    assert roles["reviewers"].labels is None and roles["reviewers"].n_measured == 0
    assert len(api.get("/projects/topics/plan").json()["work"]["roles"]) == 3
    said = told(plan.show(api.site, lead, "topics"))
    assert "Reviewers: too few to tell (0 of 20 times)." in said
    assert sum(one.startswith("Kind of item ") for one in said) == 2
    page = report.html(api.site, lead, "topics")
    assert "What is still to do" in page and all(escape(one, quote=False) in page for one in said)


def test_reviews_are_expected_from_the_share_that_came_and_the_time_that_they_took(
    planned: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = planned
    monkeypatch.setattr(work, "LEAST", 5)
    monkeypatch.setattr(work, "gaps", lambda own: np.full(max(len(own) - 1, 0), 12.0))
    other = api.as_role("reviewer")
    for review in asked_for_review(api, 8)[:6]:
        decided = other.post(f"/projects/topics/reviews/{review}/decision", {"outcome": "keep"})
        assert decided.status_code == 200, decided.text
    reviewers = next(one for one in shared(api).roles if one.role == "reviewers")
    with api.site.project("topics").read() as rows:
        query = rows.select(t.item.c.ordinal).where(
            t.item.c.split == "pool", t.item.c.ordinal == t.annotation.c.ordinal
        )
        n_training = len(set(rows.scalars(query)))
    expected = 100 * 8 / n_training + 2  # two wait
    assert reviewers.n_measured == 5 and reviewers.labels == round(expected) and reviewers.n_people == 1
    assert reviewers.hours == pytest.approx(expected * 12 / 3600) and reviewers.cost is None


def test_forecasts_of_rounds_are_kept_and_judged(planned: Any) -> None:
    kept = planned.get("/projects/topics/plan").json()["kept"]
    assert len(kept["forecasts"]) >= 2 and kept["n"] == sum(one["held"] is not None for one in kept["forecasts"]) >= 1
    for one in kept["forecasts"]:
        assert one["n_labels"] < one["next_labels"] and one["low"] <= one["value"] <= one["high"]
        assert one["held"] == (None if one["measured"] is None else one["low"] <= one["measured"] <= one["high"])
    assert kept["low"] < kept["n_held"] / kept["n"] <= kept["high"] or kept["n_held"] == 0
    assert verify(planned.site, "topics", replay=True).problems == []


def test_without_a_goal_there_is_no_plan_and_targets_are_refused(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site)
    train(api.site)
    assert api.get("/projects/topics/plan").json()["lines"] == []
    refused = api.client.put(f"{api.base}/projects/topics/targets", json={"targets": []}, headers=api.headers)
    assert refused.status_code == 409 and "Set a goal" in refused.json()["hint"]
