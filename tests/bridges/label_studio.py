"""A real Label Studio, started from its package, and its people."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

LEAD, PASSWORD = "lead@example.com", "A-long-password-1"
TOKEN = "0123456789abcdef0123456789abcdef01234567"
START_SECONDS = 240.0


@dataclass
class User:
    """Somebody signed in to Label Studio by a legacy token."""

    url: str
    token: str
    id: int = 0

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """One request; the parsed answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            content = response.read()
        return json.loads(content) if content else None

    def next_task(self, project: int) -> dict[str, Any] | None:
        """What the screen of Label Studio would show next; None if nothing."""
        try:
            return dict(self.ask("GET", f"/api/projects/{project}/next"))
        except urllib.error.HTTPError as error:
            assert error.code == 404
            return None

    def annotate(self, task: int, question: str, label: str, *, seconds: float = 2.5) -> int:
        """Answer a task; the id of the annotation."""
        body = {"result": choice(question, label), "lead_time": seconds}
        return int(self.ask("POST", f"/api/tasks/{task}/annotations/", body)["id"])

    def change(self, annotation: int, question: str, label: str) -> None:
        """Change an annotation."""
        self.ask("PATCH", f"/api/annotations/{annotation}/", {"result": choice(question, label)})

    def skip(self, task: int) -> int:
        """Skip a task."""
        body = {"result": [], "was_cancelled": True}
        return int(self.ask("POST", f"/api/tasks/{task}/annotations/", body)["id"])

    def delete(self, annotation: int) -> None:
        """Delete an annotation."""
        self.ask("DELETE", f"/api/annotations/{annotation}/")


def choice(question: str, *labels: str) -> list[dict[str, Any]]:
    """The result of choosing labels for a text."""
    return [{"from_name": question, "to_name": "text", "type": "choices", "value": {"choices": list(labels)}}]


@dataclass
class LabelStudio:
    """The process, on a folder of its own."""

    executable: str
    folder: Path
    port: int = field(default_factory=lambda: _free_port())
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> LabelStudio:
        """Begin, and return once it answers."""
        environment = {
            **os.environ, "LABEL_STUDIO_BASE_DATA_DIR": str(self.folder), "COLLECT_ANALYTICS": "False",
            "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true", "LATEST_VERSION_CHECK": "false", "SENTRY_DSN": "",
        }  # fmt: skip
        environment.pop("PYTHONPATH", None)
        self.process = subprocess.Popen(
            [
                self.executable, "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(self.port),
                "--username", LEAD, "--password", PASSWORD, "--user-token", TOKEN,
            ],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=5):
                    return self
            except OSError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise RuntimeError("Label Studio did not start.") from None
                time.sleep(0.5)

    def kill(self) -> None:
        """End it at once, with the processes that it started."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def lead(self) -> User:
        """The first user."""
        return _known(User(self.url, TOKEN))

    def person(self, email: str) -> User:
        """Sign somebody up by an invitation, as the page does."""
        invitation = self.url + self.lead().ask("GET", "/api/invite")["invite_url"]
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        page = browser.open(invitation).read().decode()
        found = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)
        assert found is not None
        form = {"csrfmiddlewaretoken": found.group(1), "email": email, "password": PASSWORD, "how_find_us": ""}
        browser.open(invitation, urlencode({**form, "allow_newsletters": "false"}).encode())
        token = json.loads(browser.open(f"{self.url}/api/current-user/token").read())["token"]
        return _known(User(self.url, token))


def _known(user: User) -> User:
    user.id = int(user.ask("GET", "/api/current-user/whoami")["id"])
    return user


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
