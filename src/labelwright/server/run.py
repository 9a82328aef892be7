"""Run the server, with a supervised worker beside it."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from typing import Any
from urllib.parse import urlsplit

import click
import uvicorn
from fastapi import FastAPI

from labelwright.pauses import Pauses
from labelwright.server.app import create_app
from labelwright.server.backups import BackupSchedule
from labelwright.server.logs import set_up
from labelwright.server.protocol import Protocol, raise_file_limit
from labelwright.server.web_app import UI
from labelwright.services.people.users import ensure_admin
from labelwright.services.record.receipts import Daily
from labelwright.services.site import Site
from labelwright.services.steering import counting

log = logging.getLogger("labelwright.server")
PAUSES = Pauses(first=0.5, longest=30.0)  # after a worker that died
LIVED_SECONDS = 60.0  # from which a death is the first one again
SWITCH_SECONDS = 0.0005  # a thread that comes back from the database waits no longer for one that computes


def serve(
    site: Site, *, host: str = "127.0.0.1", port: int = 8000, worker: bool = True, open_at: str | None = None
) -> None:
    """Serve until stopped.

    Parameters
    ----------
    open_at : str, optional
        A path to open in the browser once the server answers.
    """
    set_up(site.settings.log_level, str(_log_file(site, "server")))
    raise_file_limit()
    sys.setswitchinterval(SWITCH_SECONDS)
    with _bind(host, port) as listener:
        port = listener.getsockname()[1]
        base = (site.settings.base_url or "").rstrip("/") or f"http://{_shown(host)}:{port}"
        _, secret = ensure_admin(site)
        link = f"{base}/link#{secret}" if secret else base
        app = create_app(site, hosts=_hosts(site, host))
        counting.begin(site)
        server = uvicorn.Server(configured(site, app))
        supervisor, receipts = Supervisor(site) if worker else None, Daily(site)
        if supervisor:
            supervisor.start()
        backups = BackupSchedule(site)
        backups.start()
        receipts.start()
        signal.signal(signal.SIGTERM, _leave)  # the server raises it again when it has shut down
        try:
            click.echo(f"Labelwright serves {site.settings.home} at {base}")
            click.echo(f"Sign in: {link}" if secret else f"Open: {base}")
            if not (UI / "index.html").exists():
                click.echo("The web app was not built into this installation; the API works.", err=True)
            if host not in ("127.0.0.1", "localhost", "::1") and not site.settings.base_url:
                click.echo("Set LABELWRIGHT_BASE_URL to the address that people use, or they are refused.", err=True)
            sys.stdout.flush()
            if open_at is not None:
                target = f"{link}" if secret else f"{base}{open_at}"
                threading.Thread(target=_open_when_ready, args=(base, target), daemon=True).start()
            server.run(sockets=[listener])
        finally:
            backups.stop()
            receipts.stop()
            if supervisor:
                supervisor.stop()


def configured(site: Site, app: FastAPI) -> uvicorn.Config:
    """How the site is served. Who asks is told by the connection, unless a trusted proxy says otherwise."""
    trusted = site.settings.trusted_proxies
    return uvicorn.Config(
        app, http=Protocol, log_config=None, access_log=False, timeout_graceful_shutdown=3, server_header=False,
        proxy_headers=trusted is not None, forwarded_allow_ips=trusted or "",
    )  # fmt: skip


class Supervisor:
    """Keeps one worker process alive; restarts it with growing pauses if it dies at once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the worker and wait for it; what it was doing goes on at the next start."""
        self._stop.set()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._thread.join(5)

    def _watch(self) -> None:
        n_deaths = 0
        while not self._stop.is_set():
            started = time.monotonic()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "labelwright", "worker", "--log", str(_log_file(self._site, "worker"))],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            while self._process.poll() is None:
                if self._stop.wait(0.2):
                    return
            log.error("worker died", extra={"exit": self._process.returncode})
            n_deaths = 1 if time.monotonic() - started > LIVED_SECONDS else n_deaths + 1
            self._stop.wait(PAUSES.after(n_deaths))

    def _environment(self) -> dict[str, str]:
        settings = self._site.settings
        environment = {**os.environ, "LABELWRIGHT_HOME": str(settings.home), "LABELWRIGHT_PARENT": str(os.getpid())}
        if settings.database_url:
            environment["LABELWRIGHT_DATABASE_URL"] = settings.database_url
        return environment


def _leave(*_: Any) -> None:
    raise SystemExit(0)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sends a body at once; else it waits 40 ms until the client confirms the head.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise click.ClickException(
            f"cannot listen on {host}:{port} ({error.strerror}); choose another --port."
        ) from error
    return listener


def _hosts(site: Site, host: str) -> tuple[str, ...]:
    base = urlsplit(site.settings.base_url).hostname if site.settings.base_url else None
    return tuple(
        {"localhost", "127.0.0.1", "[::1]", *((base,) if base else ()), *(() if host == "0.0.0.0" else (host,))}
    )


def _shown(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "") else f"[{host}]" if ":" in host else host


def _log_file(site: Site, name: str) -> str:
    folder = site.settings.home / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder / f"{name}.log")


def _open_when_ready(base: str, target: str) -> None:
    parts = urlsplit(base)
    for _ in range(100):
        try:
            socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 80), 1).close()
            break
        except OSError:
            time.sleep(0.1)
    webbrowser.open(target)
