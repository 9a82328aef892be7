"""Looks for drift: a change is found once and dated; without one nothing is found; when looks are due."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelwright.engine.cycle import Cycle
from labelwright.engine.drifting import schedule
from labelwright.engine.drifting.finding import Finding
from labelwright.engine.drifting.ordering import read_order
from labelwright.engine.drifting.stream import read_stream
from labelwright.exchange import Columns
from labelwright.policy import Policy
from labelwright.services.people import users
from labelwright.services.projects import create
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import LABEL, TOPICS, make_api, text_draft, train_until_idle

N, CHANGED = 320, 200
WORDS = [f"{a}{b}" for a in ("alp", "bet", "gam", "del", "kap") for b in ("ha", "or", "ix", "um", "en", "is")]
OTHER = "quarterly revenue of the retailer grew and its shares rose after the board named an auditor {i}"


def write_dated(path: Path, *, changed: bool, timed: bool = True) -> dict[str, str]:
    """Texts by day; from the 201st on, where something changes, six of ten are about another matter, called law."""
    rng, truth = random.Random(0), {}
    with path.open("w") as file:
        for i in range(N):
            topic, text = list(TOPICS)[rng.randrange(3)], ""
            if changed and i >= CHANGED and rng.random() < 0.6:
                topic, text = "law", OTHER.format(i=i)
            truth[f"t{i:03d}"] = topic
            words = " ".join(rng.sample(WORDS, 10))  # without them the texts were near duplicates
            row = {"id": f"t{i:03d}", "text": f"{text or TOPICS[topic].format(i=i)} {words}"}
            day = {"time": f"2026-{1 + i // 28:02d}-{1 + i % 28:02d}"} if timed else {}
            file.write(json.dumps({**row, **day}) + "\n")
    return truth


def made(site: Any, folder: Path, *, changed: bool, timed: bool = True, answers: int = 0) -> dict[str, str]:
    """A project of these texts, trained, with some answers."""
    truth = write_dated(folder / "dated.jsonl", changed=changed, timed=timed)
    admin, _ = users.ensure_admin(site)
    named = {"columns": Columns(time="time")} if timed else {}
    create.create(site, admin, text_draft("dated", folder / "dated.jsonl", **named))
    train_until_idle(site)
    api = make_api(site)
    for _ in range(answers // 40):
        for lease in api.queue("dated", n=40):
            api.answer("dated", lease, {"label": LABEL[truth[lease["item"]["key"]]]})
    train_until_idle(site)
    return truth


def alarms(site: Any) -> list[Any]:
    with site.project("dated").read() as rows:
        return list(rows.all(rows.select(t.drift_alarm).order_by(t.drift_alarm.c.seq)))


def looks(site: Any) -> list[dict[str, Finding]]:
    table = t.decision
    with site.project("dated").read() as rows:
        found = rows.scalars(rows.select(table.c.data).where(table.c.kind == "drift.looked").order_by(table.c.seq))
        parsed = [[Finding.parse(one) for one in data["findings"]] for data in found]
    return [{one.what: one for one in findings} for findings in parsed]


def test_a_change_is_found_once_and_dated(site: Any, tmp_path: Path) -> None:
    made(site, tmp_path, changed=True, answers=280)
    found = alarms(site)
    assert [one.what for one in found].count("inputs") == 1
    inputs = next(one for one in found if one.what == "inputs")
    assert inputs.state == "open" and inputs.since.startswith("2026-0")
    assert abs(inputs.figures["onset_item"] - CHANGED) <= N / 8
    assert all(one["p_value"] <= 0.01 for one in inputs.figures["tests"])
    assert len(looks(site)) > 1  # later looks saw it as well, and raised nothing new
    report = verify(site, "dated", replay=True)
    assert report.problems == []


def test_nothing_is_found_where_nothing_changes(site: Any, tmp_path: Path) -> None:
    made(site, tmp_path, changed=False, answers=160)
    assert alarms(site) == []
    last = looks(site)[-1]
    assert last["inputs"].state == "ready" and not any(one.alarm for one in last.values())
    assert {"predictions", "labels", "errors"} <= last.keys()


def test_items_without_an_order_are_looked_at_by_answers_alone(site: Any, tmp_path: Path) -> None:
    made(site, tmp_path, changed=True, timed=False)
    assert looks(site) == [] and alarms(site) == []


def test_a_change_in_what_people_answer_is_found_in_the_order_of_answers_and_dated(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every label is another one after half of the answers, which no order of the items shows."""
    monkeypatch.setattr(schedule, "GROWTH", 1.01)
    truth = write_dated(tmp_path / "dated.jsonl", changed=False, timed=False)
    admin, _ = users.ensure_admin(site)
    policy = Policy(random_share=0.8, reserve_share=0.3, gold_share=0, guard=False)
    create.create(site, admin, text_draft("dated", tmp_path / "dated.jsonl", policy=policy))
    train_until_idle(site)
    api, names = make_api(site), list(LABEL)
    for k in range(14):
        for lease in api.queue("dated", n=20):
            topic = truth[lease["item"]["key"]]
            said = topic if k < 9 else names[(names.index(topic) + 1) % len(names)]
            assert api.answer("dated", lease, {"label": LABEL[said]}).status_code == 201
        train_until_idle(site)
    last = looks(site)[-1]
    assert set(last) == {"stream"}
    stream = last["stream"]
    assert stream.state == "ready" and stream.alarm and stream.n_left_out == 0 and stream.n > 80
    assert stream.onset_item is not None and stream.series[0].points[-1].value > stream.series[0].points[1].value + 0.3
    with site.project("dated").read() as rows:
        table = t.annotation
        order = rows.scalars(rows.select(table.c.ordinal).where(table.c.kind == "answer").order_by(table.c.seq)).all()
        cycle = Cycle(site.project("dated"), site.project("dated").row(rows).cycle)
    assert abs(order.index(stream.onset_item) - 180) <= 30
    assert [one.what for one in alarms(site)] == ["stream"]
    found = read_stream(cycle, cycle.inputs.primary)
    assert found is not None
    real = Cycle.predictions
    monkeypatch.setattr(Cycle, "predictions", lambda self, question: None if self.id < 5 else real(self, question))
    later = read_stream(cycle, cycle.inputs.primary)
    assert later is not None and later.n_left_out > 0
    assert later.order.items.tolist() == found.order.items[later.n_left_out :].tolist()
    assert verify(site, "dated", replay=True).problems == []


