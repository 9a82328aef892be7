"""The evidence package: its script needs Python alone, and finds whatever was altered."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from labelwright.services.people import users
from labelwright.services.record import package
from labelwright.services.record.package.curve import is_signed
from labelwright.services.record.verify import verify
from labelwright.store import tables as t

VECTORS = [  # RFC 8032, section 7.1: public key, message, signature
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_signatures_of_the_standard_hold(key: str, message: str, signature: str) -> None:
    parts = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert is_signed(*parts)
    assert not is_signed(parts[0], parts[1] + b"x", parts[2])
    for k in (0, 31, 32, 63):
        altered = bytearray(parts[2])
        altered[k] ^= 1
        assert not is_signed(parts[0], parts[1], bytes(altered))
    assert not is_signed(parts[0], parts[1], parts[2][:-1])


def test_signatures_are_judged_as_by_the_library() -> None:
    for k in range(8):
        key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(bytes([k])).digest())
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        message = bytes(range(k * 7))
        assert is_signed(public, message, key.sign(message))
        assert not is_signed(public, message, key.sign(message + b"."))


@pytest.fixture
def packed(lived: Any, tmp_path: Path) -> Path:
    """The package of a project that has lived, unpacked."""
    out = tmp_path / "topics.evidence.zip"
    package.write(lived.site, users.ensure_admin(lived.site)[0], "topics", out)
    with zipfile.ZipFile(out) as file:
        file.extractall(tmp_path / "unpacked")
    return out


def run(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script without site packages and without this folder on the path."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(script), *arguments], capture_output=True, text=True, timeout=120, env={}
    )


def test_the_script_needs_python_alone_and_finds_the_package_whole(packed: Path, lived: Any) -> None:
    script = packed.parent / "unpacked/verify.py"
    for arguments in ((), (str(packed), "--full")):
        done = run(script, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "FAILED" not in done.stdout and "The package is consistent." in done.stdout
    recomputed = [line for line in done.stdout.splitlines() if "labels follow from the events" in line]
    assert len(recomputed) == 5 and "40 labels" in recomputed[-1]
    assert verify(lived.site, "topics").problems == []


def digests_anew(folder: Path, name: str) -> None:
    """What an intruder without the key would do next: bring the manifest in line."""
    manifest = json.loads((folder / "manifest.json").read_text())
    content = (folder / name).read_bytes()
    manifest["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1))


def flip(lines: list[str]) -> list[str]:
    return [*lines[:4], lines[4].replace('\\"v\\":', '\\"w\\":', 1), *lines[5:]]


def swap(lines: list[str]) -> list[str]:
    return [*lines[:4], lines[5], lines[4], *lines[6:]]


def altered_label(lines: list[str]) -> list[str]:
    return [lines[0], lines[1].replace("l_1", "l_9").replace("l_2", "l_9").replace("l_3", "l_9"), *lines[2:]]


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("events.jsonl", flip, "event 5 was altered"),
        ("events.jsonl", swap, "event 5 is missing, or stands at another place"),
        ("events.jsonl", lambda lines: lines[:-1], "its end was cut off"),
        ("labels/lv-2/q_1.csv", altered_label, "in labels/lv-2/q_1.csv does not follow from the events"),
        ("labels/lv-2/q_1.csv", lambda lines: lines[:-1], "is missing from labels/lv-2/q_1.csv"),
        ("texts.jsonl", lambda lines: [lines[0].replace('"text":"', '"text":"not '), *lines[1:]], "was altered"),
        ("items.jsonl", lambda lines: [lines[0].replace("pool", "reserve"), *lines[1:]], "differ from its manifest"),
        ("items.jsonl", lambda lines: lines[:-1], "differ from its manifest"),
    ],
)  # fmt: skip
def test_what_was_altered_is_named(
    packed: Path, name: str, change: Callable[[list[str]], list[str]], said: str
) -> None:
    """Found twice: by the manifest, and, where that was brought in line, by its signature and by what follows from what."""
    folder = packed.parent / "unpacked"
    lines = (folder / name).read_text().splitlines()
    if name == "items.jsonl" and "pool" not in lines[0]:
        lines = [lines[0].replace("sealed", "pool").replace('"reserve"', '"pool"'), *lines[1:]]
    (folder / name).write_text("\n".join(change(lines)) + "\n")
    done = run(folder / "verify.py")
    assert done.returncode == 1 and f"{name} differs from manifest.json" in done.stdout
    digests_anew(folder, name)
    done = run(folder / "verify.py")
    assert done.returncode == 1 and "its signature does not hold" in done.stdout
    assert any(line.startswith("FAILED") and said in line for line in done.stdout.splitlines()), done.stdout


def test_a_file_that_is_missing_or_added_is_named(packed: Path) -> None:
    folder = packed.parent / "unpacked"
    (folder / "models.json").rename(folder / "more.json")
    done = run(folder / "verify.py")
    assert done.returncode == 1 and "models.json is missing" in done.stdout and "more.json is not in" in done.stdout


def test_a_key_and_a_receipt_from_elsewhere_are_compared(packed: Path, lived: Any) -> None:
    folder, key = packed.parent / "unpacked", lived.store.public_key
    assert run(folder / "verify.py", "--key", key).returncode == 0
    assert run(folder / "verify.py", "--key", "00" * 32).returncode == 1
    with lived.store.read() as rows:
        receipt = dict(lived.store.receipt(rows))  # after the event that the package itself is
    kept = folder.parent / "kept.json"
    kept.write_text(json.dumps(receipt))
    done = run(folder / "verify.py", "--receipt", str(kept))
    assert done.returncode == 1 and "its end was cut off" in done.stdout
    kept.write_text((folder / "receipts.jsonl").read_text())
    assert run(folder / "verify.py", "--receipt", str(kept)).returncode == 0


def test_texts_may_be_left_out(lived: Any, tmp_path: Path) -> None:
    out = tmp_path / "no-texts.zip"
    package.write(lived.site, users.ensure_admin(lived.site)[0], "topics", out, with_texts=False)
    with zipfile.ZipFile(out) as file:
        names = file.namelist()
        assert not any(name.startswith(("texts", "guidelines", "report")) for name in names)
        assert all(b"doubt helps" not in file.read(name) for name in names)
        (tmp_path / "verify.py").write_bytes(file.read("verify.py"))
    assert run(tmp_path / "verify.py", str(out)).returncode == 0


def test_who_may_read_the_record_may_take_it_away(lived: Any) -> None:
    assert lived.api.as_role("annotator").get("/projects/topics/evidence").status_code == 403
    for role in ("lead", "auditor"):
        got = lived.api.as_role(role).get("/projects/topics/evidence")
        assert got.status_code == 200 and got.content[:2] == b"PK"
    assert not any((lived.home / "exports").iterdir())


def test_items_that_are_held_are_given_back_and_later_answers_are_marked(lived: Any) -> None:
    admin = lived.api.as_role("admin")
    (lease,) = admin.queue("topics")
    assert admin.get("/projects/topics/evidence").status_code == 200
    with lived.store.read() as rows:
        assert rows.scalar(rows.select(t.lease.c.state).where(t.lease.c.id == lease["id"])) == "returned"
    assert admin.answer("topics", lease, lived.right(lease)).status_code == 201
    with lived.store.read() as rows:
        assert rows.scalar(rows.select(t.annotation.c.exposed).order_by(t.annotation.c.seq.desc())) is True


def test_answers_of_a_session_that_is_not_revealed_are_kept_in(lived: Any) -> None:
    values = {
        "id": "cs_1", "number": 7, "title": "", "kind": "session", "question_id": "q_1", "items": [0], "people": [],
        "pass_mark": None, "repeats": None, "state": "open", "opened_by": "p", "opened_at": "now", "revealed_at": None,
        "closed_at": None, "seq": 1,
    }  # fmt: skip
    said = {"session_id": "cs_1", "ordinal": 0, "person_id": "p", "answer": {}, "note_id": None, "seconds": None}
    with lived.store.stage() as rows:
        rows.insert(t.calibration, values)
    assert lived.api.get("/projects/topics/evidence").status_code == 200
    with lived.store.stage() as rows:
        rows.insert(t.calibration_answer, {**said, "at": "now", "seq": 2})
    refused = lived.api.get("/projects/topics/evidence")
    assert refused.status_code == 409 and "calibration session 7" in refused.text


def test_provenance_says_who_is_human(packed: Path) -> None:
    graph = json.loads((packed.parent / "unpacked/provenance.jsonld").read_text())["@graph"]
    labels = [node for node in graph if str(node["@id"]).startswith("lw:label/")]
    known = {node["@id"] for node in graph}
    assert labels and all(node["lw:origin"] == "human" for node in labels)
    assert all(set(node["wasDerivedFrom"]) <= known for node in labels)
