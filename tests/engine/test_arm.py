"""The control arm in a project: recorded, trained on, measured, kept, replayed; and projects of before go on as before."""

from __future__ import annotations

import itertools
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.processes import opened
from labelwright.engine import controls, thinning
from labelwright.engine.arm import order_of
from labelwright.engine.cycle import Cycle
from labelwright.policy import Policy
from labelwright.policy.arm import DRAWN, PERMUTED
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import LABEL, make_api

N = 400
FIXTURES = Path(__file__).parent.parent / "fixtures"


def cycle_now(site: Any) -> Cycle:
    store = site.project("topics")
    with store.read() as rows:
        return Cycle(store, store.row(rows).cycle)


def answer(api: Any, truth: Any, n: int) -> None:
    for lease in api.queue("topics", n=n):
        right = LABEL[truth[lease["item"]["key"]]]
        assert api.answer("topics", lease, {"label": right}).status_code == 201


@pytest.fixture
def grown(site: Any, make_project: Any, train: Any) -> Any:
    """Five served models, 200 answers, a third of the slots for training at random."""
    truth = make_project(site, n=N, policy=Policy(gold_share=0, reserve_share=0.25, random_share=0.34))
    train(site)
    api = make_api(site)
    for _ in range(5):
        answer(api, truth, 40)
        train(site)
    return site, api, truth


def test_the_arm_is_frozen_with_each_cycle_and_its_model_recorded(grown: Any) -> None:
    site, _, _ = grown
    cycle = cycle_now(site)
    assert cycle.inputs.random_order == PERMUTED
    place = order_of(cycle.layout, cycle.frozen.excluded, cycle.inputs.project_seed)
    members = cycle.frozen.arm
    assert sorted(place[members].tolist()) == list(range(len(members))) and len(members) >= 30
    with site.project("topics").read() as rows:
        kinds = dict(rows.all(rows.select(t.annotation.c.ordinal, t.annotation.c.slot_kind)))
        models = controls.recorded(rows, "q_1")
    assert "chosen" in {kinds[item] for item in members.tolist()}  # asked as chosen, and joined
    assert models and models[0].n_labels >= 30
    assert all(later.n_labels >= 1.1 * sooner.n_labels for sooner, later in itertools.pairwise(models))
    assert verify(site, "topics", replay=True).problems == []


def test_progress_and_the_route_say_what_the_arm_is_worth(grown: Any) -> None:
    _, api, _ = grown
    found = api.get("/projects/topics/control").json()
    assert found["equal"] is not None and found["needed"] == 30
    assert found["n_arm"] >= found["equal"]["n_arm"] >= 30
    equal = found["equal"]
    open_ended = equal["low"] == 0 and equal["high"] is None  # nearly all is right from the first model on
    said = "cannot be told yet from any number" if open_ended else "are worth "
    assert found["sentence"].startswith(f"{equal['n_arm']} random labels {said}")
    assert equal["low"] <= (equal["value"] if equal["value"] is not None else 1e9)
    progress = api.get("/projects/topics/progress").json()
    assert progress["baseline"] == found["points"] and found["points"][-1]["n_labels"] == found["equal"]["n_arm"]
    hours = [point["hours"] for point in progress["curve"]]
    assert hours == sorted(hours) and all(point["cost"] is None for point in progress["curve"])


def test_an_arm_that_is_too_small_says_how_many_labels_are_missing(lived: Any) -> None:
    found = lived.api.get("/projects/topics/control").json()
    assert found["equal"] is None and found["points"] == [] and 0 < found["n_arm"] < 30
    assert found["sentence"].startswith(f"The control arm holds {found['n_arm']} of 30 random labels")


def test_what_somebody_set_aside_is_passed_over(grown: Any, train: Any) -> None:
    site, api, truth = grown
    before = cycle_now(site)
    place = order_of(before.layout, before.frozen.excluded, before.inputs.project_seed)
    first = int(np.flatnonzero(place == len(before.frozen.arm))[0])  # the arm ends before it
    assert first not in before.frozen.arm
    for lease in api.queue("topics", n=50):
        key = lease["item"]["key"]
        if key == f"t{first:03d}":
            assert api.answer("topics", lease, None, kind="skip", reason="cannot tell").status_code == 201
        else:
            assert api.answer("topics", lease, {"label": LABEL[truth[key]]}).status_code == 201
    train(site)
    now = cycle_now(site)
    assert first not in now.frozen.arm and len(now.frozen.arm) > len(before.frozen.arm)
    assert place[now.frozen.arm].max() > place[first]  # the prefix went on behind it


def test_a_forged_control_file_is_found(grown: Any, tmp_path: Path) -> None:
    site, _, _ = grown
    store = site.project("topics")
    with store.read() as rows:
        body = controls.recorded(rows, "q_1")[-1]
    (path,) = body.arrays
    file = tmp_path / "home/projects/topics/arrays" / path
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert any(path in problem for problem in verify(site, "topics").problems)


def test_few_predictions_of_the_arm_are_kept(grown: Any, train: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site, api, truth = grown
    monkeypatch.setattr(thinning, "KEEP_CONTROL", 1)
    for _ in range(3):
        answer(api, truth, 30)
        train(site)
    with site.project("topics").read() as rows:
        models = controls.recorded(rows, "q_1")
    kept = [body.cycle for body in models if Cycle(site.project("topics"), body.cycle).control(_question(site))]
    assert len(models) > len(kept) and models[-1].cycle in kept
    assert verify(site, "topics", replay=True).problems == []


def _question(site: Any) -> Any:
    return cycle_now(site).inputs.primary


def test_a_project_of_before_goes_on_with_an_arm_and_its_old_orders_replay(tmp_path: Path, train: Any) -> None:
    with zipfile.ZipFile(FIXTURES / "home-0.3.0.zip") as archive:
        archive.extractall(tmp_path / "home")
    with opened(tmp_path / "home") as site:
        before, api = cycle_now(site), make_api(site)
        assert before.inputs.random_order == DRAWN and before.state(before.inputs.primary).places is None
        for lease in api.queue("topics", n=5):
            assert api.answer("topics", lease, {"label": "l_1"}).status_code == 201
        train(site)
        now = cycle_now(site)
        assert now.id > before.id and now.inputs.random_order == PERMUTED
        assert verify(site, "topics", replay=True).problems == []
