"""Promise 2: nothing is overwritten, and verify names every edit of the record."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelwright.errors import IntegrityError
from labelwright.services.labeling import annotations
from labelwright.services.labeling.annotations import Given
from labelwright.services.people.users import ensure_admin
from labelwright.services.projects import create
from labelwright.services.record import exports
from labelwright.services.record.verify import verify
from labelwright.store import chain, record
from labelwright.store.keys import Keys
from labelwright.store.record.annotations import AnnotationGiven
from labs.raw import REFUSED, Raw
from tests.conftest import make_site


def one(db: Raw, query: str, *values: Any) -> Any:
    row = db.execute(query, values).fetchone()
    assert row is not None, query
    return row[0] if len(row) == 1 else row


def last_seq(db: Raw) -> int:
    return int(one(db, "SELECT max(seq) FROM event"))


def annotation_seq(db: Raw) -> int:
    return int(one(db, "SELECT min(seq) FROM annotation"))


def flip_a_byte(db: Raw, home: Path) -> None:
    seq = annotation_seq(db)
    body = bytearray(one(db, "SELECT body FROM event WHERE seq = ?", seq))
    body[len(body) // 2] ^= 1
    db.execute("UPDATE event SET body = ? WHERE seq = ?", (bytes(body), seq))


def delete_a_middle_event(db: Raw, home: Path) -> None:
    db.execute("DELETE FROM event WHERE seq = ?", (annotation_seq(db),))


def cut_off_the_end(db: Raw, home: Path) -> None:
    """The last event goes, with its annotation, and the head is set back: only the anchor knows."""
    last = last_seq(db)
    db.execute("DELETE FROM event WHERE seq = ?", (last,))
    db.execute("UPDATE chain_head SET seq = ?, hash = (SELECT hash FROM event WHERE seq = ?)", (last - 1, last - 1))


def swap_two_events(db: Raw, home: Path) -> None:
    seq = annotation_seq(db)
    a, b = (one(db, "SELECT body, hash, prev_hash FROM event WHERE seq = ?", s) for s in (seq, seq + 1))
    for s, row in ((seq, b), (seq + 1, a)):
        db.execute("UPDATE event SET body = ?, hash = ?, prev_hash = ? WHERE seq = ?", (*row, s))


def alter_an_annotation(db: Raw, home: Path) -> None:
    seq = annotation_seq(db)
    db.execute("UPDATE annotation SET answer = ? WHERE seq = ?", (json.dumps({"label": "l_3"}), seq))
    db.execute("UPDATE annotation SET seconds = 99 WHERE seq = ?", (seq,))


def add_an_annotation(db: Raw, home: Path) -> None:
    columns = db.columns("annotation")
    row = dict(zip(columns, db.execute("SELECT * FROM annotation LIMIT 1").fetchone(), strict=True))
    row |= {"seq": 99_999, "id": "a_new", "answer_id": "0" * 36}
    db.execute(f"INSERT INTO annotation VALUES ({','.join('?' * len(row))})", list(row.values()))


def exclude_an_item(db: Raw, home: Path) -> None:
    db.execute("INSERT INTO exclusion (project_id, ordinal, seq) SELECT project_id, 5, 3 FROM project")


def alter_a_question(db: Raw, home: Path) -> None:
    db.execute("UPDATE question SET required = NOT required")


def alter_a_label(db: Raw, home: Path) -> None:
    body = json.loads(one(db, "SELECT body FROM schema_version"))
    body["labels"].reverse()
    db.execute("UPDATE schema_version SET body = ?", (json.dumps(body),))


def point_features_elsewhere(db: Raw, home: Path) -> None:
    db.execute("UPDATE feature_file SET first = first + 1")


def unsee_what_was_seen(db: Raw, home: Path) -> None:
    db.execute("UPDATE annotation SET exposed = NOT exposed WHERE seq = ?", (annotation_seq(db),))


def alter_the_project(db: Raw, home: Path) -> None:
    config = json.loads(one(db, "SELECT config FROM project"))
    config["policy"]["overlap"] = 7
    db.execute("UPDATE project SET config = ?", (json.dumps(config),))


def alter_a_content(db: Raw, home: Path) -> None:
    db.execute("UPDATE content SET body = ? WHERE ordinal = 5", (json.dumps({"text": "never said"}),))


def move_an_item_to_the_reserve(db: Raw, home: Path) -> None:
    db.execute("UPDATE item SET split = 'reserve' WHERE ordinal = (SELECT min(ordinal) FROM item WHERE split = 'pool')")


LABELS = "cycles/*/q_1/labels.npz"


def alter_an_array(db: Raw, home: Path) -> None:
    path = sorted((home / "projects/topics/arrays").glob(LABELS))[-1]
    with np.load(path) as stored:
        parts = dict(stored)
    np.savez_compressed(path, **{**parts, "y": np.roll(parts["y"], 1)})


def alter_what_was_frozen(db: Raw, home: Path) -> None:
    path = sorted((home / "projects/topics/arrays").glob("cycles/*/inputs.json"))[-1]
    path.write_text(json.dumps({**json.loads(path.read_text()), "seed": 7}))


def remove_an_array(db: Raw, home: Path) -> None:
    sorted((home / "projects/topics/arrays").glob("cycles/*/q_1/model.skops"))[0].unlink()


def alter_an_array_and_its_digest(db: Raw, home: Path) -> None:
    import hashlib

    alter_an_array(db, home)
    path = sorted((home / "projects/topics/arrays").glob(LABELS))[-1]
    name = path.relative_to(home / "projects/topics/arrays").as_posix()
    db.execute("UPDATE array_file SET digest = ? WHERE path = ?", (hashlib.sha256(path.read_bytes()).hexdigest(), name))


def delete_a_label_version(db: Raw, home: Path) -> None:
    db.execute("DELETE FROM label_version WHERE id = 'lv-2'")


def delete_a_metric(db: Raw, home: Path) -> None:
    db.execute("DELETE FROM metric")


def alter_a_served_slot(db: Raw, home: Path) -> None:
    ranking = one(db, "SELECT ranking_id FROM project")
    db.execute("UPDATE slot SET ordinal = ordinal + 1 WHERE ranking_id = ? AND position = 3", (ranking,))


def hide_a_served_slot(db: Raw, home: Path) -> None:
    ranking = one(db, "SELECT ranking_id FROM project")
    db.execute("DELETE FROM slot WHERE ranking_id = ? AND position = 3", (ranking,))


def alter_a_reason(db: Raw, home: Path) -> None:
    db.execute("UPDATE sealed SET content = ? WHERE content = ?", (b"could not be bothered", b"cannot tell"))


def alter_a_column(db: Raw, home: Path) -> None:
    db.execute("UPDATE event SET actor = 'p_0000000000000000' WHERE seq = ?", (annotation_seq(db),))


def recompute_the_chain(db: Raw, home: Path) -> None:
    """A careful forger: another answer, its row, and every later hash; only the anchor or a receipt tells."""
    seq = annotation_seq(db)
    prev = one(db, "SELECT prev_hash FROM event WHERE seq = ?", seq)
    for s, body in db.execute("SELECT seq, body FROM event WHERE seq >= ? ORDER BY seq", (seq,)).fetchall():
        if s == seq:
            said = json.loads(body)
            said["data"]["answer"] = {"label": "l_2" if said["data"]["answer"] != {"label": "l_2"} else "l_1"}
            body = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
            db.execute("UPDATE annotation SET answer = ? WHERE seq = ?", (json.dumps(said["data"]["answer"]), s))
        new = chain.link(prev, bytes(body))
        db.execute("UPDATE event SET body = ?, prev_hash = ?, hash = ? WHERE seq = ?", (body, prev, new, s))
        prev = new
    db.execute("UPDATE chain_head SET hash = ?", (prev,))


TAMPERING: list[tuple[Callable[[Raw, Path], None], str]] = [
    (flip_a_byte, "was altered: its body"),
    (delete_a_middle_event, "is missing; the next one is"),
    (cut_off_the_end, "anchor: event"),
    (swap_two_events, "does not follow event"),
    (alter_an_annotation, "table annotation: row"),
    (add_an_annotation, "is in no event"),
    (exclude_an_item, "table exclusion: row (5,) is in no event"),
    (alter_a_question, "table question: row ('q_1',) differs from its events in required"),
    (alter_a_label, "table schema_version: row ('q_1', 1) differs from its events in body"),
    (point_features_elsewhere, "table feature_file: row"),
    (unsee_what_was_seen, "differs from its events in exposed"),
    (alter_the_project, "table project: row () differs from its events in config"),
    (alter_a_content, "item i5: its content was altered"),
    (move_an_item_to_the_reserve, "its items differ from its manifest"),
    (alter_an_array, "q_1/labels.npz: the file is missing or was altered"),
    (alter_what_was_frozen, "inputs.json: the file is missing or was altered"),
    (remove_an_array, "model.skops: the file is missing or was altered"),
    (alter_an_array_and_its_digest, "q_1/labels.npz: the list of files differs from the record"),
    (delete_a_label_version, "table label_version: row ('lv-2',) is missing"),
    (delete_a_metric, "table metric: row"),
    (alter_a_served_slot, "slot 3 of r-4 differs from the published array"),
    (hide_a_served_slot, "slot 3 of r-4 is missing"),
    (alter_a_reason, "the sealed text of event"),
    (alter_a_column, "its columns differ from its body"),
    (recompute_the_chain, "the chain was recomputed"),
]


def receipt_of(store: Any) -> dict[str, Any]:
    """The signed head as somebody kept it elsewhere."""
    with store.read() as rows:
        return dict(json.loads(json.dumps(store.receipt(rows))))


def tamper(lived: Any, how: Callable[[Raw, Path], None]) -> None:
    lived.site.close()
    with lived.raw() as db:
        how(db, lived.home)


def test_an_honest_record_is_whole(lived: Any) -> None:
    report = verify(lived.site, "topics")
    assert report.problems == []
    assert any(line.startswith("chain: ") for line in report.lines)


@pytest.mark.parametrize(("how", "said"), TAMPERING, ids=[how.__name__ for how, _ in TAMPERING])
def test_verify_names_what_was_tampered_with(lived: Any, how: Callable[[Raw, Path], None], said: str) -> None:
    tamper(lived, how)
    problems = verify(lived.site, "topics").problems
    assert any(said in problem for problem in problems), problems


def test_without_the_anchor_a_receipt_finds_recomputation(lived: Any) -> None:
    receipt: Any = receipt_of(lived.store)
    tamper(lived, recompute_the_chain)
    (lived.home / "keys/anchor.jsonl").unlink()
    problems = verify(lived.site, "topics").problems  # the forger has no key to sign the last event with
    assert [problem for problem in problems if "has no signed head" in problem] == problems, problems
    problems = verify(lived.site, "topics", receipt=receipt).problems
    assert any("receipt: event" in problem and "recomputed" in problem for problem in problems), problems


def test_without_the_anchor_a_receipt_finds_truncation(lived: Any) -> None:
    receipt: Any = receipt_of(lived.store)
    tamper(lived, cut_off_the_end)
    (lived.home / "keys/anchor.jsonl").unlink()
    problems = verify(lived.site, "topics", receipt=receipt).problems
    assert any("receipt: event" in problem and "cut off" in problem for problem in problems), problems


def test_a_forged_receipt_is_refused(lived: Any) -> None:
    receipt: Any = {**receipt_of(lived.store), "hash": "0" * 64}
    problems = verify(lived.site, "topics", receipt=receipt).problems
    assert any("is not by this site's key" in problem for problem in problems), problems


def test_a_torn_anchor_line_takes_nothing_down(lived: Any) -> None:
    anchor = lived.home / "keys/anchor.jsonl"
    with anchor.open("ab") as file:
        file.write(b'{"project":"' + lived.store.project_id.encode() + b'","seq":1')  # the power went
    assert verify(lived.site, "topics").problems == []
    lease = lived.api.queue("topics")[0]
    assert lived.api.answer("topics", lease, lived.right(lease)).status_code == 201
    assert verify(lived.site, "topics").problems == []
    assert lived.store.anchors().heads[-1]["seq"] == receipt_of(lived.store)["seq"]


GARBAGE = [b"", b"{}", b"[]", b"1", b'"text"', b"\xff\xfe", b"null", b'{"project":"site"}', b"{" * 50_000]


@pytest.mark.parametrize("body", [*GARBAGE, "text that is not bytes", 7, 1.5], ids=repr)
def test_a_body_that_is_no_body_is_named(lived: Any, body: object) -> None:
    def replace(db: Raw, home: Path) -> None:
        db.execute("UPDATE event SET body = ? WHERE seq = ?", (body, annotation_seq(db)))

    if lived.database_url is not None and isinstance(body, int | float):
        with pytest.raises(REFUSED):  # PostgreSQL stores no number there
            tamper(lived, replace)
        return
    tamper(lived, replace)
    problems = verify(lived.site, "topics").problems
    assert any("was altered: its body" in problem for problem in problems), problems


@pytest.mark.parametrize("line", [*GARBAGE[1:], b'{"project":"PROJECT","seq":"x","hash":5}'], ids=repr)
def test_a_line_that_is_no_head_takes_nothing_down(lived: Any, line: bytes) -> None:
    with (lived.home / "keys/anchor.jsonl").open("ab") as file:
        file.write(line.replace(b"PROJECT", lived.store.project_id.encode()) + b"\n")
    report = verify(lived.site, "topics", full=True)
    assert report.problems == [] and any("are no heads" in one for one in report.lines)


def rewrite_from_the_start(db: Raw, home: Path) -> None:
    """Every event anew under other hashes, and no heads that could contradict them."""
    prev = chain.GENESIS
    for seq, body in db.execute("SELECT seq, body FROM event ORDER BY seq").fetchall():
        written = bytes(body).replace(b'"seconds":', b'"seconds": ')
        db.execute(
            "UPDATE event SET body = ?, prev_hash = ?, hash = ? WHERE seq = ?",
            (written, prev, prev := chain.link(prev, written), seq),
        )
    db.execute("UPDATE chain_head SET hash = ?", (prev,))
    (home / "keys/anchor.jsonl").unlink()


def test_a_chain_that_is_rewritten_from_its_start_needs_the_key(lived: Any) -> None:
    tamper(lived, rewrite_from_the_start)
    problems = verify(lived.site, "topics").problems
    assert any("the last event," in problem and "has no signed head" in problem for problem in problems), problems


def test_an_event_whose_process_was_killed_after_its_commit_is_signed(
    lived: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Keys, "confirm", lambda *_: None)
        lease = lived.api.queue("topics")[0]
        assert lived.api.answer("topics", lease, lived.right(lease)).status_code == 201
    assert verify(lived.site, "topics", full=True).problems == []


def test_a_commit_that_failed_after_it_was_signed_is_no_fault(lived: Any) -> None:
    lived.site.store.keys.prepare(lived.store.project_id, 9999, "f" * 64)
    lease = lived.api.queue("topics")[0]
    assert lived.api.answer("topics", lease, lived.right(lease)).status_code == 201
    assert verify(lived.site, "topics", full=True).problems == []


def test_without_the_key_nothing_is_recorded(lived: Any, tmp_path: Path) -> None:
    """No other key is made in its place, labels get out, and when it is back, work goes on."""
    lease = lived.api.queue("topics")[0]
    lived.site.close()
    key = lived.home / "keys/signing-key.pem"
    key.rename(tmp_path / "away.pem")
    with closing(make_site(lived.home, lived.database_url)) as site:
        assert not key.exists()
        assert verify(site, "topics", full=True).problems == []
        admin, _ = ensure_admin(site)
        exported = exports.export(site, admin, "topics", tmp_path / "out.csv")
        assert exported.n_items > 0 and exported.receipt is None and "key is away" in exported.findings[0]
        given = Given.of(
            answer_id=str(uuid.uuid4()), lease_id=lease["id"], item_id=lease["id"], kind="answer",
            answer={"label": "l_1"}, seconds=1.0,
        )  # fmt: skip
        with pytest.raises(IntegrityError, match="the signing key must be at"):
            annotations.give(site, admin, "topics", [given])
        assert verify(site, "topics", full=True).problems == []
        (tmp_path / "away.pem").rename(key)
        annotations.give(site, admin, "topics", [given])
        assert verify(site, "topics", full=True).problems == []


@pytest.mark.usefixtures("rows_in_files")
def test_a_copy_that_cannot_be_written_to_is_verified(lived: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in it is touched; what an auditor gets has no signing key."""
    from click.testing import CliRunner

    from labelwright.cli.main import group
    from labelwright.store import copies

    lived.site.close()
    (lived.home / "keys/signing-key.pem").unlink()
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in lived.home.rglob("*")}
    monkeypatch.setattr(copies.os, "access", lambda path, mode, **_: mode != os.W_OK)
    result = CliRunner().invoke(group, ["--home", str(lived.home), "verify", "topics", "--replay"])
    assert result.exit_code == 0, result.output
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in lived.home.rglob("*")} == before


