"""The signing key, kept outside the databases, and the anchor file beside it.

Before each commit that appends events, the chain's new head is signed (Ed25519) and appended to
``anchor.jsonl``; after it, a line notes that it succeeded. So every event has a signed head, also if the
process is killed in between. Whoever edits the database without this folder can be found out; whoever holds
both cannot, unless a receipt was kept elsewhere.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from labelwright.errors import InputError, IntegrityError
from labelwright.store.anchors import Anchors, read_anchors, read_line
from labelwright.store.clock import now
from labelwright.store.owner_files import create, replace
from labelwright.store.receipts import Receipt, message_of
from labelwright.store.ring import Ring, ending_message, read_ring, transition_message
from labelwright.store.sealing import NAME, Sealer

log = logging.getLogger("labelwright.store")


@dataclass(frozen=True)
class Ending:
    """A key that was replaced: both public keys, when, and the old key to say where it ended; None where it is lost."""

    old: str
    new: str
    at: str
    signer: Ed25519PrivateKey | None


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
        self._folder = folder
        self._path = key_file or folder / "signing-key.pem"
        self._public_path = folder / "signing-key.pub"
        self.anchor_path = folder / "anchor.jsonl"
        self.sealer = Sealer(folder)
        self._lock = threading.Lock()
        if is_new and not self._path.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            create(self._path, _new_key())
        self._finish_rotation()
        self._stamp = self._read_stamp()
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
                create(self._public_path, public.encode())
        return public

    def require(self) -> Ed25519PrivateKey:
        """The signing key.

        Raises
        ------
        IntegrityError
            If it is not there.
        """
        stamp = self._read_stamp()
        if self._key is None or (stamp is not None and stamp != self._stamp):
            self._key, self._stamp = self._load(), stamp  # mounted since, or rotated by another process
            self.public = self._read_public()
        if self._key is None:
            raise IntegrityError(
                f"keys: the signing key must be at {self._path}, it is not there. Nothing can be recorded without it.",
                "Restore it from your backup, or set LABELWRIGHT_KEY_FILE to where it is. If it is lost for good, "
                "'labelwright keys rotate --lost' makes a new one, which the old one cannot vouch for.",
            )
        return self._key

    def _read_stamp(self) -> tuple[int, int] | None:
        """What tells one key file from another that took its place."""
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns

    def ring(self) -> Ring:
        """The keys of this site, those that ended too, and what is known of each."""
        return read_ring(self._folder / "rotations.jsonl", self.public)

    def rotate(self, *, lost: bool = False) -> Ending:
        """Make a new key and put it in the place of the old one, which vouches for it; the old one is destroyed.

        The caller then says where the old key ended. If the process is killed, the next one that opens the folder
        finishes what the line of the transition says.

        Parameters
        ----------
        lost : bool
            Make a new key although the old one is away, so that it cannot vouch.

        Raises
        ------
        IntegrityError
            If the key is away.
        InputError
            If it is said to be lost, and is there.
        """
        old = None if lost else self.require()
        if lost and self._read_stamp() is not None:
            raise InputError(f"keys: the key must be away for --lost, it is at {self._path}.", "Leave --lost out.")
        before, fresh, at = self.public, _new_key(), now()
        following = self._public_of(fresh)
        replace(self._next, fresh)
        signature = None if old is None else old.sign(transition_message(before, following, at)).hex()
        line = {"old": before, "new": following, "at": at, "signature": signature}
        self._append(line, durable=True, to=self._folder / "rotations.jsonl")
        self._finish_rotation()
        self._stamp, self._key = self._read_stamp(), self._load()
        self.public = self._read_public()
        return Ending(before, following, at, old)

    def end(self, ending: Ending, heads: Mapping[str, int | None]) -> None:
        """Write down the last event of each chain that the old key may have signed; None where it is not known."""
        if ending.signer is None:
            return
        message = ending_message(ending.old, heads)
        line = {"ended": ending.old, "heads": dict(heads), "signature": ending.signer.sign(message).hex()}
        self._append(line, durable=True, to=self._folder / "rotations.jsonl")

    @property
    def _next(self) -> Path:
        return self._path.with_name(f"{self._path.name}.next")

    def _finish_rotation(self) -> None:
        """Put a new key in its place if a transition to it is written down; else it was never used."""
        if not self._next.exists() or not os.access(self._next.parent, os.W_OK):
            return
        public = self._public_of(self._next.read_bytes())
        if read_ring(self._folder / "rotations.jsonl", "").has(public):
            os.replace(self._next, self._path)
            replace(self._public_path, public.encode())
        else:
            self._next.unlink()

    def _public_of(self, pem: bytes) -> str:
        key = load_pem_private_key(pem, password=None)
        return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def sign(self, project: str, seq: int, head: str) -> Receipt:
        """Sign a head."""
        key, at = self.require(), now()
        signature = key.sign(message_of(project, seq, head, at)).hex()
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
        """Copy keys and anchors to a backup.

        Parameters
        ----------
        heads : mapping of str to set of str
            By chain, the hashes of the events that the backup holds; heads of others are left out.
        """
        folder.mkdir(parents=True, mode=0o700)
        if self._path.exists():
            create(folder / "signing-key.pem", self._path.read_bytes())
        create(folder / "signing-key.pub", self.public.encode())
        if (self._folder / "rotations.jsonl").exists():
            create(folder / "rotations.jsonl", (self._folder / "rotations.jsonl").read_bytes())
        if self.sealer.path.exists():
            create(folder / NAME, self.sealer.path.read_bytes())
        kept = []
        if self.anchor_path.exists():
            for line in self.anchor_path.read_bytes().splitlines(keepends=True):
                read = read_line(line)
                if read is not None and read.head in heads.get(read.project, ()):
                    kept.append(line)
        create(folder / "anchor.jsonl", b"".join(kept))

    def _append(self, line: Mapping[str, object], *, durable: bool, to: Path | None = None) -> None:
        path = to or self.anchor_path
        written = (json.dumps(line, separators=(",", ":")) + "\n").encode()
        with self._lock:
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)  # on a shared file system, appending alone is not atomic
                size = os.fstat(descriptor).st_size
                if size and os.pread(descriptor, 1, size - 1) != b"\n":  # the power went within the last line
                    written = b"\n" + written
                if os.write(descriptor, written) < len(written):
                    raise OSError(errno.ENOSPC, "the disk is full", str(path))
                fcntl.flock(descriptor, fcntl.LOCK_UN)
                if durable:
                    os.fdatasync(descriptor)
            finally:
                os.close(descriptor)

    def anchored(self, project: str) -> Anchors:
        """The anchored heads of one chain, in the order of the file."""
        return read_anchors(self.anchor_path, project)


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
