"""Certifying a goal: sealed labels are asked for on demand, opened with pass or fail alone, and replayed."""

from __future__ import annotations

from typing import Any

import pytest

from labelwright.engine import answers, sealed
from labelwright.engine.certificates import outcome_of
from labelwright.engine.cycle import Cycle
from labelwright.engine.goals import Goal
from labelwright.engine.layout import layout
from labelwright.engine.project import load
from labelwright.policy import Policy
from labelwright.services.record.verify import verify
from labelwright.stats.certify import critical_count
from labelwright.store import tables as t
from labelwright.store.record.certificates import CertificateOpened
from tests.api.test_checks import work

N = 440  # a reserve of 100, and a tenth sealed for the goal
ROOT = "/projects/topics/certificate"


@pytest.fixture
def project(api: Any, make_project: Any, train: Any) -> dict[str, str]:
    truth: dict[str, str] = make_project(
        api.site, n=N, policy=Policy(gold_share=0, reserve_share=0.2), goal=Goal("accuracy", 0.8, openings=2)
    )
    train(api.site)
    return truth


def sealed_now(api: Any) -> list[int]:
    store = api.site.project("topics")
    with store.read() as rows:
        project = load(store, rows)
        where = layout(store, rows, project.row.n_items)
        without = answers.excluded(rows, project.row.n_items)
        return sealed.candidates(where, without, project.seed).tolist()


def ask(api: Any, n: int) -> Any:
    return api.client.put(f"{api.base}{ROOT}", json={"n": n}, headers=api.headers)


def test_sealed_labels_are_asked_first_and_an_opening_says_pass_or_fail_alone(
    api: Any, project: dict[str, str], train: Any
) -> None:
    items = sealed_now(api)
    seen = api.get(ROOT).json()
    assert seen["why"] is None and seen["n_sealed"] == len(items) == 44 and seen["threshold"] == 0.8
    assert (seen["openings"], seen["left"], seen["alpha"], seen["can_open"]) == (2, 2, 0.025, False)
    assert seen["n_proposed"] is None and 0.1 < seen["smallest_lead"] < 0.2
    ann = api.as_role("annotator")
    work(ann, project, 60)
    assert not set(answered_by(api, ann)) & set(items)  # the sealed part waits
    assert api.post(f"{ROOT}/openings").status_code == 409
    refused = ask(api, 10)  # 0.8 ** 10 = 0.107
    assert refused.status_code == 422 and "even if all" in refused.json()["message"]
    assert ask(api, 45).status_code == 422
    assert ask(api, 20).json()["n_asked"] == 20
    train(api.site)
    before = len(answered_by(api, ann))
    work(ann, project, 20)
    assert set(answered_by(api, ann)[before:]) == set(items[:20])
    train(api.site)
    found = api.get(ROOT).json()
    assert (found["n_labeled"], found["can_open"]) == (20, True)
    with api.site.project("topics").read() as rows:  # no cycle reads a sealed label
        cycle = Cycle(api.site.project("topics"), api.site.project("topics").row(rows).cycle)
    assert not set(cycle.labels(cycle.inputs.primary).item_idx.tolist()) & set(items)

    opened = api.post(f"{ROOT}/openings")
    assert opened.status_code == 201, opened.text
    [one] = opened.json()["opened"]
    assert (one["n"], one["alpha"], one["cycle"]) == (20, 0.025, cycle.id) and opened.json()["left"] == 1
    assert set(one) == {"at", "by", "cycle", "n", "alpha", "threshold", "passed"}  # never how many were right
    store = api.site.project("topics")
    with store.read() as rows:
        made = outcome_of(store, rows, load(store, rows), cycle_items(items), cycle.id)
        kept = rows.scalar(rows.select(t.decision.c.data).where(t.decision.c.kind == CertificateOpened.kind))
    assert made is not None and one["passed"] == (made.n_hits >= critical_count(20, 0.8, alpha=0.025))
    assert "n_hits" not in kept and kept["passed"] == one["passed"]
    again = api.post(f"{ROOT}/openings")
    assert again.status_code == 409 and "already" in again.json()["message"]  # the opening is not wasted
    assert ask(api, 25).status_code == 409
    work(ann, project, 15)
    train(api.site)
    assert api.post(f"{ROOT}/openings").status_code == 201
    work(ann, project, 15)
    train(api.site)
    last = api.post(f"{ROOT}/openings")
    assert last.status_code == 409 and "all 2 openings" in last.json()["message"]
    report = verify(api.site, "topics", replay=True)
    assert report.problems == [] and any("2 openings of sealed labels" in line for line in report.lines)