def test_a_correction_leaves_the_old_event_as_it_was(trained: Any) -> None:
    lease = trained.api.queue("topics")[0]
    first = trained.api.answer("topics", lease, {"label": "l_1"}).json()
    with trained.store.read() as rows:
        before = {e.seq: e.body for e in trained.store.events(rows)}
    fixed = trained.api.answer("topics", lease, {"label": "l_2"}, kind="correct", replaces=first["id"])
    assert fixed.status_code == 201
    with trained.store.read() as rows:
        after = {e.seq: e for e in trained.store.events(rows)}
    assert {seq: after[seq].body for seq in before} == before
    correction = record.read(after[fixed.json()["seq"]])
    assert isinstance(correction, AnnotationGiven) and correction.replaces == first["id"]


def test_erasing_sealed_text_leaves_the_chain_whole(lived: Any) -> None:
    lived.site.close()
    with lived.raw() as db:
        db.execute("DELETE FROM sealed WHERE content = ?", (b"cannot tell",))
    report = verify(lived.site, "topics")
    assert report.problems == []
    assert any("erased" in line for line in report.lines)


@pytest.mark.usefixtures("rows_in_files")
def test_a_whole_project_copied_back_in_time_is_found(lived: Any, trained_once: Any) -> None:
    """Yesterday's database put in place of today's is truncation too."""
    lived.site.close()
    folder = lived.home / "projects/topics"
    for old in folder.glob("project.sqlite*"):
        old.unlink()
    shutil.copy(trained_once.home / "projects/topics/project.sqlite", folder / "project.sqlite")
    problems = verify(lived.site, "topics").problems
    assert any("anchor: event" in problem for problem in problems), problems


