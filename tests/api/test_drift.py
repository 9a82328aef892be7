"""The page Drift over HTTP: windows, findings, alarms that are settled, and the sample that measures a change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labelwright.engine.cycle import Cycle
from labelwright.engine.layout import POOL
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import LABEL, make_api, make_site, train_until_idle
from tests.engine.test_drift import CHANGED, N, made


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A home whose texts change with the 201st."""
    folder = tmp_path_factory.mktemp("drifted")
    site = make_site(folder / "home")
    truth = made(site, folder, changed=True, answers=80)
    site.close()
    return folder / "home", truth


@pytest.fixture
def drifted(prepared: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Any]:
    shutil.copytree(prepared[0], tmp_path / "home")
    site = make_site(tmp_path / "home")
    yield make_api(site)
    site.close()


def alarm_of(api: Any, what: str = "inputs") -> dict[str, Any]:
    listed = api.get("/projects/dated/drift/alarms").json()["items"]
    return dict(next(one for one in listed if one["what"] == what))


def test_labels_and_evaluation_stand_in_the_same_windows(drifted: Any) -> None:
    found = drifted.get("/projects/dated/drift").json()
    assert found["state"] == "ready" and found["ordered_by"] == "time" and found["n_looked"] == N
    windows = found["windows"]
    assert sum(one["n_items"] for one in windows) == N and len(windows) == 8
    with drifted.site.project("dated").read() as rows:
        split = dict(rows.all(rows.select(t.item.c.ordinal, t.item.c.split)))
        answered = {row.ordinal for row in rows.all(rows.select(t.annotation.c.ordinal))}
    assert sum(one["n_labels"] for one in windows) == sum(split[ordinal] == POOL for ordinal in answered)
    assert all(sum(count["n"] for count in one["counts"]) == one["n_labels"] for one in windows)
    assert sum(one["accuracy"]["n"] for one in windows) > 0
    inputs = next(one for one in found["findings"] if one["what"] == "inputs")
    assert inputs["alarm"] and max(point["value"] for point in inputs["series"][0]["points"]) > inputs["limit"]
    assert found["positions"][alarm_of(drifted)["id"]] == pytest.approx(8 * CHANGED / N, abs=1)


def test_a_sample_is_random_asked_first_and_measured(drifted: Any, prepared: Any) -> None:
    alarm = alarm_of(drifted)
    assert [one["n"] for one in alarm["sizes"]] == sorted(one["n"] for one in alarm["sizes"])
    path = f"/projects/dated/drift/alarms/{alarm['id']}/sample"
    assert drifted.post(path, {"n": 0}).status_code == 422
    drawn = drifted.post(path, {"n": 20})
    assert drawn.status_code == 201 and drawn.json() == {"n": 20}
    assert drifted.post(path, {"n": 20}).status_code == 409
    onset = next(k for k in range(N) if alarm["since"] <= f"2026-{1 + k // 28:02d}-{1 + k % 28:02d}")
    pinned = drifted.get("/projects/dated/pins", limit=200).json()["items"]
    ordinals = [int(one["key"][1:]) for one in pinned]
    assert len(ordinals) == 20 and min(ordinals) >= onset and ordinals != sorted(ordinals)
    person, asked = drifted.as_role("annotator"), []
    while len(asked) < 20:
        lease = person.queue("dated", n=1)[0]
        key = lease["item"]["key"]
        assert person.answer("dated", lease, {"label": LABEL[prepared[1][key]]}).status_code == 201
        asked += [key] if int(key[1:]) in ordinals else []
    assert asked == [one["key"] for one in pinned]
    measured = alarm_of(drifted)
    assert measured["state"] == "measured" and measured["sample"]["n_answered"] == 20
    law = next(one for one in measured["sample"]["shares"] if one["name"] == "law")["figure"]
    assert law["value"] == pytest.approx(sum(prepared[1][key] == "law" for key in asked) / 20)
    assert law["low"] < law["value"] < law["high"]
    accuracy = measured["sample"]["accuracy"]
    store = drifted.site.project("dated")
    cycle = Cycle(store, measured["cycle"])
    predictions = cycle.predictions(cycle.inputs.primary)
    if predictions is None:  # the alarm was raised before there was a model
        assert accuracy["value"] is None and "no model" in accuracy["why"]
    else:
        assert accuracy["n"] == 20 and accuracy["low"] < accuracy["value"] <= accuracy["high"]
    assert verify(drifted.site, "dated", replay=True).problems == []


def test_an_alarm_is_settled_once_and_the_next_looks_begin_at_its_onset(drifted: Any) -> None:
    alarm = alarm_of(drifted)
    path = f"/projects/dated/drift/alarms/{alarm['id']}"
    assert drifted.post(path, {"outcome": "measured"}).status_code == 422
    assert drifted.post(path, {"outcome": "real", "note": "another supplier"}).status_code == 204
    assert drifted.post(path, {"outcome": "false"}).status_code == 409
    settled = alarm_of(drifted)
    assert (settled["state"], settled["note"]) == ("real", "another supplier") and settled["settled_by"]
    assert drifted.post("/projects/dated/drift/alarms/dr_nothing", {"outcome": "real"}).status_code == 404
    for _ in range(4):
        for lease in drifted.queue("dated", n=40):
            drifted.answer("dated", lease, {"label": "l_1"})
    train_until_idle(drifted.site)
    inputs = next(one for one in drifted.get("/projects/dated/drift").json()["findings"] if one["what"] == "inputs")
    assert inputs["n"] < N and not inputs["alarm"]


def test_who_may_do_what(drifted: Any) -> None:
    alarm = alarm_of(drifted)
    drifted.post(f"/projects/dated/drift/alarms/{alarm['id']}", {"outcome": "accepted"})
    for role, reads, settles in (("stakeholder", 200, 403), ("annotator", 403, 403), ("lead", 200, 409)):
        person = drifted.as_role(role)
        assert person.get("/projects/dated/drift").status_code == reads, role
        assert person.post(f"/projects/dated/drift/alarms/{alarm['id']}", {"outcome": "real"}).status_code == settles
    assert alarm_of(drifted.as_role("stakeholder"))["settled_by"] is None
