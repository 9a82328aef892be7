"""Checks an evidence package of Labelwright; needs Python 3.11 or newer, and nothing else.

    python verify.py [PACKAGE.zip] [--key HEX] [--receipt FILE] [--full]

Without PACKAGE the folder of this script is checked. It prints one line a check and exits with 1 if one failed.
``--key`` is the public key that you know the site by, ``--receipt`` a signed head that you kept: without one of them
the package proves that it is consistent, not who made it. ``--full`` checks every signature, not the last and one in a
thousand.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from labelwright.services.record.package.curve import is_signed
from labelwright.services.record.package.fold import Fold, same

EVERY = 1000


def holds(receipt: dict[str, Any]) -> bool:
    """Whether the signature of a receipt holds."""
    message = "labelwright:{project}:{seq}:{hash}:{at}".format(**receipt).encode()
    return is_signed(bytes.fromhex(receipt["key"]), message, bytes.fromhex(receipt["signature"]))


class Package:
    """A package, zipped or in a folder; what the checks find is printed and counted."""

    def __init__(self, path: Path) -> None:
        self.zip = None if path.is_dir() else zipfile.ZipFile(path)
        self.folder = path
        self.failed = False

    def names(self) -> set[str]:
        """All files in it."""
        if self.zip is not None:
            return {name for name in self.zip.namelist() if not name.endswith("/")}
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}

    def open(self, name: str) -> Any:
        """A file, as bytes."""
        return (self.folder / name).open("rb") if self.zip is None else self.zip.open(name)

    def lines(self, name: str) -> Iterator[Any]:
        """The lines of a JSONL file."""
        file: BinaryIO
        with self.open(name) as file:
            for line in file:
                yield json.loads(line)

    def load(self, name: str) -> Any:
        """A JSON file."""
        with self.open(name) as file:
            return json.load(file)

    def say(self, line: str, problem: str = "") -> None:
        """One line a check."""
        self.failed = self.failed or bool(problem)
        print(f"FAILED {line}: {problem}" if problem else f"ok     {line}", flush=True)


def check_keys(package: Package, known: str | None) -> set[str]:
    """The keys, each vouched for by the one before; a key that took the place of a lost one is told."""
    listed = package.load("keys.json")
    for entry in (one for one in listed if "old" in one):
        message = "labelwright:key:{old}:{key}:{at}".format(**entry).encode()
        name = f"key: {entry['key']} followed {entry['old']} on {entry['at'][:10]}"
        if entry["signature"] is None:
            package.say(f"{name}, which was lost and does not vouch for it")
        else:
            signed = is_signed(bytes.fromhex(entry["old"]), message, bytes.fromhex(entry["signature"]))
            package.say(name, "" if signed else "the signature of the old key does not hold")
    keys = {entry["key"] for entry in listed}
    if known is not None:
        package.say(f"key: {known} is one of the site's", "" if known in keys else "the package does not know it")
    return keys


def check_files(package: Package, manifest: dict[str, Any]) -> None:
    """Every file is as the manifest says, and no other is there."""
    for name, listed in sorted(manifest["files"].items()):
        if name not in package.names():
            package.say("files", f"{name} is missing")
            continue
        with package.open(name) as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != listed["sha256"]:
                package.say("files", f"{name} differs from manifest.json")
    if more := package.names() - set(manifest["files"]) - {"manifest.json", "signature.json"}:
        package.say("files", f"{sorted(more)[0]} is not in manifest.json")
    if not package.failed:
        package.say(f"files: {len(manifest['files'])} as manifest.json says")


def check_manifest(package: Package, keys: set[str]) -> dict[str, Any]:
    """The manifest is signed by one of the site's keys."""
    manifest: dict[str, Any] = package.load("manifest.json")
    signed = package.load("signature.json")
    with package.open("manifest.json") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    wrong = signed["hash"] != digest or signed["project"] != f"{manifest['project']}:evidence" or not holds(signed)
    problem = "its signature does not hold" if wrong else "" if signed["key"] in keys else "signed by an unknown key"
    package.say(f"manifest: signed at event {signed['seq']} by key {signed['key']}", problem)
    return manifest


def check_chain(package: Package, project: str, fold: Fold) -> tuple[dict[int, str], dict[str, str]]:
    """Recompute the chain; hashes by event, and the hashes of sealed texts by id."""
    hashes, texts, seq, last = {0: "0" * 64}, dict[str, str](), 0, "0" * 64
    for line in package.lines("events.jsonl"):
        seq, body = seq + 1, line["body"]
        digest = hashlib.sha256(last.encode() + body.encode()).hexdigest()
        try:
            event = json.loads(body)
        except ValueError:
            event = {}
        if line["seq"] != seq or event.get("seq") != seq or event.get("project") != project:
            package.say("chain", f"event {seq} is missing, or stands at another place")
        elif line["prev_hash"] != last or line["hash"] != digest:
            package.say("chain", f"event {seq} was altered, or does not follow event {seq - 1}")
        else:
            texts.update(sealed_in(event["data"]))
            fold.take(event)
            hashes[seq], last = digest, digest
            continue
        break
    else:
        package.say(f"chain: {seq} events, each follows from the one before")
    return hashes, texts