def cycle_items(items: list[int]) -> Any:
    import numpy as np

    return np.array(items[:20])


def answered_by(api: Any, person: Any) -> list[int]:
    user = person.get("/session").json()["user"]["id"]
    with api.site.project("topics").read() as rows:
        table = t.annotation
        return list(rows.scalars(rows.select(table.c.ordinal).where(table.c.person_id == user).order_by(table.c.seq)))


def test_what_cannot_be_certified_says_why(api: Any, make_project: Any, train: Any) -> None:
    make_project(api.site, n=90)
    train(api.site)
    assert api.get(ROOT).json()["why"] == "There is no goal to certify."
    for metric, value, words in (
        ("macro-f1", 0.9, "no share of right items"),
        ("accuracy", 0.95, "0 sealed items cannot certify"),
    ):
        goal = {"goal": {"metric": metric, "value": value}}
        assert api.client.put(f"{api.base}/projects/topics/goal", json=goal, headers=api.headers).status_code == 200
        assert words in api.get(ROOT).json()["why"]
        assert ask(api, 20).status_code == 409


def test_who_may_ask_and_open(api: Any, project: dict[str, str]) -> None:
    for role, reads, acts in (
        ("lead", 200, 200),
        ("auditor", 200, 403),
        ("stakeholder", 200, 403),
        ("annotator", 403, 403),
    ):
        person = api.as_role(role)
        assert person.get(ROOT).status_code == reads, role
        asked = person.client.put(f"{person.base}{ROOT}", json={"n": 20}, headers=person.headers)
        assert asked.status_code == acts, role


def test_the_advice_names_rules_forecast_changes_and_what_may_be_wrong(
    api: Any, project: dict[str, str], train: Any
) -> None:
    goal = {"metric": "accuracy", "value": 0.8, "openings": 2, "point_value": 5, "label_cost": 1}
    assert (
        api.client.put(f"{api.base}/projects/topics/goal", json={"goal": goal}, headers=api.headers).status_code == 200
    )
    early = api.get("/projects/topics/advice").json()
    assert early["decision"] == "too-early" and early["forecast"] is None and "0 of 50" in early["text"]
    ann = api.as_role("annotator")
    for _ in range(8):
        work(ann, project, 40)
        train(api.site)
    seen = api.get("/projects/topics/advice").json()
    by_rule = {one["rule"]: one for one in seen["rules"]}
    assert set(by_rule) == {"target", "plateau", "kappa-stable", "cost-benefit"}
    assert by_rule["kappa-stable"]["heuristic"] and not by_rule["plateau"]["heuristic"]
    assert seen["decision"] in ("go-on", "stop") and seen["text"].endswith(".")
    forecast = seen["forecast"]
    assert 0 <= forecast["chance"] <= 1 and len(forecast["curve"]) > 20
    assert all(one["low"] <= one["value"] <= one["high"] for one in forecast["curve"])
    ledger = {one["name"]: one for one in seen["ledger"]}
    assert (ledger["certificates"]["looks"], ledger["certificates"]["used"]) == (2, 0)
    assert ledger["plateau"]["looks"] == 8 and ledger["guard"]["alpha"] == 0.1
    assert any("ask two" in one for one in seen["changes"])
    with api.site.project("topics").read() as rows:
        looks = rows.scalars(rows.select(t.decision.c.data).where(t.decision.c.kind == "look")).all()
    assert looks and {"kappa", "change", "change_se", "change_n"} <= set(looks[-1]["columns"])
    assert looks[-1]["columns"]["kappa"] is not None and looks[-1]["columns"]["change_n"] > 50
    assert verify(api.site, "topics", replay=True).problems == []
