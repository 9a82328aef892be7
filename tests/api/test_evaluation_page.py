"""The page Evaluation: figures on the reserve alone, slices, errors, people's errors, second looks."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.processes import opened
from labelwright import evaluate
from labelwright.policy import Policy
from labelwright.services.evaluation import page, second_looks, worst
from labelwright.services.people import users
from labelwright.services.projects import create
from scripts import keep_project
from tests.conftest import LABEL, make_api, make_site, split_of, text_draft, train_until_idle, write_texts

NAMES = {label: name for name, label in LABEL.items()}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with 200 labeled texts; people err on a third of the reserve, so that there is something off."""
    folder = tmp_path_factory.mktemp("evaluated")
    site = make_site(folder / "home")
    truth = write_texts(folder / "topics.jsonl", 200)
    admin, _ = users.ensure_admin(site)
    create.create(site, admin, text_draft("topics", folder / "topics.jsonl"))
    train_until_idle(site)
    api, rng = make_api(site), random.Random(0)
    for _ in range(5):
        for lease in api.queue("topics", n=40):
            label = LABEL[truth[lease["item"]["key"]]]
            if split_of(site.project("topics"), lease) != "pool" and rng.random() < 0.33:
                label = rng.choice([one for one in LABEL.values() if one != label])
            assert api.answer("topics", lease, {"label": label}).status_code == 201
        train_until_idle(site)
    site.close()
    return folder / "home"


@pytest.fixture
def measured(prepared: Path, tmp_path: Path) -> Iterator[Any]:
    """A client of a copy of that home."""
    shutil.copytree(prepared, tmp_path / "home")
    site = make_site(tmp_path / "home")
    yield make_api(site)
    site.close()


def test_figures_are_those_of_the_library_on_the_reserve(measured: Any) -> None:
    found = measured.get("/projects/topics/evaluation").json()
    assert found["state"] == "ready" and found["n"] > 30 and found["n_labels"] > 0 and found["at"]
    cells = measured.get("/projects/topics/mistakes").json()["cells"]
    truth = [cell["truth"] for cell in cells for _ in range(cell["n"])]
    said = [cell["predicted"] for cell in cells for _ in range(cell["n"])]
    names = sorted(LABEL)
    proba = np.array([[float(one == name) for name in names] for one in said])
    by_name = {line["name"]: line["figure"] for line in found["metrics"]}
    assert next(iter(by_name)) == "accuracy" and {"macro-f1", "brier", "log-loss", "calibration-error"} <= set(by_name)
    for name in ("accuracy", "macro-f1"):
        same = evaluate(truth, proba, metric=name, classes=names)
        assert (by_name[name]["value"], by_name[name]["low"], by_name[name]["high"]) == pytest.approx(
            (same.value, same.low, same.high)
        )
        assert by_name[name]["n"] == found["n"] == len(truth)
    assert sum(one["n"] for one in found["classes"]) == found["n"]
    for one in found["classes"]:
        same = evaluate(truth, proba, metric="recall", positive=one["name"], classes=names)
        assert one["recall"]["value"] == pytest.approx(same.value) and one["recall"]["n"] == one["n"]
    bins = found["reliability"]["bins"]
    assert found["reliability"]["kind"] == "confidence" and sum(one["figure"]["n"] for one in bins) == found["n"]
    assert all(one["low"] <= one["predicted"] <= one["high"] for one in bins)


def test_metrics_are_asked_for_by_name_and_parameters(measured: Any) -> None:
    path = "/projects/topics/evaluation/metric"
    choices = {one["name"]: one["takes"] for one in measured.get("/projects/topics/evaluation").json()["choices"]}
    assert choices["precision-at-recall"] == ["recall", "label"] and choices["top"] == ["k"]
    top = measured.get(path, name="top-3").json()
    assert top["figure"]["value"] == 1.0
    found = measured.get(path, name="recall-at-precision", precision=0.6, positive="l_1").json()
    assert 0 <= found["figure"]["value"] <= 1 and found["higher_is_better"]
    cost = measured.get(path, name="cost", costs="0,1,1/1,0,1/1,1,0").json()["figure"]["value"]
    accuracy = measured.get(path, name="accuracy").json()["figure"]["value"]
    assert cost == pytest.approx(1 - accuracy)
    for wrong in ({"name": "nothing"}, {"name": "recall"}, {"name": "cost", "costs": "1,x"}):
        assert measured.get(path, **wrong).status_code == 422, wrong
    assert measured.get(path, name="recall", positive="l_9").status_code == 422