def test_every_model_of_the_stream_had_not_been_trained_on_the_label(site: Any, tmp_path: Path) -> None:
    truth, api = made(site, tmp_path, changed=False), make_api(site)
    for _ in range(5):
        for lease in api.queue("dated", n=40):
            api.answer("dated", lease, {"label": LABEL[truth[lease["item"]["key"]]]})
        train_until_idle(site)
    store = site.project("dated")
    with store.read() as rows:
        cycle = Cycle(store, store.row(rows).cycle)
        table = t.annotation
        at_random = set(rows.scalars(rows.select(table.c.ordinal).where(table.c.slot_kind == "random")))
    found = read_stream(cycle, cycle.inputs.primary)
    assert found is not None and set(found.order.items.tolist()) <= at_random
    for item, told in zip(found.order.items.tolist(), found.told.tolist(), strict=True):
        earlier = [
            one for one in range(1, cycle.id) if item not in Cycle(store, one).labels(cycle.inputs.primary).item_idx
        ]
        answers = []
        for one in earlier:
            past = Cycle(store, one)
            predictions = past.predictions(past.inputs.primary)
            if predictions is None:
                continue
            task = past.inputs.primary.make_task()
            answers.append(int(task.answer(task.take(predictions, np.array([item])))[0]))
        assert told == answers[-1]


def test_items_are_ordered_by_time_then_by_import(site: Any, tmp_path: Path) -> None:
    made(site, tmp_path, changed=False)
    with site.project("dated").read() as rows:
        order = read_order(rows, N)
    assert order is not None and order.by == "time" and order.items.tolist() == list(range(N))
    assert order.sampled(np.zeros(N, dtype=np.int64), 50, np.random.default_rng(0)).items.size == 1


@pytest.mark.parametrize(
    ("n_items", "n_labels", "due"), [(239, 0, False), (240, 0, True), (200, 39, False), (200, 48, True)]
)
def test_looks_are_few(n_items: int, n_labels: int, due: bool) -> None:
    assert schedule.is_due(n_items, n_labels, (200, 40 if n_labels == 48 else 0)) is due


def test_sixty_looks_spend_at_most_a_tenth() -> None:
    n, count, last = 100, 0, None
    while n <= 1_000_000:
        if schedule.is_due(n, 0, last):
            last, count = (n, 0), count + 1
        n = int(n * 1.01) + 1
    assert count <= 60 and count * schedule.LEVEL <= 0.1 + 1e-9
