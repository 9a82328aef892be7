"""A search: the blind sample certifies the recall, no model learns from it, and the report is signed."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelwright.engine.cycle import Cycle
from labelwright.engine.goals import Goal
from labelwright.errors import InputError
from labelwright.evaluation.recall import quota
from labelwright.exchange import Columns
from labelwright.services.people import users
from labelwright.services.projects import create
from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft
from labelwright.services.projects.source import SourceDraft
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import make_api, train_until_idle

ROOT = "/projects/papers/search"
N = 600
WORDS = ("rat mouse depression stress behaviour drug swim", "plant soil leaf water seed root crop field")


def write_papers(path: Path, n: int, seed: int, *, labeled: bool = False) -> dict[str, str]:
    """Papers, and who is relevant among them by key."""
    rng, truth, rows = random.Random(seed), dict[str, str](), list[dict[str, str]]()
    for k in range(n):
        is_relevant = rng.random() < 0.2
        words = [rng.choice(WORDS[rng.random() < (0.3 if is_relevant else 0.8)].split()) for _ in range(12)]
        truth[f"k{k}"] = "include" if is_relevant else "leave"
        text = " ".join(words) + f" {k}{' of old' * labeled}"
        rows.append({"id": f"k{k}", "text": text} | ({"verdict": truth[f"k{k}"]} if labeled else {}))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return truth


def make_search(
    site: Any, folder: Path, *, positive: str | None = "include", value: float = 0.8, start_from: Path | None = None
) -> dict[str, str]:
    source = folder / "papers.jsonl"
    truth = write_papers(source, N, seed=3)
    question = QuestionDraft(labels=("include", "leave"), positive=positive, task="classification")
    draft = ProjectDraft(
        slug="papers", source=source, questions=(question,), columns=Columns(id="id", text="text"),
        goal=Goal("recall", value, prevalence=0.2),
        start_from=None if start_from is None else SourceDraft(path=start_from, label="verdict"),
    )  # fmt: skip
    create.create(site, users.first_admin(site), draft)
    return truth


def work(api: Any, truth: dict[str, str], n: int) -> int:
    done = 0
    for lease in api.queue("papers", n=n):
        label = {"label": "l_1" if truth[lease["item"]["key"]] == "include" else "l_2"}
        assert api.answer("papers", lease, label).status_code == 201
        done += 1
    return done


@pytest.fixture
def searching(site: Any, tmp_path: Path) -> tuple[Any, dict[str, str]]:
    truth = make_search(site, tmp_path)
    train_until_idle(site)
    return make_api(site), truth


def test_a_search_is_certified_by_the_blind_sample_alone_and_signed(searching: Any) -> None:
    api, truth = searching
    begun = api.get(ROOT).json()
    assert (begun["positive"], begun["goal"], begun["n_seen"], begun["recall"]) == ("include", 0.8, 0, None)
    assert begun["blind"]["n"] > 60 and begun["blind"]["least"] == 14 and begun["blind"]["needed"] is None
    detail = api.get("/projects/papers").json()
    assert detail["goal"] == "recall=0.8"
    store, seen = api.site.project("papers"), begun
    for _ in range(30):
        if seen["blind"]["certified"] or not work(api, truth, 40):
            break
        train_until_idle(api.site)
        seen = api.get(ROOT).json()
    blind = seen["blind"]
    assert blind["certified"] and blind["reached"] >= blind["needed"] == quota(blind["positives"], recall=0.8)
    by_rule = {rule["rule"]: rule for rule in seen["rules"]}
    assert by_rule["qbcb"]["stop"] and set(by_rule) == {"qbcb", "knee", "consecutive-irrelevant"}
    with store.read() as rows:
        row = store.row(rows)
        split = np.array(rows.scalars(rows.select(t.item.c.split).order_by(t.item.c.ordinal)).all())
        keys = rows.scalars(rows.select(t.item.c.key).order_by(t.item.c.ordinal)).all()
    cycle = Cycle(store, row.cycle)
    labels = cycle.labels(cycle.inputs.primary)
    assert set(split) == {"pool", "reserve"} and (split == "reserve").sum() == blind["n"]
    trained, _ = labels.of("train")
    assert set(split[trained]) == {"pool"}  # no model learned from the blind sample
    relevant = np.array([truth[key] == "include" for key in keys])
    found = relevant[labels.item_idx].sum()
    assert seen["n_found"] == found and found / relevant.sum() >= 0.8
    assert seen["recall"]["low"] <= seen["recall"]["value"] <= seen["recall"]["high"]
    assert seen["relevant"]["low"] <= relevant.sum() <= seen["relevant"]["high"]
    assert seen["n_seen"] < N and seen["looks"][-1]["n_found"] <= found

    report = api.get(f"{ROOT}/report").json()
    assert "**Certified.**" in report["markdown"] and "“include”" in report["markdown"]
    signed = api.post(f"{ROOT}/signatures", {"statement": "I led this review."}).json()
    [one] = signed["signatures"]
    assert (one["report"], one["statement"]) == (report["digest"], "I led this review.")
    assert api.get(f"{ROOT}/report").json()["digest"] == report["digest"]  # signing does not change it
    assert verify(api.site, "papers", replay=True).problems == []

    new = [{"id": f"new{k}", "text": f"rat stress swim number {k}"} for k in range(60)]  # as relevant ones look
    added = api.post("/projects/papers/items", {"rows": new})
    assert added.status_code == 201, added.text
    truth |= {one["id"]: "include" for one in new}
    again = api.get(ROOT).json()
    assert again["blind"]["left"] > 0 and not again["blind"]["certified"]
    assert "**Not certified.**" in api.get(f"{ROOT}/report").json()["markdown"]
    train_until_idle(api.site)
    [qbcb] = [rule for rule in api.get(ROOT).json()["rules"] if rule["rule"] == "qbcb"]
    assert not qbcb["stop"] and "wait for an answer" in str(qbcb)
    for _ in range(30):
        if again["blind"]["certified"] or not work(api, truth, 40):
            break
        train_until_idle(api.site)
        again = api.get(ROOT).json()
    assert again["blind"]["certified"] and again["blind"]["left"] == 0


def test_a_search_that_starts_from_labels_of_another_one_measures_on_its_own_sample(site: Any, tmp_path: Path) -> None:
    """Papers of an earlier search teach the model which to show first; they are neither found, seen nor measured."""
    older, n_older = tmp_path / "older.jsonl", 200
    write_papers(older, n_older, seed=4, labeled=True)
    truth = make_search(site, tmp_path, start_from=older)
    train_until_idle(site)
    api, store = make_api(site), site.project("papers")
    begun = api.get(ROOT).json()
    assert (begun["n_seen"], begun["n_found"], begun["recall"]) == (0, 0, None) and begun["blind"]["n"] > 60
    with store.read() as rows:
        row = store.row(rows)
        split = np.array(rows.scalars(rows.select(t.item.c.split).order_by(t.item.c.ordinal)).all())
        keys = rows.scalars(rows.select(t.item.c.key).order_by(t.item.c.ordinal)).all()
        shown = rows.scalars(
            rows.select(t.slot.c.ordinal).where(t.slot.c.kind == "chosen").order_by(t.slot.c.position).limit(40)
        ).all()
    assert row.n_items == N + n_older and (split == "source").sum() == n_older
    assert (split == "reserve").sum() == begun["blind"]["n"]
    assert set(split[list(shown)]) == {"pool"}
    assert np.mean([truth[keys[k]] == "include" for k in shown]) > 0.6  # before a single answer; one in five is
    seen = begun
    for _ in range(30):
        if seen["blind"]["certified"] or not work(api, truth, 40) + work(api, truth, 40):
            break
        train_until_idle(site)
        seen = api.get(ROOT).json()
    blind = seen["blind"]
    assert blind["certified"] and blind["reached"] >= blind["needed"] == quota(blind["positives"], recall=0.8)
    with store.read() as rows:
        cycle = Cycle(store, store.row(rows).cycle)
    labels = cycle.labels(cycle.inputs.primary)
    assert set(split[labels.item_idx]) <= {"pool", "reserve"}
    found = sum(truth[keys[k]] == "include" for k in labels.item_idx.tolist())
    assert seen["n_found"] == found and found / sum(value == "include" for value in truth.values()) >= 0.8
    assert seen["n_seen"] == len(labels.item_idx) < N
    assert verify(site, "papers", replay=True).problems == []


def test_a_sample_of_the_rest_bounds_what_was_left_out(searching: Any) -> None:
    api, truth = searching
    for _ in range(8):
        work(api, truth, 40)
        train_until_idle(api.site)
    before = api.get(ROOT).json()
    assert api.post(f"{ROOT}/samples", {"n": 100_000}).status_code == 422
    asked = api.post(f"{ROOT}/samples", {"n": 30})
    assert asked.status_code == 201 and asked.json()["rest"]["n"] == 30
    assert api.post(f"{ROOT}/samples", {"n": 30}).status_code == 409  # not labeled yet
    train_until_idle(api.site)
    with api.site.project("papers").read() as rows:
        drawn = rows.scalar(rows.select(t.decision.c.data).where(t.decision.c.kind == "search.sampled"))["items"]
        keys = dict(enumerate(rows.scalars(rows.select(t.item.c.key).order_by(t.item.c.ordinal))))
    leases = api.queue("papers", n=30)
    assert {lease["item"]["key"] for lease in leases} == {keys[item] for item in drawn}  # they come first
    for lease in leases:
        label = {"label": "l_1" if truth[lease["item"]["key"]] == "include" else "l_2"}
        assert api.answer("papers", lease, label).status_code == 201
    train_until_idle(api.site)
    rest = api.get(ROOT).json()["rest"]
    positives = sum(truth[keys[item]] == "include" for item in drawn)
    left = sum(value == "include" for value in truth.values()) - before["n_found"]
    assert (rest["n"], rest["n_labeled"], rest["positives"]) == (30, 30, positives)
    assert rest["missed_high"] >= left * 0.5 and 0 < rest["recall_low"] < 1
    assert verify(api.site, "papers", replay=True).problems == []


def test_what_is_no_search_says_so(api: Any, make_project: Any, site: Any, tmp_path: Path) -> None:
    make_project(api.site)
    train_until_idle(api.site)
    answer = api.get("/projects/topics/search")
    assert answer.status_code == 409 and "is no search" in answer.json()["message"]
    with pytest.raises(InputError, match="label that is searched for"):
        make_search(site, tmp_path, positive=None)