def test_slices_are_corrected_and_lead_to_their_items(measured: Any) -> None:
    found = measured.get("/projects/topics/evaluation/slices").json()
    assert {"label", "length"} <= set(found["columns"]) and found["min_items"] == 20
    lines = found["slices"]
    known = [one["shrunk"] for one in lines if one["figure"]["low"] is not None]
    assert known == sorted(known) and found["n_tested"] == sum(one["p_value"] is not None for one in lines)
    for one in [line for line in lines if line["column"] == "label"]:
        asked = {"column": "label", "value": one["value"]}
        items = measured.get("/projects/topics/evaluation/slices/items", **asked).json()
        assert items["n"] == one["figure"]["n"] == len(items["items"])
        assert items["n_wrong"] == round((1 - one["figure"]["value"]) * items["n"])
    words = measured.get("/projects/topics/evaluation/slices", by="label", search="team").json()
    searched = {one["value"]: one["figure"]["n"] for one in words["slices"] if one["column"] == "search"}
    assert sum(searched.values()) == found["overall"]["n"]
    base = f"{measured.base}/projects/topics/slices"
    with_team = {"name": "with team", "filter": {"search": "team"}}
    assert measured.client.post(base, json=with_team, headers=measured.headers).status_code == 201
    saved = measured.get("/projects/topics/evaluation/slices", by="saved.with team").json()
    assert "saved.with team" in saved["columns"]
    assert {one["value"]: one["figure"]["n"] for one in saved["slices"]} == searched
    of_slice = {"column": "saved.with team", "value": "with"}
    items = measured.get("/projects/topics/evaluation/slices/items", **of_slice).json()
    assert items["n"] == searched["with"]
    assert measured.get("/projects/topics/evaluation/slices", by="nothing").status_code == 422


def test_the_worst_errors_are_those_of_the_greatest_confidence(measured: Any) -> None:
    found = measured.get("/projects/topics/evaluation/worst").json()
    sure = [one["confidence"] for one in found["items"]]
    assert found["n_wrong"] == len(sure) > 3 and sure == sorted(sure, reverse=True)
    assert all(one["label"] != one["predicted"] and one["preview"] for one in found["items"])


def test_as_many_agreeing_items_are_reviewed_and_nothing_tells_them_apart(measured: Any) -> None:
    wrong = [one["item"] for one in measured.get("/projects/topics/evaluation/worst").json()["items"]]
    body = {"items": wrong[:6]}
    sent = measured.post("/projects/topics/evaluation/reviews", body).json()
    assert sent == {"n_asked": 6, "n_agreeing": 6}
    queue = measured.get("/projects/topics/reviews").json()["items"]
    assert len(queue) == 12 and len({one["item"] for one in queue} & set(wrong)) == 6
    assert len({(one["cause"], one["why"], one["opened_by"], one["outcome"]) for one in queue}) == 1
    order = [one["item"] in wrong for one in queue]
    assert order != sorted(order) and order != sorted(order, reverse=True)
    again = measured.post("/projects/topics/evaluation/reviews", body).json()
    assert again == {"n_asked": 0, "n_agreeing": 0}
    pool = next(one["id"] for one in measured.get("/projects/topics/items").json()["items"] if one["split"] == "pool")
    assert measured.post("/projects/topics/evaluation/reviews", {"items": [pool]}).status_code == 422


def test_corrections_of_wrong_items_alone_are_said_to_flatter(measured: Any, train: Any) -> None:
    before = measured.get("/projects/topics/evaluation").json()
    looks = before["second_looks"]
    assert looks["n_wrong"] + looks["n_right"] == before["n"] and looks["even"] and looks["corrected"]["value"] is None
    worst = measured.get("/projects/topics/evaluation/worst").json()["items"]
    for one in worst:  # reviewed alone, each for itself
        asked = measured.post(f"/projects/topics/items/{one['item']}/review", {"reason": "look"})
        assert asked.status_code == 201, asked.text
        label = next(label for label, name in NAMES.items() if name == one["predicted"])
        decision = {"outcome": "label", "answer": {"label": label}, "reason": "as it reads"}
        decided = measured.post(f"/projects/topics/reviews/{asked.json()['review']}/decision", decision)
        assert decided.status_code == 200, decided.text
    train(measured.site)
    after = measured.get("/projects/topics/evaluation").json()
    accuracy = {line["name"]: line["figure"]["value"] for line in after["metrics"]}["accuracy"]
    looks = after["second_looks"]
    assert accuracy > 0.95 and not looks["even"]
    assert looks["n_wrong_reviewed"] == len(worst) and looks["n_right_reviewed"] == 0


def test_an_error_of_people_raises_the_accuracy_by_known_answers(site: Any, make_project: Any, train: Any) -> None:
    truth = make_project(site, n=200, policy=Policy(gold_share=0.5))
    train(site)
    api = make_api(site)
    first = api.get("/projects/topics/evaluation").json()
    assert first["state"] == "no-model" and first["people"] is None
    keys = {one["key"]: one["id"] for one in api.get("/projects/topics/items", limit=200).json()["items"]}
    for key in list(truth)[:60]:
        mark = api.client.put(
            f"{api.base}/projects/topics/items/{keys[key]}/gold", headers=api.headers,
            json={"answer": {"label": LABEL[truth[key]]}, "rule": None},
        )  # fmt: skip
        assert mark.status_code == 204, mark.text
    train(site)
    rng, people = random.Random(1), [api.as_role("annotator") for _ in range(2)]
    for _ in range(80):
        for person in people:
            for lease in person.queue("topics"):
                label = LABEL[truth[lease["item"]["key"]]]
                if rng.random() < 0.15:
                    label = rng.choice([one for one in LABEL.values() if one != label])
                assert person.answer("topics", lease, {"label": label}).status_code == 201
    train(site)
    found = api.get("/projects/topics/evaluation").json()["people"]
    assert found["basis"] == "gold", found
    assert found["error"]["low"] - 0.05 < 0.15 < found["error"]["high"] + 0.05  # the interval misses one time in twenty
    assert found["corrected"]["value"] > found["measured"]["value"]
    assert found["corrected"]["low"] <= found["corrected"]["value"] <= found["corrected"]["high"]


