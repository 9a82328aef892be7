"""Real processes of the product: a server, a worker; started, asked, killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx2

import labelwright

START_SECONDS = 60.0
API = "/api/v1"
Settings = Mapping[str, str]  # of the site, by name, such as ``database_url``
NO_SETTINGS: Settings = MappingProxyType({})


def environment(home: Path, **more: str) -> dict[str, str]:
    """The variables of a child process: this checkout's code, that home, and nobody else's settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LABELWRIGHT_")}
    root = Path(labelwright.__file__).parents[1]
    paths = [str(root), str(Path(__file__).parents[1]), kept.get("PYTHONPATH", "")]
    return {
        **kept, "PYTHONPATH": os.pathsep.join(p for p in paths if p), "LABELWRIGHT_HOME": str(home),
        "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "default", **more,
    }  # fmt: skip


class Process:
    """One child process."""

    def __init__(self, arguments: Sequence[str], home: Path, **more: str) -> None:
        self.arguments, self.home = list(arguments), home
        self._more = more
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> Any:
        """Begin; its output is piped."""
        self.process = subprocess.Popen(
            [sys.executable, *self.arguments], env=environment(self.home, **self._more), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        return self

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """End it at once, as a crash would: SIGKILL."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end."""
        self._end(signal.SIGTERM)

    def wait(self, seconds: float) -> int:
        """Wait until it ended by itself; its exit code."""
        assert self.process is not None
        code = self.process.wait(seconds)
        self._close()
        return code

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._close()

    def _close(self) -> None:
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()

    def __enter__(self) -> Any:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class Server(Process):
    """``labelwright serve`` on a free port."""

    def __init__(self, home: Path, *, worker: bool = True, **more: str) -> None:
        flags = [] if worker else ["--no-worker"]
        super().__init__(["-m", "labelwright", "--home", str(home), "serve", "--port", "0", *flags], home, **more)
        self.url = ""
        self.sign_in = ""

    def start(self) -> Server:
        """Begin, and return once it answers."""
        super().start()
        assert self.process is not None and self.process.stdout is not None
        line = self.process.stdout.readline()
        if " at http" not in line:
            raise RuntimeError(f"the server did not start: {line!r}, exit {self.process.poll()}")
        self.url = line.strip().rpartition(" at ")[2]
        self.sign_in = self.process.stdout.readline().strip()
        until = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(httpx2.TransportError):
                if httpx2.get(self.url + API + "/ready", timeout=5).status_code == 200:
                    return self
            if time.monotonic() > until or not self.is_alive:
                raise RuntimeError(f"the server does not answer at {self.url}")
            time.sleep(0.05)


class Worker(Process):
    """``labelwright worker``."""

    def __init__(self, home: Path, *flags: str, **more: str) -> None:
        super().__init__(["-m", "labelwright", "--home", str(home), "worker", *flags], home, **more)


def variables(settings: Settings) -> dict[str, str]:
    """The variables that give a child process these settings.

    >>> variables({"database_url": "postgresql://host/name"})
    {'LABELWRIGHT_DATABASE_URL': 'postgresql://host/name'}
    """
    return {f"LABELWRIGHT_{name.upper()}": value for name, value in settings.items()}


@contextlib.contextmanager
def opened(home: Path, settings: Settings = NO_SETTINGS) -> Iterator[Any]:
    """The site of a home, in this process."""
    from labelwright.services.site import Site
    from labelwright.services.site.settings import load

    site = Site(load({"home": home, **settings}, environ={}))
    try:
        yield site
    finally:
        site.close()


def make_people(home: Path, n: int, role: str = "annotator", settings: Settings = NO_SETTINGS) -> list[str]:
    """Make n accounts; return a token of each."""
    from labelwright.services.people import users
    from labelwright.services.people.roles import SYSTEM

    tokens = []
    with opened(home, settings) as site:
        for k in range(n):
            email = f"{role}-{k}-{os.urandom(3).hex()}@example.com"
            users.add(site, SYSTEM, email=email, role=role)
            tokens.append(str(users.make_token(site, users.by_email(site, email)).secret))
    return tokens


def make_texts(
    home: Path, slug: str, n: int, *, seed: int = 0, data: Path | None = None, settings: Settings = NO_SETTINGS,
    **plan: Any,
) -> dict[str, str]:  # fmt: skip
    """Make a classification project of n texts; return the label's id by the item's key."""
    import tempfile

    from benchmarks.data import LABELS, write
    from labelwright.services.people import users
    from labelwright.services.projects import create

    ids = {name: f"l_{k}" for k, name in enumerate(LABELS, 1)}
    with opened(home, settings) as site, tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"{slug}.jsonl"
        truth = write(source, n, seed=seed, data=data)
        admin, _ = users.ensure_admin(site)
        draft = create.ProjectDraft(slug, source, questions=(create.QuestionDraft(labels=tuple(LABELS)),), **plan)
        create.create(site, admin, draft)
    return {key: ids[label] for key, label in truth.items()}
