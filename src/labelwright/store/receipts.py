"""Receipts: signed heads of a chain, to be kept where the machine that signed them cannot reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Receipt(TypedDict):
    """A signed head of a chain: who holds it can later prove truncation or recomputation."""

    project: str
    seq: int
    hash: str
    at: str
    key: str
    signature: str


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


def message_of(project: str, seq: int, head: str, at: str) -> bytes:
    """What is signed."""
    return f"labelwright:{project}:{seq}:{head}:{at}".encode()


def is_signed(key: str, message: bytes, signature: str) -> bool:
    """Whether an Ed25519 signature in hex digits is by a public key in hex digits."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def check_signature(receipt: Receipt) -> bool:
    """Whether a receipt's signature holds, by the key that it names."""
    message = message_of(receipt["project"], receipt["seq"], receipt["hash"], receipt["at"])
    return is_signed(receipt["key"], message, receipt["signature"])