def test_nothing_can_be_said_of_peoples_errors_without_a_second_opinion(measured: Any) -> None:
    people = measured.get("/projects/topics/evaluation").json()["people"]
    assert people["basis"] == "none" and "known" in people["corrected"]["why"]
    assert people["measured"]["value"] is not None


def test_several_labels_and_numbers_have_figures_too(tmp_path: Path) -> None:
    keep_project.make(tmp_path / "home")
    with opened(tmp_path / "home") as site:
        admin = users.first_admin(site)
        organs, degree = (page.show(site, admin, "reports", question_id=name) for name in ("organs", "degree"))
        assert {"organs", "degree"} <= {one.id for one in organs.questions}
        assert {line.name for line in organs.classes} == {"lung", "heart", "liver"}
        assert organs.reliability is not None and organs.reliability.kind == "labels"
        assert degree.reliability is not None and degree.reliability.kind == "residuals"
        assert {line.name for line in degree.metrics} >= {"mae", "rmse"} and not degree.classes
        far = worst.worst(site, admin, "reports", question_id="degree")
        assert 0 < far.n_wrong <= degree.n // 2 and all(one.confidence is None for one in far.items)
        sent = second_looks.send(site, "reports", [far.items[0].item], question_id="degree")
        assert (sent.n_asked, sent.n_agreeing) == (1, 1)
        assert all(not line.figure.enough for line in degree.metrics) and degree.n < degree.needed


def test_who_may_see_what(measured: Any) -> None:
    stakeholder, annotator = measured.as_role("stakeholder"), measured.as_role("annotator")
    assert stakeholder.get("/projects/topics/evaluation").status_code == 200
    assert stakeholder.get("/projects/topics/evaluation/slices").status_code == 200
    for path in ("worst", "slices/items?column=label&value=law"):
        assert stakeholder.get(f"/projects/topics/evaluation/{path}").status_code == 403
    assert stakeholder.post("/projects/topics/evaluation/reviews", {"items": ["i1"]}).status_code == 403
    assert annotator.get("/projects/topics/evaluation").status_code == 403


def test_readers_and_windows_of_a_question_with_two_answers(any_site: Any, tmp_path: Path) -> None:
    """Everybody takes every third positive for negative, and no negative for positive."""
    site = any_site
    rows = [
        {
            "id": f"s{k}", "text": f"{'lump seen' if k % 2 else 'nothing found'} in scan {k} of ward {k % 7}",
            "time": f"2026-{1 + k % 6:02d}-11",
        }
        for k in range(150)
    ]  # fmt: skip
    (tmp_path / "scans.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    admin, _ = users.ensure_admin(site)
    draft = text_draft("scans", tmp_path / "scans.jsonl", labels=("benign", "malignant"), policy=Policy(gold_share=0.3))
    create.create(site, admin, draft)
    train_until_idle(site)
    api = make_api(site)
    for k in range(40):
        marked = api.client.put(
            f"{api.base}/projects/scans/items/i{k}/gold", headers=api.headers,
            json={"answer": {"label": f"l_{1 + k % 2}"}, "rule": None},
        )  # fmt: skip
        assert marked.status_code == 204, marked.text
    train_until_idle(site)
    ann = api.as_role("annotator")
    for _ in range(120):
        for lease in ann.queue("scans"):
            k = int(lease["item"]["key"][1:])
            label = "l_2" if k % 2 and k % 3 else "l_1"
            assert ann.answer("scans", lease, {"label": label}).status_code == 201
    train_until_idle(site)
    found = api.get("/projects/scans/evaluation").json()
    gold = found["readers"][0]
    assert (gold["against"], gold["positive"]) == ("gold", "malignant") and gold["readers"][0]["name"] == ""
    everybody = gold["readers"][0]
    assert everybody["specificity"]["value"] == 1.0 and 0.4 < everybody["sensitivity"]["value"] < 0.95
    assert everybody["sensitivity"]["low"] < 0.67 < everybody["sensitivity"]["high"]
    assert len(gold["readers"]) == 2
    assert len(api.as_role("stakeholder").get("/projects/scans/evaluation").json()["readers"][0]["readers"]) == 1
    windows = found["windows"]["windows"]
    assert [(one["first"], one["last"]) for one in windows] == [
        (f"2026-{k:02d}", f"2026-{k + 2:02d}") for k in range(1, 5)
    ]
    assert sum(one["figure"]["n"] for one in (windows[0], windows[-1])) == found["n"]
    assert all(0 < one["n_reserve"] < one["n_items"] == 25 for one in windows)
