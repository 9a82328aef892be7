"""The web app's files, and its entry page for every path that is no file and no route of the API."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from pathlib import Path

from fastapi import Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from labelwright.server import problems
from labelwright.server.permissions import TheSite, need
from labelwright.server.prefix import prefix_of
from labelwright.services.people.roles import ANYONE

UI = Path(__file__).parent.parent / "ui"


def web_app(path: str, request: Request, site: TheSite, _: None = need(ANYONE)) -> Response:
    """A file of the web app, or its entry page for every other path."""
    target = _file_of(path)
    if target is not None:
        cache = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
        return FileResponse(target, headers={"Cache-Control": cache})
    index = UI / "index.html"
    if not index.exists():
        return problems.problem(
            request, 503, "no-web-app", "The web app was not built into this installation.", "The API works without it."
        )
    prefix = prefix_of(site.settings) if site else ""
    page = _entry_page(index, index.stat().st_mtime_ns, prefix)
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


@lru_cache(maxsize=4)
def _entry_page(index: Path, _changed_at: int, prefix: str) -> str:
    """The entry page, in which addresses of files are those that the browser asks for on whatever page it begins."""
    page = index.read_text("utf-8").replace('="./', f'="{prefix}/')
    return page.replace("<head>", f'<head>\n    <meta name="labelwright-base" content="{escape(prefix)}" />', 1)


def _file_of(path: str) -> Path | None:
    target = (UI / path).resolve()
    try:
        return target if path and target.is_relative_to(UI) and target.is_file() else None
    except OSError:  # a name that no file can have
        return None