def sealed_in(value: Any) -> Iterator[tuple[str, str]]:
    """Ids and hashes of sealed texts anywhere in a body."""
    if isinstance(value, dict):
        if set(value) == {"id", "hash"}:
            yield value["id"], value["hash"]
        for part in value.values():
            yield from sealed_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from sealed_in(part)


def check_heads(
    package: Package, name: str, heads: list[Any], hashes: dict[int, str], keys: set[str], full: bool
) -> None:  # fmt: skip
    """Signed heads are in the chain, so that nothing was cut off or computed anew after they were signed."""
    for number, head in enumerate(heads, 1):
        if head["seq"] not in hashes:
            package.say(name, f"event {head['seq']} was signed but is not in the chain: its end was cut off")
        elif hashes[head["seq"]] != head["hash"]:
            package.say(name, f"event {head['seq']} was signed with another hash: the chain was computed anew")
        elif head["key"] not in keys:
            package.say(name, f"event {head['seq']} was signed by the unknown key {head['key']}")
        elif (full or number == len(heads) or number % EVERY == 0) and not holds(head):
            package.say(name, f"the signature of event {head['seq']} does not hold")
        else:
            continue
        return
    package.say(f"{name}: {len(heads)} signed, in the chain")


def check_texts(package: Package, texts: dict[str, str]) -> None:
    """Sealed texts give the salted hashes in the events."""
    if "texts.jsonl" not in package.names():
        package.say(f"texts: {len(texts)} in the events, none in this package")
        return
    n = 0
    for line in package.lines("texts.jsonl"):
        digest = hashlib.sha256(bytes.fromhex(line["salt"]) + line["text"].encode()).hexdigest()
        if texts.get(line["id"], digest) != digest:
            package.say("texts", f"the sealed text {line['id']} was altered")
            return
        n += line["id"] in texts
    package.say(f"texts: {n} give their hashes, {len(texts) - n} were erased")


def check_items(package: Package, fold: Fold) -> None:
    """What is stored of the items gives the manifests in the events of their imports."""
    lines, ordinal = package.lines("items.jsonl"), -1
    row = next(lines, None)
    for batch in fold.imports:
        digest, last = hashlib.sha256(), batch["first_ordinal"] + batch["n_items"]
        while row is not None and row[0] < last:
            written = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
            digest.update(written.encode() + b"\n")
            fold.take_item(row)
            ordinal, row = row[0], next(lines, None)
        if digest.hexdigest() != batch["manifest"] or ordinal != last - 1:
            package.say("items", f"the items of import {batch['batch']} differ from its manifest")
            return
    package.say(f"items: {len(fold.split)} of {len(fold.imports)} imports, as their manifests say")


def check_labels(package: Package, fold: Fold) -> None:
    """Label versions whose resolver is the majority come out of the events as they are in the files."""
    for version in package.load("versions.json"):
        for question, part in version["questions"].items():
            name = f"labels {version['id']} {question}"
            if part["file"] is None:
                package.say(f"{name}: not recomputed: {part['why']}")
                continue
            with package.open(part["file"]) as file:
                stored = list(csv.DictReader(io.TextIOWrapper(file, "utf-8", newline="")))
            if not fold.is_majority(version["id"], question):
                package.say(f"{name}: {len(stored)} labels, not recomputed: this script knows the majority alone")
                continue
            again = fold.labels(version["upto_seq"], question)
            for row in stored:
                ordinal = int(row["item"].removeprefix("i"))
                label, n_answers = again.pop(ordinal, (None, 0))
                if label is None or not same(label, json.loads(row["label"])) or n_answers != int(row["n_answers"]):
                    package.say(name, f"the label of {row['item']} in {part['file']} does not follow from the events")
                    break
            else:
                missing = f"the label of i{min(again)} is missing from {part['file']}" if again else ""
                package.say(f"{name}: {len(stored)} labels follow from the events", missing)


def main() -> int:
    """Run all checks; 1 if one failed."""
    parser = argparse.ArgumentParser(description="Checks an evidence package of Labelwright.")
    parser.add_argument("package", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--key", help="The site's public key, as you know it from elsewhere.")
    parser.add_argument("--receipt", type=Path, help="A receipt that you kept.")
    parser.add_argument("--full", action="store_true", help="Check every signature.")
    asked = parser.parse_args()
    package, fold = Package(asked.package), Fold()
    try:
        keys = check_keys(package, asked.key)
        manifest = check_manifest(package, keys)
        check_files(package, manifest)
        hashes, texts = check_chain(package, manifest["project"], fold)
        check_heads(package, "heads", list(package.lines("heads.jsonl")), hashes, keys, asked.full)
        check_heads(package, "receipts", list(package.lines("receipts.jsonl")), hashes, keys, True)
        if asked.receipt is not None:
            kept = json.loads(asked.receipt.read_text("utf-8"))
            own = [one for one in kept.get("heads", [kept]) if one["project"] == manifest["project"]]
            check_heads(package, "kept receipt", own, hashes, keys, True)
            if not own:
                package.say("kept receipt", "it is of another project")
        check_texts(package, texts)
        check_items(package, fold)
        check_labels(package, fold)
    except Exception as error:  # an altered package may look like anything
        package.say("package", f"it cannot be read: {type(error).__name__}: {error}")
    print("FAILED: this package is not what was recorded." if package.failed else "The package is consistent.")
    return int(package.failed)


if __name__ == "__main__":
    sys.exit(main())