def smuggle(db: Raw, home: Path) -> None:
    """An item with content and label beside the imports, at the place where the next import will begin."""
    n = one(db, "SELECT n_items FROM project")
    for table in ("item", "content"):
        columns = db.columns(table)
        row = dict(zip(columns, db.execute(f"SELECT * FROM {table} WHERE ordinal = 0").fetchone(), strict=True))
        row |= {"ordinal": n} | ({"key": "smuggled"} if table == "item" else {})
        db.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", list(row.values()))
    project_id = one(db, "SELECT project_id FROM project")
    given = (project_id, n, "q_1", json.dumps({"label": "l_1"}), "training")
    db.execute("INSERT INTO given (project_id, ordinal, question_id, answer, labels_are) VALUES (?, ?, ?, ?, ?)", given)


def test_an_item_beside_the_imports_is_found_and_no_import_takes_it_in(lived: Any, train: Any) -> None:
    tamper(lived, smuggle)
    problems = verify(lived.site, "topics", replay=True).problems
    for table in ("item", "content", "given"):
        assert any(f"table {table}: the row of item 90 is of no import" in problem for problem in problems), problems
    admin, _ = ensure_admin(lived.site)
    with pytest.raises(IntegrityError, match="rows of no import"):
        create.add(lived.site, admin, "topics", rows=[{"id": "new", "text": "one more text about onions"}])
    train(lived.site)
    with lived.store.read() as rows:
        assert lived.store.row(rows).n_items == 90
    assert any("is of no import" in problem for problem in verify(lived.site, "topics").problems)
