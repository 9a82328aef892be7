"""The signing key, kept outside the databases, and the anchor file beside it.

Before each commit that appends events, the chain's new head is signed (Ed25519) and appended to
``anchor.jsonl``; after it, a line notes that it succeeded. So every event has a signed head, also if the
process is killed in between. Whoever edits the database without this folder can be found out; whoever holds
both cannot, unless a receipt was kept elsewhere.
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
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

log = logging.getLogger("labelwright.store")


class Receipt(TypedDict):
    """A signed head of a chain: who holds it can later prove truncation or recomputation."""

    project: str
    seq: int
    hash: str
    at: str
    key: str
    signature: str


@dataclass(frozen=True)
class Anchors:
    """What the anchor file holds of one chain.

    Attributes
    ----------
    heads : list of Receipt
        Of commits that are known to have succeeded.
    prepared : list of Receipt
        Signed before a commit whose success was not noted: it failed, or the process was killed.
    unreadable : int
        Lines that are no heads, such as one that was torn by a power cut; of whatever chain.
    """

    heads: list[Receipt]
    prepared: list[Receipt]
    unreadable: int = 0


class Keys:
    """The key of a site and its anchor file.

    Parameters
    ----------
    folder : Path
        Holds the anchor file, the public key, and the signing key where no other place is named.
    key_file : Path, optional
    is_new : bool
        Whether a key may be made; never where there are events, which another key has signed.
    """

    def __init__(self, folder: Path, key_file: Path | None = None, *, is_new: bool = True) -> None:
        self._path = key_file or folder / "signing-key.pem"
        self._public_path = folder / "signing-key.pub"
        self.anchor_path = folder / "anchor.jsonl"
        self._lock = threading.Lock()
        if is_new and not self._path.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _create(self._path, _new_key())
        self._key = self._load()
        self.public = self._read_public()

    def _load(self) -> Ed25519PrivateKey | None:
        if not self._path.exists() or not os.access(self._path, os.R_OK):
            return None
        key = load_pem_private_key(self._path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise IntegrityError(f"keys: {self._path} must hold an Ed25519 key.", "Restore it from your backup.")
        return key

    def _read_public(self) -> str:
        """The public key in hex digits; it is kept beside the anchors, so that they can be checked without the key."""
        if self._key is None:
            return self._public_path.read_text("ascii").strip() if self._public_path.exists() else ""
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        if not self._public_path.exists():
            with contextlib.suppress(OSError):  # a copy that cannot be written to
                _create(self._public_path, public.encode())
        return public

    def require(self) -> Ed25519PrivateKey:
        """The signing key.

        Raises
        ------
        IntegrityError
            If it is not there.
        """
        if self._key is None:
            self._key = self._load()  # it may be on a medium that was mounted since
        if self._key is None:
            raise IntegrityError(
                f"keys: the signing key must be at {self._path}, it is not there. Nothing can be recorded without it.",
                "Restore it from your backup, or set LABELWRIGHT_KEY_FILE to where it is. A new key cannot take its "
                "place, since it did not sign the events that there are.",
            )
        return self._key

    def sign(self, project: str, seq: int, head: str) -> Receipt:
        """Sign a head."""
        key, at = self.require(), now()
        signature = key.sign(_message(project, seq, head, at)).hex()
        return Receipt(project=project, seq=seq, hash=head, at=at, key=self.public, signature=signature)

    def prepare(self, project: str, seq: int, head: str) -> None:
        """Sign a head and store it durably in the anchor file; before the commit, so that no event is without one."""
        self._append({**self.sign(project, seq, head), "prepared": True}, durable=True)

    def confirm(self, project: str, head: str) -> None:
        """Note that the commit of a prepared head succeeded."""
        try:
            self._append({"project": project, "confirmed": head}, durable=False)
        except OSError as error:  # the disk is full; what was committed stays acknowledged
            log.error("a commit cannot be noted beside the key", extra={"error": type(error).__name__})

    def copy(self, folder: Path, heads: Mapping[str, set[str]]) -> None:
        """Copy key and anchors to a backup.

        Parameters
        ----------
        heads : mapping of str to set of str
            By chain, the hashes of the events that the backup holds; heads of others are left out.
        """
        folder.mkdir(parents=True, mode=0o700)
        if self._path.exists():
            _create(folder / "signing-key.pem", self._path.read_bytes())
        _create(folder / "signing-key.pub", self.public.encode())
        kept = []
        if self.anchor_path.exists():
            for line in self.anchor_path.read_bytes().splitlines(keepends=True):
                read = _read_line(line)
                if read is not None and read.head in heads.get(read.project, ()):
                    kept.append(line)
        _create(folder / "anchor.jsonl", b"".join(kept))

    def _append(self, line: Mapping[str, object], *, durable: bool) -> None:
        written = (json.dumps(line, separators=(",", ":")) + "\n").encode()
        with self._lock:
            descriptor = os.open(self.anchor_path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                size = os.fstat(descriptor).st_size
                if size and os.pread(descriptor, 1, size - 1) != b"\n":  # the power went within the last line
                    written = b"\n" + written
                if os.write(descriptor, written) < len(written):
                    raise OSError(errno.ENOSPC, "the disk is full", str(self.anchor_path))
                if durable:
                    os.fdatasync(descriptor)
            finally:
                os.close(descriptor)

    def anchored(self, project: str) -> Anchors:
        """The anchored heads of one chain, in the order of the file."""
        heads: dict[str, Receipt] = {}
        confirmed: set[str] = set()
        unreadable = 0
        if self.anchor_path.exists():
            with self.anchor_path.open("rb") as file:
                for line in filter(bytes.strip, file):
                    read = _read_line(line)
                    if read is None:
                        unreadable += 1
                    elif read.project == project and read.receipt is not None:
                        heads.setdefault(read.head, read.receipt)
                    if read is not None and read.is_confirmed:
                        confirmed.add(read.head)
        return Anchors(
            [receipt for head, receipt in heads.items() if head in confirmed],
            [receipt for head, receipt in heads.items() if head not in confirmed],
            unreadable,
        )


@dataclass(frozen=True)
class _Line:
    """One line of the anchor file: a head, or the word that the commit of one succeeded.

    Versions before 0.3 wrote heads after their commits alone, so those are confirmed by themselves.
    """

    project: str
    head: str
    receipt: Receipt | None
    is_confirmed: bool


def _read_line(line: bytes) -> _Line | None:
    """Read a line; None if it is none of ours."""
    try:
        read = json.loads(line)
        if "confirmed" in read:
            return _Line(str(read["project"]), str(read["confirmed"]), None, True)
        is_confirmed = not read.pop("prepared", False)
        return _Line(str(read["project"]), str(read["hash"]), receipt_of(read), is_confirmed)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def receipt_of(read: Mapping[str, object]) -> Receipt:
    """A receipt from what was read of a file.

    Raises
    ------
    ValueError, LookupError
        If a field is missing or is not what a receipt holds.
    """
    seq = read["seq"]
    if not isinstance(seq, int):
        raise ValueError(f"seq must be a whole number, got {seq!r}")
    return Receipt(
        project=str(read["project"]), seq=seq, hash=str(read["hash"]), at=str(read["at"]), key=str(read["key"]),
        signature=str(read["signature"]),
    )  # fmt: skip


def _message(project: str, seq: int, head: str, at: str) -> bytes:
    """What is signed."""
    return f"labelwright:{project}:{seq}:{head}:{at}".encode()


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _create(path: Path, content: bytes) -> None:
    """Make a file that only the owner may read, whole or not at all; the first process wins."""
    temporary = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def check_signature(receipt: Receipt, key: str | None = None) -> bool:
    """Whether a receipt's signature holds, and comes from ``key`` if one is given."""
    if key is not None and receipt["key"] != key:
        return False
    message = _message(receipt["project"], receipt["seq"], receipt["hash"], receipt["at"])
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(receipt["key"])).verify(
            bytes.fromhex(receipt["signature"]), message
        )
    except (InvalidSignature, ValueError):
        return False
    return True
