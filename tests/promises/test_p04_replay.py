"""Promise 4: label versions, rankings and verdicts are recomputed from stored arrays and the log, and come out equal."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelwright.engine.verifying.report import Report
from labelwright.services.record.verify import verify
from labelwright.store import tables as t
from tests.conftest import LABEL, make_api


def said(report: Report, start: str) -> str:
    return next(line for line in report.lines if line.startswith(start))


def test_a_life_with_undo_correction_skip_and_another_policy_replays_equal(lived: Any) -> None:
    report = verify(lived.site, "topics", replay=True)
    assert report.problems == []
    assert "5 of 5 rankings" in said(report, "replay: 5")
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
    assert report.problems == [] and "4 of 4 rankings" in said(report, "replay: 4")
    store = site.project("topics")
    with store.read() as rows:
        verdict = rows.first(rows.select(t.decision).where(t.decision.c.kind == "verdict"))
    assert verdict is not None
    data = json.loads(json.dumps(verdict.data))
    data["verdicts"][0]["stop"] = not data["verdicts"][0]["stop"]
    with store.stage() as rows:
        rows.update(t.decision, t.decision.c.seq == verdict.seq, data=data)
    problems = verify(site, "topics", replay=True).problems
    assert any(f"the verdict of cycle {verdict.cycle} differs" in problem for problem in problems), problems


def rewrite(path: Path, part: str | None, change: Any) -> None:
    """Change an array in its file, or one part of a bundle, or a value of frozen settings."""
    if path.suffix == ".json":
        stored = json.loads(path.read_text())
        path.write_text(json.dumps({**stored, part: change(stored[part])}))
    elif part is None:
        np.save(path, change(np.load(path)))
    else:
        with np.load(path) as bundle:
            parts = dict(bundle)
        np.savez_compressed(path, **{**parts, part: change(parts[part])})


def forge(lived: Any, name: str, part: str | None, change: Any) -> None:
    """Change an array and everything that says what it was: file, list, event, chain, head, anchor, signature."""
    folder = lived.home / "projects/topics/arrays"
    path = folder / name
    rewrite(path, part, change)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    from labelwright.store import chain
    from labelwright.store.keys import Keys

    lived.site.close()
    with lived.raw() as db:
        db.execute("UPDATE array_file SET digest = ? WHERE path = ?", (digest, name))
        prev = chain.GENESIS
        for seq, body in db.execute("SELECT seq, body FROM event ORDER BY seq").fetchall():
            data = json.loads(body)
            if name in (data["data"].get("arrays") or {}):
                data["data"]["arrays"][name] = digest
                body = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
                table = {"label-version": "label_version", "ranking": "ranking"}[data["kind"]]
                db.execute(f"UPDATE {table} SET arrays = ? WHERE seq = ?", (json.dumps(data["data"]["arrays"]), seq))
            new = chain.link(prev, bytes(body))
            db.execute("UPDATE event SET body = ?, prev_hash = ?, hash = ? WHERE seq = ?", (body, prev, new, seq))
            prev = new
        db.execute("UPDATE chain_head SET hash = ?", (prev,))
    anchor = lived.home / "keys/anchor.jsonl"
    others = [line for line in anchor.read_text().splitlines(True) if json.loads(line)["project"] == "site"]
    anchor.write_text("".join(others))
    Keys(lived.home / "keys").prepare(lived.store.project_id, seq, prev)  # the forger has the key too


def swap_first_two(array: np.ndarray) -> np.ndarray:
    return np.concatenate([array[[1, 0]], array[2:]])


def turn_around(array: np.ndarray) -> np.ndarray:
    return (array + 1) % 3


@pytest.mark.parametrize(
    ("name", "part", "change", "complaint"),
    [
        (
            "cycles/000003/q_1/labels.npz",
            "y",
            turn_around,
            "label version lv-3 differs in cycles/000003/q_1/labels.npz",
        ),
        ("cycles/000003/q_1/labels.npz", "reserve", np.zeros_like, "label version lv-3 differs in cycles/000003/q_1"),
        ("cycles/000002/slots.npz", "item_idx", swap_first_two, "ranking r-2 differs in item_idx at positions 1, 2."),
        ("cycles/000002/slots.npz", "score", lambda a: a + 1, "ranking r-2 differs in score"),
        ("cycles/000002/inputs.json", "seed", lambda seed: seed + 1, "ranking r-2 differs in item_idx"),
    ],
)
def test_replay_finds_a_file_whose_whole_record_was_forged(
    lived: Any, name: str, part: str, change: Any, complaint: str
) -> None:
    forge(lived, name, part, change)
    assert verify(lived.site, "topics").problems == []  # the chain alone cannot tell
    problems = verify(lived.site, "topics", replay=True).problems
    assert any(complaint in problem for problem in problems), problems


def test_a_model_of_other_labels_is_found_by_the_refit(lived: Any) -> None:
    """A served model that does not come from its label version differs from the refit by more than the tolerance."""
    forge(lived, "cycles/000003/q_1/predictions/values.npy", None, lambda a: a[:, ::-1].copy())
    problems = verify(lived.site, "topics", replay=True).problems
    assert any("a refit differs by" in problem or "ranking r-3 differs" in problem for problem in problems), problems


def test_replay_needs_nothing_that_is_work_in_progress(lived: Any) -> None:
    """Neither the rows that say how far cycles are, nor leases: only events and files."""
    with lived.store.stage() as rows:
        for table in (t.cycle, t.lease, t.exposure):
            rows.delete(table)
    assert verify(lived.site, "topics", replay=True).problems == []
