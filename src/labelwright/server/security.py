"""One ASGI layer around everything: Host check, request id, security headers, one log line a request."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from labelwright.errors import TooLargeError

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
_PROJECT = re.compile(r"^/api/v1/projects/([a-z0-9-]{1,64})")
_ROUND = re.compile(r"/rounds/([\w-]+)")


class Security:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...], max_upload: int) -> None:
        self.app = app
        self.hosts = set(hosts)
        self.max_upload = max_upload + MAX_BODY  # the parts' headers come on top

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        request_id = secrets.token_hex(8)
        state: MutableMapping[str, Any] = scope.setdefault("state", {})
        state["request_id"] = request_id
        started, status = time.perf_counter(), 500

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                out = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    out.setdefault(name, value)
                out["X-Request-ID"] = request_id
            await send(message)

        limit = self.max_upload if scope["path"].startswith("/api/v1/uploads") else MAX_BODY
        refusal = self._refusal(scope, headers, request_id) or _too_large(headers, limit, request_id)
        received, answered = 0, False

        async def receive_on() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise TooLargeError(f"A request may have {limit:,} bytes at most.", "Send less at once.")
            return message

        async def answer(message: Message) -> None:
            """Whatever the application makes of a body that was cut off, the answer is that it was too large."""
            nonlocal answered
            if received <= limit:
                await send_on(message)
            elif not answered:
                answered = True
                await _problem_too_large(limit, request_id)(scope, receive, send_on)

        try:
            await (refusal or self.app)(scope, receive_on, send_on if refusal else answer)
        finally:
            path = scope["path"]
            project = _PROJECT.match(path)
            round_ = _ROUND.search(path)
            log.info(
                "request",
                extra={
                    "request": request_id, "method": scope["method"], "route": _route(scope), "status": status,
                    "project": project[1] if project else None, "round": round_[1] if round_ else None,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                },
            )  # fmt: skip

    def _refusal(self, scope: Scope, headers: dict[str, str], request_id: str) -> JSONResponse | None:
        host = re.sub(r":\d+$", "", headers.get("host", ""))
        if host not in self.hosts and "*" not in self.hosts:
            return _problem(
                421, "wrong-host", f"The host '{host}' is not served here.",
                "Set LABELWRIGHT_BASE_URL to the address that people use.", request_id,
            )  # fmt: skip
        return None


def _too_large(headers: dict[str, str], limit: int, request_id: str) -> JSONResponse | None:
    """Refuse by the length that a request states, before its body is read."""
    stated = headers.get("content-length", "")
    too_large = stated.isascii() and stated.isdigit() and (len(stated) > 15 or int(stated) > limit)
    return _problem_too_large(limit, request_id) if too_large else None


def _problem_too_large(limit: int, request_id: str) -> JSONResponse:
    message = f"A request may have {limit:,} bytes at most."
    hint = "Send less at once, use the command line on the server's machine, or raise LABELWRIGHT_MAX_UPLOAD."
    return _problem(413, "too-large", message, hint, request_id)


def _route(scope: Scope) -> str:
    route = scope.get("route")
    return getattr(route, "path", "") or "-"


def _problem(status: int, code: str, message: str, hint: str, request_id: str) -> JSONResponse:
    body = {"code": code, "message": message, "hint": hint, "request_id": request_id}
    return JSONResponse(body, status, media_type="application/problem+json")
