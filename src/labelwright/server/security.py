"""One ASGI layer around everything: refusals, request id, security headers, the last resort, one log line a request."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from labelwright.errors import TooLargeError
from labelwright.server.problems import answer_of
from labelwright.server.refusals import Head, Refusal, refusal, too_large

log = logging.getLogger("labelwright.access")

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
MAX_BODY = 16 * 1024 * 1024
UNEXPECTED = Refusal(
    500, "internal", "Something went wrong on our side; nothing that was acknowledged is lost.",
    "Try again. If it stays, run 'labelwright doctor --bundle' and report it with this request id.",
)  # fmt: skip
_PROJECT = re.compile(r"^/api/v1/projects/([a-z0-9-]{1,64})")
_ROUND = re.compile(r"/rounds/([\w-]+)")


class Security:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...], max_upload: int) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)
        self.max_upload = max_upload + MAX_BODY  # the parts' headers come on top

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.max_upload if scope["path"].startswith("/api/v1/uploads") else MAX_BODY
        await _Exchange(scope, receive, send, limit).run(self.app, self.hosts)


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        self._scope, self._receive, self._send, self._limit = scope, receive, send, limit
        self._id = secrets.token_hex(8)
        self._received, self._status = 0, 0

    async def run(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        """Answer, whatever happens, and log it."""
        scope, started = self._scope, time.perf_counter()
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state["request_id"] = self._id
        raw_path = scope.get("raw_path") or scope["path"].encode("utf-8", "surrogateescape")
        refused = refusal(Head.of(raw_path, scope["query_string"], scope["headers"]), hosts, self._limit)
        try:
            if refused:
                await self._refuse(refused)
            else:
                await app(scope, self._receive_within_limit, self._answer)
        except Exception as error:
            logging.getLogger("labelwright.server").exception("unexpected error", extra={"request": self._id})
            if self._status:
                raise ConnectionAbortedError(f"the answer broke off: {type(error).__name__}") from None
            await self._refuse(UNEXPECTED)
        finally:
            self._log(round((time.perf_counter() - started) * 1000, 1))

    async def _receive_within_limit(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > self._limit:
            raise TooLargeError(f"A request may have {self._limit:,} bytes at most.", "Send less at once.")
        return message

    async def _answer(self, message: Message) -> None:
        """Whatever the application makes of a body that was cut off, the answer is that it was too large."""
        if self._received <= self._limit:
            await self._send_on(message)
        elif not self._status:
            await self._refuse(too_large(self._limit))

    async def _refuse(self, refused: Refusal) -> None:
        reply = answer_of(refused.status, refused.code, refused.message, refused.hint, self._id)
        if refused.status == 400:  # where the next request begins is not certain
            reply.headers["Connection"] = "close"
        await reply(self._scope, self._receive, self._send_on)

    async def _send_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            out = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                out.setdefault(name, value)
            out["X-Request-ID"] = self._id
        await self._send(message)

    def _log(self, ms: float) -> None:
        path = self._scope["path"]
        project, round_ = _PROJECT.match(path), _ROUND.search(path)
        log.info(
            "request",
            extra={
                "request": self._id, "method": self._scope["method"], "route": _route(self._scope),
                "status": self._status or 500, "project": project[1] if project else None,
                "round": round_[1] if round_ else None, "ms": ms,
            },
        )  # fmt: skip


def _route(scope: Scope) -> str:
    route = scope.get("route")
    return getattr(route, "path", "") or "-"
