"""Promise 4: label versions, rankings and verdicts are recomputed from stored arrays and the log, and come out equal."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, update

from labelwright.engine.verifying.report import Report
from labelwright.services.verify import verify
from labelwright.store import tables as t
from tests.conftest import LABEL, make_api


def said(report: Report, start: str) -> str:
    return next(line for line in report.lines if line.startswith(start))


def test_a_life_with_undo_correction_skip_and_another_policy_replays_equal(lived: Any) -> None:
    report = verify(lived.site, "topics", replay=True)
    assert report.problems == []
    assert "4 of 4 rankings" in said(report, "replay: 4")
    assert "3 models refitted" in said(report, "replay: 3 models")


def test_verdicts_replay_equal_and_a_changed_one_is_found(site: Any, make_project: Any, train: Any) -> None:
    truth = make_project(site, goal="accuracy=0.6")
    train(site)
    api = make_api(site)
    for _ in range(2):
        for lease in api.queue("topics", n=20):
            assert api.answer("topics", lease, {"label": LABEL[truth[lease["item"]["key"]]]}).status_code == 201
        train(site)
    report = verify(site, "topics", replay=True)
    assert report.problems == [] and "3 of 3 rankings" in said(report, "replay: 3")
    store = site.project("topics")
    with store.read() as connection:
        verdict = connection.execute(select(t.decision).where(t.decision.c.kind == "verdict")).first()
    assert verdict is not None
    data = json.loads(json.dumps(verdict.data))
    data["verdicts"][0]["stop"] = not data["verdicts"][0]["stop"]
    with store.stage() as connection:
        connection.execute(update(t.decision).where(t.decision.c.seq == verdict.seq).values(data=data))
    problems = verify(site, "topics", replay=True).problems
    assert any(f"the verdict of cycle {verdict.cycle} differs" in problem for problem in problems), problems


def forge(lived: Any, glob: str, change: Any) -> str:
    """Change an array and everything that says what it was: file, list, event, chain, head, anchor."""
    folder = lived.home / "projects/topics/arrays"
    path = sorted(folder.glob(glob))[-1]
    np.save(path, change(np.load(path)))
    name, digest = path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()
    from labelwright.store import events

    lived.site.close()
    with sqlite3.connect(lived.home / "projects/topics/project.sqlite") as db:
        db.execute("UPDATE array_file SET digest = ? WHERE path = ?", (digest, name))
        prev = events.GENESIS
        for seq, body in db.execute("SELECT seq, body FROM event ORDER BY seq").fetchall():
            data = json.loads(body)
            if name in (data["data"].get("arrays") or {}):
                data["data"]["arrays"][name] = digest
                body = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
                table = {"label-version": "label_version", "ranking": "ranking"}[data["kind"]]
                db.execute(f"UPDATE {table} SET arrays = ? WHERE seq = ?", (json.dumps(data["data"]["arrays"]), seq))
            new = events.link(prev, bytes(body))
            db.execute("UPDATE event SET body = ?, prev_hash = ?, hash = ? WHERE seq = ?", (body, prev, new, seq))
            prev = new
        db.execute("UPDATE chain_head SET hash = ?", (prev,))
        db.commit()
    db.close()
    (lived.home / "keys/anchor.jsonl").unlink()
    return name


def swap_first_two(array: np.ndarray) -> np.ndarray:
    return np.concatenate([array[[1, 0]], array[2:]])


def turn_around(array: np.ndarray) -> np.ndarray:
    return (array + 1) % 3


@pytest.mark.parametrize(
    ("glob", "change", "complaint"),
    [
        ("cycles/000003/labels/y.npy", turn_around, "label version lv-3 differs in y"),
        ("cycles/000003/labels/split.npy", lambda a: np.full_like(a, "train"), "label version lv-3 differs in split"),
        ("cycles/000002/slots/item_idx.npy", swap_first_two, "ranking r-2 differs in item_idx"),
        ("cycles/000002/slots/score.npy", lambda a: a + 1, "ranking r-2 differs in score"),
    ],
)
def test_replay_finds_an_array_whose_whole_record_was_forged(
    lived: Any, glob: str, change: Any, complaint: str
) -> None:
    forge(lived, glob, change)
    assert verify(lived.site, "topics").problems == []  # the chain alone cannot tell
    problems = verify(lived.site, "topics", replay=True).problems
    assert any(complaint in problem for problem in problems), problems


def test_a_model_of_other_labels_is_found_by_the_refit(lived: Any) -> None:
    """A served model that does not come from its label version differs from the refit by more than the tolerance."""
    forge(lived, "cycles/000003/predictions/values.npy", lambda a: a[:, ::-1].copy())
    problems = verify(lived.site, "topics", replay=True).problems
    assert any("a refit differs by" in problem or "ranking r-3 differs" in problem for problem in problems), problems


def test_replay_needs_nothing_of_the_durable_engine(lived: Any) -> None:
    for path in Path(lived.home).glob("engine.sqlite*"):
        path.unlink()
    assert verify(lived.site, "topics", replay=True).problems == []
