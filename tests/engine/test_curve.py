"""The learning curve stands on the reserve labels of today, and a figure that falls beyond chance is told."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.processes import opened
from labelwright.engine import thinning
from labelwright.engine.cycle import Cycle
from labelwright.engine.layout import POOL
from labelwright.services.record.verify import verify
from labelwright.services.steering import curves
from labelwright.services.steering.curves import Measured
from labelwright.services.steering.estimates import CurvePoint, EstimateView
from labelwright.services.steering.falls import agreement, find
from scripts import keep_project
from tests.conftest import LABEL, make_api, split_of


def answer(api: Any, n: int, label: Any) -> int:
    leases = api.queue("topics", n=n)
    for lease in leases:
        assert api.answer("topics", lease, {"label": label(lease)}).status_code == 201
    return len(leases)


@pytest.fixture
def grown(site: Any, make_project: Any, train: Any) -> Any:
    """Three models; nearly all of the reserve is labeled only after the second."""
    truth = make_project(site, n=260)
    train(site)
    api = make_api(site)
    for n in (15, 15, 140):
        for at_once in [50] * (n // 50) + [n % 50]:
            answer(api, at_once, lambda lease: LABEL[truth[lease["item"]["key"]]])
        train(site)
    return site, api, truth


def test_all_points_stand_on_the_reserve_labels_of_today(grown: Any, train: Any) -> None:
    site, api, _ = grown
    progress = api.get("/projects/topics/progress").json()
    labeled = progress["counts"]["reserve_labeled"]
    assert labeled >= 30 and len(progress["curve"]) == 3
    assert {point["estimate"]["n"] for point in progress["curve"]} == {progress["latest"]["n"]}
    assert progress["curve"][-1]["estimate"] == progress["latest"]
    assert verify(site, "topics", replay=True).problems == []


def test_no_point_is_drawn_below_thirty_labels(trained: Any) -> None:
    progress = trained.api.get("/projects/topics/progress").json()
    assert progress["curve"] == [] and progress["warnings"] == []


def test_answers_at_random_are_told_and_by_whom(grown: Any, train: Any) -> None:
    site, api, truth = grown
    careless, careful, rng = api.as_role("annotator"), api.as_role("annotator"), random.Random(0)
    assert api.get("/projects/topics/progress").json()["warnings"] == []
    for _ in range(6):
        for person in (careless, careful):
            for lease in person.queue("topics", n=20):
                right = LABEL[truth[lease["item"]["key"]]]
                in_pool = split_of(site.project("topics"), lease) == POOL
                wrong = {"l_1": "l_2", "l_2": "l_3", "l_3": "l_1"}[right]
                said = wrong if person is careless and in_pool and rng.random() < 0.95 else right
                assert person.answer("topics", lease, {"label": said}).status_code == 201
        train(site)
    progress = api.get("/projects/topics/progress").json()
    values = [point["estimate"]["value"] for point in progress["curve"]]
    assert values[-1] < max(values) - 0.1, values
    assert "has become worse beyond chance" in progress["warnings"][0]
    assert "agree with the earlier model in" in progress["warnings"][1]


def curve_of(losses: Any) -> Measured:
    figure = EstimateView("accuracy", 0.0, 0.0, 0.0, 1, 1, True)
    points = [CurvePoint(k, "2026", k, figure) for k in range(len(losses))]
    return Measured(points, np.asarray(losses, dtype=np.float64), np.arange(np.shape(losses)[1]))


def test_a_figure_that_only_varies_is_no_fall() -> None:
    """Curves of equally good models: a fall is told in at most five of a hundred."""
    rng = np.random.default_rng(0)
    told = sum(find(curve_of(rng.random((20, 200)) < 0.85), True) is not None for _ in range(400))
    assert told <= 20


def test_a_fall_is_dated_and_a_recovery_ends_it() -> None:
    rng = np.random.default_rng(1)
    share = [0.6, 0.8, 0.9, 0.9, 0.6, 0.6, 0.6]
    losses = np.array([rng.random(300) < p for p in share])
    fall = find(curve_of(losses), True)
    assert fall is not None and fall.best in (2, 3) and fall.since == 4
    assert find(curve_of(np.array([*losses, rng.random(300) < 0.9])), True) is None
    assert find(curve_of(1 - losses), False) == fall


def test_predictions_of_the_reserve_are_kept_of_some_models(
    lived: Any, monkeypatch: pytest.MonkeyPatch, train: Any
) -> None:
    monkeypatch.setattr(thinning, "KEEP_CYCLES", 2)
    monkeypatch.setattr(thinning, "KEEP_RESERVE", 4)
    for _ in range(5):
        for lease in lived.api.queue("topics", n=3):
            lived.api.answer("topics", lease, lived.right(lease))
        train(lived.site)
    with lived.store.read() as rows:
        newest = lived.store.row(rows).cycle
    kept = [k for k in range(1, newest + 1) if lived.store.arrays.has(Cycle(lived.store, k).files.reserve("q_1"))]
    assert 4 <= len(kept) <= 5 and newest in kept and newest - 1 in kept
    assert verify(lived.site, "topics").problems == []
    assert curves.measured(lived.site, lived.store, _project(lived)).points == []  # fewer than thirty labels


def _project(ready: Any) -> Any:
    from labelwright.engine.project import load

    with ready.store.read() as rows:
        return load(ready.store, rows)


def test_numbers_agree_with_nobody(tmp_path: Path) -> None:
    """A fall of a regression is told without naming anybody: an answer is near or far, not right or wrong."""
    keep_project.make(tmp_path / "home")
    with opened(tmp_path / "home") as site, site.project("reports").read() as rows:
        cycle = Cycle(site.project("reports"), site.project("reports").row(rows).cycle)
        degree, finding = cycle.inputs.question("degree"), cycle.inputs.question("finding")
        assert agreement(degree, [{"value": 1.0}], cycle.predictions(degree)) is None
        predictions = finding.make_task().take(cycle.predictions(finding), slice(0, 2))  # type: ignore[arg-type]
        said = finding.make_task().decode(finding.make_task().answer(predictions))
        found = agreement(finding, [dict(one) for one in said], predictions)
        assert found is not None and found.tolist() == [1.0, 1.0]
