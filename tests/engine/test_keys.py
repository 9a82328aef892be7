"""Keys that are rotated, and receipts that leave the machine by themselves."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from labelwright.errors import InputError, IntegrityError
from labelwright.services.people import users
from labelwright.services.record import exports, receipts
from labelwright.services.record.rotating import rotate_key
from labelwright.services.record.verify import verify
from labelwright.services.site import Site, doctor
from labelwright.services.site.settings import load
from labelwright.store import chain as chains
from labelwright.store import tables as t
from labelwright.store.keys import Keys


def admin(site: Any) -> Any:
    return users.ensure_admin(site)[0]


def reopened(ready: Any, **more: object) -> Site:
    ready.site.close()
    return Site(load({"home": ready.home, **more}, environ={}))


def goes_on(ready: Any) -> None:
    """One more event."""
    assert ready.api.post("/projects/topics/pause").status_code == 200
    assert ready.api.post("/projects/topics/resume").status_code == 200


def test_old_heads_and_receipts_can_be_checked_after_a_rotation(lived: Any) -> None:
    with lived.store.read() as rows:
        kept = lived.store.receipt(rows)
    old = lived.store.public_key
    done = rotate_key(lived.site, admin(lived.site))
    assert done.old == old != done.new == lived.store.public_key and done.vouched and done.unknown == ()
    goes_on(lived)
    again = rotate_key(lived.site, admin(lived.site))
    goes_on(lived)
    report = verify(lived.site, "topics", receipt=kept, full=True)
    assert report.problems == []
    assert [line for line in report.lines if "vouches for it" in line][1].startswith(f"key: {done.new[:16]}…")
    site = reopened(lived)
    assert site.store.keys.public == again.new
    assert verify(site, "topics", receipt=kept, full=True).problems == []
    site.close()


def test_another_process_signs_with_the_new_key(lived: Any) -> None:
    other = Site(load({"home": lived.home}, environ={}))
    done = rotate_key(other, admin(other))
    other.close()
    goes_on(lived)
    with lived.store.read() as rows:
        assert lived.store.receipt(rows)["key"] == done.new
    assert verify(lived.site, "topics", full=True).problems == []


def test_the_old_key_signs_nothing_after_it_ended(lived: Any) -> None:
    """Whoever stole it can write no event with it any more."""
    pem = (lived.home / "keys/signing-key.pem").read_bytes()
    rotate_key(lived.site, admin(lived.site))
    (lived.home / "keys/signing-key.pem").write_bytes(pem)
    goes_on(lived)
    problems = verify(lived.site, "topics", full=True).problems
    assert any("signed by a key that had ended at event" in problem for problem in problems)


def test_a_transition_that_the_old_key_did_not_sign_is_found(lived: Any) -> None:
    rotate_key(lived.site, admin(lived.site))
    path = lived.home / "keys/rotations.jsonl"
    line = json.loads(path.read_text().splitlines()[0])
    path.write_text(path.read_text().replace(line["signature"], "00" * 64))
    assert any("whose signature does not hold" in problem for problem in verify(lived.site, "topics").problems)


def test_a_lost_key_is_replaced_and_verify_says_so(lived: Any) -> None:
    with pytest.raises(InputError, match="must be away"):
        rotate_key(lived.site, admin(lived.site), lost=True)
    (lived.home / "keys/signing-key.pem").unlink()
    site = reopened(lived)
    with pytest.raises(IntegrityError, match="signing key must be"):
        rotate_key(site, admin(site))
    done = rotate_key(site, admin(site), lost=True)
    assert not done.vouched
    report = verify(site, "topics", full=True)
    assert any("is not vouched for by the old key" in line for line in report.lines)
    assert [problem for problem in report.problems if "no signed head" not in problem] == []
    site.close()


@pytest.mark.parametrize("step", ["before the line", "after the line", "after the key"])
def test_a_rotation_that_was_killed_is_finished_or_never_was(lived: Any, monkeypatch: Any, step: str) -> None:
    class Killed(BaseException):
        pass

    def kill(*_: Any, **__: Any) -> None:
        raise Killed

    keys, old = lived.site.store.keys, lived.store.public_key
    with monkeypatch.context() as patched:
        name = {"before the line": "_append", "after the line": "_finish_rotation", "after the key": "end"}[step]
        patched.setattr(Keys, name, kill)
        with pytest.raises(Killed):
            keys.rotate() if step != "after the key" else rotate_key(lived.site, admin(lived.site))
    site = reopened(lived)
    assert (site.store.keys.public == old) is (step == "before the line")
    with site.project("topics").write() as transaction:
        transaction.record(_export(), actor="system")
    report = verify(site, "topics", full=True)
    assert report.problems == []
    site.close()


def _export() -> Any:
    from labelwright.store.record.exports import LabelsExported

    return LabelsExported("csv", 1, 1, None)


def cut(store: Any) -> None:
    """Remove the last event, from the database and from the anchor file."""
    with store.database.write() as connection:
        seq = connection.scalar(select(t.chain_head.c.seq))
        before = connection.scalar(select(t.event.c.prev_hash).where(t.event.c.seq == seq))
        connection.execute(t.event.delete().where(t.event.c.seq == seq))
        connection.execute(update(t.chain_head).values(seq=seq - 1, hash=before))


def recompute(site: Any, store: Any) -> None:
    """Change the time of the first event, and compute chain, heads and anchors anew with the site's own key."""
    with store.database.write() as connection:
        events = list(chains.read(connection, store.chain))
        last = chains.GENESIS
        for event in events:
            at = "2020" + event.at[4:] if event.seq == 1 else event.at
            body = event.body.replace(event.at.encode(), at.encode())
            digest = chains.link(last, body)
            values = {"prev_hash": last, "hash": digest, "body": body, "at": at}
            connection.execute(update(t.event).where(t.event.c.seq == event.seq).values(**values))
            last = digest
        connection.execute(update(t.chain_head).values(hash=last))
    keys = site.store.keys
    lines = keys.anchor_path.read_text().splitlines(keepends=True)
    keys.anchor_path.write_text("".join(line for line in lines if store.project_id not in line))
    keys.prepare(store.project_id, events[-1].seq, last)
    keys.confirm(store.project_id, last)


