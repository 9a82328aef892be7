"""Where a webhook may go: hosts that the owner named, at public addresses, checked at each delivery.

A name is resolved once for each delivery, all its addresses are checked, and the connection goes to the address that
was checked, so that a name that changes its address between the two reaches nothing. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from labelwright.check import complain
from labelwright.errors import ForbiddenError, InputError

TIMEOUT: Final = 10.0  # of each step
TOTAL: Final = 30.0
MAX_URL: Final = 2000
NAT64: Final = ip_network("64:ff9b::/96")
NAT64_LOCAL: Final = ip_network("64:ff9b:1::/48")


@dataclass(frozen=True)
class Reach:
    """What the owner of the site allows.

    Parameters
    ----------
    hosts : frozenset of str
        Lower-case names; none turns webhooks off.
    private : bool
        Whether private addresses and http without TLS are allowed too.
    """

    hosts: frozenset[str] = frozenset()
    private: bool = False


@dataclass(frozen=True)
class Target:
    """An address taken apart."""

    scheme: str
    host: str
    port: int
    path: str


def reach_of(hosts: str | None, private: bool) -> Reach:
    """From the settings.

    >>> sorted(reach_of("Hooks.example.org, 10.0.0.5", False).hosts)
    ['10.0.0.5', 'hooks.example.org']
    """
    return Reach(frozenset(part.strip().lower() for part in (hosts or "").split(",") if part.strip()), private)


def target_of(url: str, reach: Reach) -> Target:
    """Take an address apart.

    Raises
    ------
    ForbiddenError
        If the owner has not allowed its host.
    InputError
        If it is no address, or neither https nor allowed to do without.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        host, port = "", None
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= MAX_URL
    if not host or not is_plain or parts.scheme not in ("http", "https") or parts.fragment:
        raise complain("webhooks", "url", "an address such as 'https://hooks.example.org/labels'", repr(url[:200]))
    if parts.username or parts.password:
        raise InputError("webhooks: url must be without a name or password in it.", "The signature proves the sender.")
    if host not in reach.hosts:
        raise ForbiddenError(
            f"webhooks: the host '{host}' is not among those that the owner of this site allows.",
            "The owner adds it to the setting webhook_hosts.",
        )
    if parts.scheme == "http" and not reach.private:
        raise InputError("webhooks: url must begin with https.", "Or the owner turns the setting webhook_private on.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def may_reach(address: str, reach: Reach) -> bool:
    """Whether an address may be connected to.

    >>> [may_reach(a, Reach()) for a in ("93.184.215.14", "10.0.0.1", "127.0.0.1", "::ffff:10.0.0.1")]
    [True, False, False, False]
    >>> [may_reach(a, Reach(private=True)) for a in ("10.0.0.1", "169.254.169.254", "0.0.0.0")]
    [True, False, False]
    """
    ip = _innermost(ip_address(address.partition("%")[0]))
    if ip.is_multicast or ip.is_unspecified or ip.is_link_local:
        return False
    if reach.private and (ip.is_private or ip.is_loopback):
        return True
    return ip.is_global and not ip.is_reserved and not (isinstance(ip, IPv6Address) and ip.is_site_local)


def _innermost(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address leads to, where it does."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in NAT64 or ip in NAT64_LOCAL:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or ip


def addresses(target: Target, reach: Reach) -> list[str]:
    """The addresses of a host; one that may not be reached forbids them all.

    Raises
    ------
    OSError
        If the name has none now.
    ForbiddenError
        If one of them may not be reached.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    listed = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if any(not may_reach(address, reach) for address in listed):
        raise ForbiddenError(
            f"webhooks: '{target.host}' leads to an address that is not public.",
            "The owner may allow it by the setting webhook_private.",
        )
    return listed


def post(target: Target, address: str, body: bytes, headers: dict[str, str]) -> int:
    """Send a body to an address that was checked; the status of the answer, whose body is not read.

    Raises
    ------
    OSError, http.client.HTTPException
        If nothing answers, or not in HTTP, or the certificate is not that of the host.
    """
    connection: _PlainPinned | _Pinned
    if target.scheme == "https":
        connection = _Pinned(target.host, target.port, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        connection = _PlainPinned(target.host, target.port, timeout=TIMEOUT)
    connection.address = address
    deadline = threading.Timer(TOTAL, _cut, [connection])  # for a receiver that answers a byte now and then
    deadline.start()
    try:
        connection.request("POST", target.path, body, {**headers, "Connection": "close"})
        return connection.getresponse().status
    finally:
        deadline.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError):
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)


class _PlainPinned(http.client.HTTPConnection):
    """Connects to a given address, whatever the name leads to by now."""

    address = ""

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)


class _Pinned(http.client.HTTPSConnection):
    """The same with TLS, where the certificate must be that of the name."""

    address = ""

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)  # type: ignore[attr-defined]
