"""The signing key, kept outside the databases, and the anchor file beside it.

After each commit that appends events, the chain's head is signed (Ed25519) and appended to
``anchor.jsonl``. Whoever edits the database without this folder can be found out; whoever holds both
cannot, unless a receipt was kept elsewhere.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import TypedDict

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from labelwright.errors import IntegrityError
from labelwright.store.clock import now


class Receipt(TypedDict):
    """A signed head of a chain: who holds it can later prove truncation or recomputation."""

    project: str
    seq: int
    hash: str
    at: str
    key: str
    signature: str


class Keys:
    """The key of a site and its anchor file."""

    def __init__(self, folder: Path, key_file: Path | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = key_file or folder / "signing-key.pem"
        self.anchor_path = folder / "anchor.jsonl"
        self._lock = threading.Lock()
        self._key = self._load()
        raw = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public = raw.hex()

    def _load(self) -> Ed25519PrivateKey:
        if not self._path.exists():
            pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            temporary = self._path.with_suffix(f".{os.getpid()}.tmp")
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(temporary, self._path)  # the first process wins
            except FileExistsError:
                pass
            finally:
                temporary.unlink()
        key = load_pem_private_key(self._path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise IntegrityError(f"keys: {self._path} must hold an Ed25519 key.", "Restore it from your backup.")
        return key

    def sign(self, project: str, seq: int, head: str) -> Receipt:
        """Sign a head."""
        at = now()
        message = f"labelwright:{project}:{seq}:{head}:{at}".encode()
        return Receipt(
            project=project, seq=seq, hash=head, at=at, key=self.public, signature=self._key.sign(message).hex()
        )

    def anchor(self, project: str, seq: int, head: str) -> Receipt:
        """Sign a head and append it to the anchor file."""
        receipt = self.sign(project, seq, head)
        line = (json.dumps(receipt, separators=(",", ":")) + "\n").encode()
        with self._lock:
            descriptor = os.open(self.anchor_path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                size = os.fstat(descriptor).st_size
                if size and os.pread(descriptor, 1, size - 1) != b"\n":  # the power went within the last line
                    line = b"\n" + line
                os.write(descriptor, line)
            finally:
                os.close(descriptor)
        return receipt

    def anchored(self, project: str) -> list[Receipt]:
        """The anchored heads of one chain, as written; a line that was torn by a power cut is left out."""
        if not self.anchor_path.exists():
            return []
        found: list[Receipt] = []
        with self.anchor_path.open("rb") as file:
            for line in file:
                if project.encode() in line and line.endswith(b"}\n"):
                    receipt: Receipt = json.loads(line)
                    if receipt["project"] == project:
                        found.append(receipt)
        return found


def check_signature(receipt: Receipt, key: str | None = None) -> bool:
    """Whether a receipt's signature holds, and comes from ``key`` if one is given."""
    if key is not None and receipt["key"] != key:
        return False
    message = f"labelwright:{receipt['project']}:{receipt['seq']}:{receipt['hash']}:{receipt['at']}".encode()
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(receipt["key"])).verify(
            bytes.fromhex(receipt["signature"]), message
        )
    except (InvalidSignature, ValueError):
        return False
    return True