def test_receipts_are_written_daily_and_with_each_export_and_never_over(lived: Any, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    site = reopened(lived, receipts_dir=folder)
    first = receipts.send(site, daily=True)
    assert first is not None and receipts.send(site, daily=True) is None
    exports.export(site, admin(site), "topics", tmp_path / "out.csv")
    assert [path.name for path in sorted(folder.iterdir())] == [f"{first.stem}-2.json", first.name]
    for path in folder.iterdir():
        kept = receipts.read(path, site.project("topics").project_id)
        assert verify(site, "topics", receipt=kept, of_site=receipts.of_site(site, path)).problems == []
    with pytest.raises(InputError, match="must name the project"):
        receipts.read(first, "pr_of_somebody_else")
    site.close()


@pytest.mark.parametrize("crime", ["cut", "recomputed"])
def test_a_receipt_of_the_day_finds_what_the_key_can_hide(lived: Any, tmp_path: Path, crime: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    site = reopened(lived, receipts_dir=tmp_path / "elsewhere")
    store = site.project("topics")
    path = receipts.send(site)
    assert path is not None
    kept = receipts.read(path, store.project_id)
    if crime == "cut":
        cut(store)
    else:
        recompute(site, store)
    said = "was cut off" if crime == "cut" else "the chain was recomputed"
    assert any(problem.startswith("receipt: ") and said in problem
               for problem in verify(site, "topics", receipt=kept).problems)  # fmt: skip
    if crime == "recomputed":  # and without the receipt, only projections tell that the times were moved
        assert not any("anchor" in problem for problem in verify(site, "topics").problems)
    site.close()


def test_a_folder_that_is_away_stops_nothing_and_the_doctor_tells(lived: Any, tmp_path: Path) -> None:
    site = reopened(lived, receipts_dir=tmp_path / "away")
    assert exports.export(site, admin(site), "topics", tmp_path / "out.csv").receipt is not None
    assert any("receipts could not be written" in line for line in doctor.examine(site).lines)
    (tmp_path / "away").mkdir()
    assert receipts.send(site) is not None
    assert any("ok    receipts were written" in line for line in doctor.examine(site).lines)
    site.close()


def test_a_backup_holds_all_keys(lived: Any, tmp_path: Path) -> None:
    from labelwright.services.site.backup import backup

    rotate_key(lived.site, admin(lived.site))
    goes_on(lived)
    done = backup(lived.site, tmp_path / "backup")
    assert done.upto["topics"] > 0 and done.at
    site = Site(load({"home": tmp_path / "backup"}, environ={}))
    assert verify(site, "topics", full=True).problems == []
    site.close()
    shutil.rmtree(tmp_path / "backup")
    assert not os.path.exists(tmp_path / "backup")
