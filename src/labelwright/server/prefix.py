"""The path below which the site is served behind a proxy, such as `/labelwright`: a layer around the application."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from labelwright.services.site.settings import Settings


def prefix_of(settings: Settings) -> str:
    """The path of the address that people use, without a slash at its end; "" where there is none.

    >>> prefix_of(Settings(base_url="https://ml.example.com/labelwright/"))
    '/labelwright'
    >>> prefix_of(Settings())
    ''
    """
    return urlsplit(settings.base_url or "").path.rstrip("/")


class Prefix:
    """Takes the prefix off a request's path, whether or not the proxy has done so already."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app, self._prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        path = scope.get("path", "")
        if scope["type"] == "http" and (path == self._prefix or path.startswith(f"{self._prefix}/")):
            raw = scope.get("raw_path") or path.encode("utf-8", "surrogateescape")
            scope = {
                **scope, "path": path[len(self._prefix) :] or "/", "raw_path": raw[len(self._prefix) :] or b"/",
            }  # fmt: skip
        await self.app(scope, receive, send)
