"""A fork of two arms in a project: served in turn, trained apart, compared on the reserve, ended, replayed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelwright.engine import arms, forks, thinning
from labelwright.engine.cycle import Cycle
from labelwright.loop.state import ASIDE, TRAIN
from labelwright.policy import Policy
from labelwright.policy.fork import ARMS
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import LABEL, make_api

FORKS = "/projects/topics/forks"
TWO = [{"strategy": "margin", "model": "linear", "dial": None}, {"strategy": "random", "model": "linear", "dial": None}]
PER_ARM = 20


def cycle_now(site: Any) -> Cycle:
    store = site.project("topics")
    with store.read() as rows:
        return Cycle(store, store.row(rows).cycle)


def answer(api: Any, truth: Any, n: int) -> None:
    for lease in api.queue("topics", n=n):
        right = LABEL[truth[lease["item"]["key"]]]
        assert api.answer("topics", lease, {"label": right}).status_code == 201


@pytest.fixture
def begun(site: Any, make_project: Any, train: Any) -> Any:
    """Three models, 120 answers, then a fork of 20 labels an arm and a ranking that serves it."""
    truth = make_project(site, n=400, policy=Policy(gold_share=0, reserve_share=0.3, random_share=0.2))
    train(site)
    api = make_api(site)
    for _ in range(3):
        answer(api, truth, 40)
        train(site)
    sent = api.post(FORKS, {"arms": TWO, "per_arm": PER_ARM, "hypothesis": "doubt beats <b>chance</b>"})
    assert sent.status_code == 201, sent.text
    train(site)
    return site, api, truth, sent.json()


def test_the_arms_are_served_in_turn_and_annotators_see_chosen_items(begun: Any) -> None:
    site, api, _, _ = begun
    slots = cycle_now(site).slots()
    assert slots is not None
    of_arms = slots.kind[np.isin(slots.kind, ARMS)]
    pairs = of_arms[: len(of_arms) // 2 * 2].reshape(-1, 2)
    assert len(pairs) > 20 and (pairs[:, 0] != pairs[:, 1]).all()  # one and the other
    assert 0.2 < (pairs[:, 0] == ARMS[0]).mean() < 0.8  # a coin says which comes first
    assert "chosen" not in slots.kind and {"random", "reserve"} <= set(slots.kind.tolist())
    assert len(np.unique(slots.item_idx)) == len(slots)
    assert np.isnan(slots.propensity[np.isin(slots.kind, ARMS)]).all()
    leases = api.queue("topics", n=12)
    assert leases and verify(site, "topics", replay=True).problems == []


def test_each_arm_learns_from_the_start_and_its_own_labels_and_the_fork_ends_by_itself(begun: Any, train: Any) -> None:
    site, api, truth, fork = begun
    base = set(cycle_now(site).labels(cycle_now(site).inputs.primary).of(TRAIN)[0].tolist())
    for _ in range(2):
        answer(api, truth, 20)
        train(site)
    cycle = cycle_now(site)
    mine, other = (arms.labels(cycle, arm) for arm in range(2))
    assert base <= set(mine.of(TRAIN)[0].tolist()) and base <= set(other.of(TRAIN)[0].tolist())
    asked = cycle.frozen.asked
    assert set(mine.of(ASIDE)[0].tolist()) == set(asked.items[1].tolist())
    assert set(other.of(ASIDE)[0].tolist()) == set(asked.items[0].tolist())
    assert abs(len(asked.items[0]) - len(asked.items[1])) <= 1 and len(asked.items[0]) > 5
    every = set(cycle.labels(cycle.inputs.primary).of(TRAIN)[0].tolist())
    assert set(mine.of(TRAIN)[0].tolist()) | set(other.of(TRAIN)[0].tolist()) == every  # the served model has all
    for _ in range(6):
        if api.get(FORKS).json()["items"][0]["state"] == "ended":
            break
        answer(api, truth, 20)
        train(site)
    ended = api.get(FORKS).json()["items"][0]
    assert ended["state"] == "ended" and [arm["answers"] for arm in ended["arms"]] == [PER_ARM, PER_ARM]
    assert all(arm["seconds"] > 0 for arm in ended["arms"])
    assert ended["difference"]["n"] >= 30 and ended["difference"]["low"] <= ended["difference"]["high"]
    assert ended["points"] and "these two sets of labels" in ended["sentence"]
    train(site)
    slots = cycle_now(site).slots()
    assert slots is not None and not np.isin(slots.kind, ARMS).any() and "chosen" in slots.kind
    assert api.post(f"{FORKS}/{fork['id']}/end", {}).status_code == 409
    assert verify(site, "topics", replay=True).problems == []


def test_the_outcome_is_recomputed_from_the_predictions_that_were_kept(begun: Any, train: Any) -> None:
    site, api, truth, fork = begun
    answer(api, truth, 20)
    train(site)
    cycle = cycle_now(site)
    found = arms.compared(cycle)
    assert found is not None
    question, (item_idx, y) = cycle.inputs.primary, cycle.labels(cycle.inputs.primary).of("reserve")
    right = []
    for name in ARMS:
        kept = arms.of_reserve(cycle, question, name)
        assert kept is not None
        proba = question.make_task().proba(kept.predictions)[np.searchsorted(kept.item_idx, item_idx)]
        right.append(proba.argmax(axis=1) == y)
    assert found.a == pytest.approx(right[0].mean()) and found.b == pytest.approx(right[1].mean())
    ended = api.post(f"{FORKS}/{fork['id']}/end", {}).json()
    assert ended["state"] == "ended" and ended["difference"]["value"] == pytest.approx(found.difference)
    assert ended["verdict"] == "open" and ended["sentence"].startswith("A person ended it before")
    assert verify(site, "topics").problems == []


def test_an_answer_that_is_taken_back_is_of_no_arm(begun: Any, train: Any) -> None:
    site, api, truth, _ = begun
    lease, said = _answered_of_arm(api, truth)
    train(site)
    ordinal = int(lease["item"]["key"][1:])
    assert ordinal in cycle_now(site).frozen.asked.items[0]
    assert api.answer("topics", lease, None, kind="undo", replaces=said["id"]).status_code == 201
    train(site)
    assert ordinal not in cycle_now(site).frozen.asked.items[0]
    assert verify(site, "topics", replay=True).problems == []


def _answered_of_arm(api: Any, truth: Any) -> Any:
    """An item that the first arm asked for, answered."""
    with api.site.project("topics").read() as rows:
        wanted = set(rows.scalars(rows.select(t.slot.c.ordinal).where(t.slot.c.kind == ARMS[0])))
    found = None
    for lease in api.queue("topics", n=20):
        said = api.answer("topics", lease, {"label": LABEL[truth[lease["item"]["key"]]]}).json()
        if int(lease["item"]["key"][1:]) in wanted:
            found = (lease, said)
    return found


def test_a_forged_file_of_an_arm_is_found(begun: Any, tmp_path: Path) -> None:
    site, *_ = begun
    path = cycle_now(site).files.arm_reserve("q_1", ARMS[1])
    file = tmp_path / "home/projects/topics/arrays" / path
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert any(path in problem for problem in verify(site, "topics").problems)


def test_old_files_of_arms_are_thinned_and_the_record_says_what_is_not_replayable(
    begun: Any, train: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, api, truth, _ = begun
    monkeypatch.setattr(thinning, "KEEP_CYCLES", 2)
    first = cycle_now(site)
    for _ in range(3):
        answer(api, truth, 10)
        train(site)
    assert not site.project("topics").arrays.has(first.files.arm_model("q_1", ARMS[0]))
    assert site.project("topics").arrays.has(first.files.arm_reserve("q_1", ARMS[0]))
    assert verify(site, "topics", replay=True).problems == []


def test_what_cannot_be_forked_says_why(begun: Any, site: Any) -> None:
    _, api, _, fork = begun
    assert api.post(FORKS, {"arms": TWO, "per_arm": 20}).status_code == 409  # one runs
    assert api.as_role("reviewer").post(f"{FORKS}/{fork['id']}/end", {}).status_code == 403
    assert api.post(f"{FORKS}/{fork['id']}/end", {}).status_code == 200
    same = api.post(FORKS, {"arms": [TWO[0], TWO[0]], "per_arm": 20})
    assert same.status_code == 422 and "two that differ" in same.text
    chance = {**TWO[1], "model": "boosting"}
    both = api.post(FORKS, {"arms": [TWO[1], chance], "per_arm": 20})
    assert both.status_code == 422 and "at most one" in both.text
    assert api.post(FORKS, {"arms": [TWO[0], {**TWO[0], "model": "oracle"}], "per_arm": 20}).status_code == 422
    assert api.post(FORKS, {"arms": [TWO[0], {**TWO[0], "strategy": "greedy-y"}], "per_arm": 20}).status_code == 422
    assert api.post(FORKS, {"arms": TWO, "per_arm": 4}).status_code == 422
    assert api.post(f"{FORKS}/fk_0000000000000000/end", {}).status_code == 404


def test_a_fork_before_the_first_model_is_refused(site: Any, make_project: Any) -> None:
    make_project(site, n=40)
    found = make_api(site).post(FORKS, {"arms": TWO, "per_arm": 20})
    assert found.status_code == 409 and "no model yet" in found.text


def test_beforehand_the_smallest_difference_that_could_be_shown_is_said(begun: Any) -> None:
    _, api, _, fork = begun
    sent = api.get(f"{FORKS}/proposal", per_arm=PER_ARM)
    assert sent.status_code == 200, sent.text
    said = sent.json()
    assert said["n"] >= 30 and (said["detectable"] is None or 0 < said["detectable"] < 0.5)
    assert fork["detectable"] is None or 0 < fork["detectable"] < 0.5
    assert api.get(FORKS).json()["items"][0]["hypothesis"] == "doubt beats <b>chance</b>"


def test_a_dial_and_another_model_make_an_arm(begun: Any, train: Any) -> None:
    site, api, truth, fork = begun
    assert api.post(f"{FORKS}/{fork['id']}/end", {}).status_code == 200
    two = [{"strategy": "auto", "model": "linear", "dial": 1}, {"strategy": "auto", "model": "boosting", "dial": 50}]
    sent = api.post(FORKS, {"arms": two, "per_arm": 10})
    assert sent.status_code == 201, sent.text
    train(site)
    answer(api, truth, 12)
    train(site)
    with site.project("topics").read() as rows:
        running = forks.at_work(rows, "q_1", [], cycle_now(site).layout)[0]
    assert running is not None and running.arms[1].dial == 50 and running.arms[1].model == "boosting"
    assert {"arm_a", "arm_b"} <= set(cycle_now(site).slots().kind.tolist())  # type: ignore[union-attr]
    assert verify(site, "topics", replay=True).problems == []


@pytest.mark.parametrize("at", ["before", "after"])
def test_a_worker_that_dies_while_it_trains_the_arms_is_replaced(begun: Any, train: Any, at: str) -> None:
    from labelwright.engine.worker import Worker

    class DiedError(BaseException):
        """The process is gone."""

    def watch(step: str, when: str) -> None:
        if (step, when) == ("arms", at):
            raise DiedError

    site, api, truth, _ = begun
    answer(api, truth, 20)
    with pytest.raises(DiedError):
        Worker(site.store, watch=watch).run(until_idle=True)
    train(site)
    cycle = cycle_now(site)
    with site.project("topics").read() as rows:
        found = [one.cycle for one in forks.measured(rows, cycle.inputs.fork.id)]  # type: ignore[union-attr]
    assert found.count(cycle.id) == 1 and verify(site, "topics", replay=True).problems == []
