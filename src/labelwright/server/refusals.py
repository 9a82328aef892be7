"""What is refused by the head of a request alone, before the application sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

MAX_PATH = 2048


@dataclass(frozen=True)
class Refusal:
    """Status, code, message and hint of the answer."""

    status: int
    code: str
    message: str
    hint: str


@dataclass(frozen=True)
class Head:
    """The head of a request: its path and query as they were sent, and its headers with lower-case names."""

    path: bytes
    query: bytes
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, path: bytes, query: bytes, headers: Iterable[tuple[bytes, bytes]]) -> Head:
        """Read the parts of an ASGI scope."""
        return cls(path, query, tuple((k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in headers))

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value.strip() for key, value in self.headers if key == name]


def refusal(head: Head, hosts: frozenset[str], limit: int) -> Refusal | None:
    """Why a request is refused, if it is.

    Parameters
    ----------
    hosts : set of str
        Names in lower case that the Host header may carry, without port.
    limit : int
        Bytes that the body may have.
    """
    return _framing(head) or _host(head, hosts) or _target(head) or _length(head, limit)


def too_large(limit: int) -> Refusal:
    """The body is longer than allowed."""
    return Refusal(
        413, "too-large", f"A request may have {limit:,} bytes at most.",
        "Send less at once, use the command line on the server's machine, or raise LABELWRIGHT_MAX_UPLOAD.",
    )  # fmt: skip


def _framing(head: Head) -> Refusal | None:
    """Where a body ends must not be a matter of who reads it: a proxy may read it another way."""
    lengths = head.all("content-length")
    if len(set(lengths)) > 1 or (lengths and head.all("transfer-encoding")):
        return _malformed("A request must state its length once, by Content-Length or by Transfer-Encoding.")
    if not all(length.isascii() and length.isdigit() for length in lengths):
        return _malformed("Content-Length must be a number of bytes.")
    return None


def _host(head: Head, hosts: frozenset[str]) -> Refusal | None:
    names = {re.sub(r":\d+$", "", host).lower() for host in head.all("host")} or {""}
    strange = names if len(names) > 1 else names - hosts
    if strange and "*" not in hosts:
        return Refusal(
            421, "wrong-host", f"The host '{min(strange)}' is not served here.",
            "Set LABELWRIGHT_BASE_URL to the address that people use.",
        )  # fmt: skip
    return None


def _target(head: Head) -> Refusal | None:
    if len(head.path) > MAX_PATH:
        return Refusal(414, "too-long", f"A path may have {MAX_PATH:,} bytes at most, got {len(head.path):,}.", "")
    if b"\x00" in unquote_to_bytes(head.path) + unquote_to_bytes(head.query):
        return _malformed("The address of a request must have no NUL character.")
    return None


def _length(head: Head, limit: int) -> Refusal | None:
    """Refuse by the length that a request states, before its body is read."""
    return too_large(limit) if any(len(n) > 15 or int(n) > limit for n in head.all("content-length")) else None


def _malformed(message: str) -> Refusal:
    return Refusal(400, "malformed-request", message, "Send the request as HTTP/1.1 describes it (RFC 9112).")
