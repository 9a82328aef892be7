"""A real server process on a copy of a prepared home, and a proxy that loses what passes through it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest

from benchmarks.processes import Server, make_people
from tests.conftest import Prepared


@dataclass
class Served:
    """A server, the truth by key, and tokens of a lead and an annotator."""

    server: Server
    home: Path
    truth: dict[str, str]
    lead: str
    annotator: str


@pytest.fixture
def served(trained_once: Prepared, tmp_path: Path) -> Iterator[Served]:
    """``labelwright serve`` without a worker on the project "topics"."""
    home = tmp_path / "home"
    shutil.copytree(trained_once.home, home)
    (lead,), (annotator,) = make_people(home, 1, "admin"), make_people(home, 1)
    with Server(home, worker=False) as server:
        yield Served(server, home, trained_once.truth, lead, annotator)


@dataclass
class Proxy:
    """Passes requests on to where ``upstream`` says, and does to answers what ``plan`` says, one entry a request.

    "pass" passes, "lose-request" closes before the server sees it, "lose-reply" closes after the server has replied,
    "half-reply" breaks the reply off, "busy" and "limited" answer 503 and 429 themselves.
    """

    upstream: Callable[[], str]
    plan: list[str] = field(default_factory=list)
    seen: list[tuple[str, bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def next_of(self, path: str, body: bytes) -> str:
        """What happens to this request."""
        if not path.endswith("/annotations"):
            return "pass"
        what = self.plan.pop(0) if self.plan else "pass"
        self.seen.append((what, body))
        return what


@pytest.fixture
def proxied(served: Served) -> Iterator[tuple[Proxy, str]]:
    """A proxy before the server, and its address."""
    proxy = Proxy(lambda: served.server.url)

    class Handler(BaseHTTPRequestHandler):
        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            what = proxy.next_of(self.path, body)
            self.close_connection = True
            if what == "lose-request":
                return
            if what in ("busy", "limited"):
                self._reply(503 if what == "busy" else 429, b"<html>", {"Retry-After": "0"})
                return
            headers = {k: v for k, v in self.headers.items() if k.lower() in ("authorization", "content-type")}
            try:
                said = httpx2.request(
                    self.command, proxy.upstream() + self.path, content=body, headers=headers, timeout=30
                )
            except httpx2.TransportError:
                return
            if what != "pass":
                proxy.statuses.append(said.status_code)
            if what == "lose-reply":
                return
            self._reply(said.status_code, said.content, dict(said.headers), half=what == "half-reply")

        def _reply(self, status: int, content: bytes, headers: dict[str, str], half: bool = False) -> None:
            self.send_response(status)
            for name in ("content-type", "Retry-After", "x-findings"):
                if name in headers:
                    self.send_header(name, headers[name])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if half else content)

        do_GET = do_POST = do_PUT = do_DELETE = _pass  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        yield proxy, f"http://127.0.0.1:{listening.server_address[1]}"
        listening.shutdown()
        thread.join()
