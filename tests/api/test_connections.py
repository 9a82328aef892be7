"""Connections that send nothing, or little, do not keep others out: against a real server on loopback."""

from __future__ import annotations

import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from labelwright.server.app import create_app
from labelwright.server.protocol import Protocol
from labelwright.server.run import configured

HANGING = 1100
REQUEST = b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
WITHOUT_BODY = (
    b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n"
    b"Expect: 100-continue\r\n\r\n"
)


class Impatient(Protocol):
    """The same with budgets that a test can use up."""

    head_seconds = 0.3
    pause_seconds = 0.3


class Crowded(Protocol):
    """The same where few connections are too many."""

    max_connections = 8


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def status(answer: bytes) -> bytes:
    return answer.partition(b"\r\n")[0].partition(b" ")[2][:3]


def ask(port: int, request: bytes = REQUEST) -> bytes:
    with closing(connect(port)) as client:
        client.sendall(request)
        return status(client.recv(4096))


def is_closed(client: socket.socket) -> bool:
    """Wait for the server to close a connection."""
    try:
        while client.recv(4096):
            pass
    except ConnectionError:
        pass
    except TimeoutError:
        return False
    return True


@contextmanager
def serving(config: uvicorn.Config) -> Iterator[int]:
    """A server in a thread, on a free port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def port(request: pytest.FixtureRequest, site: Any) -> Iterator[int]:
    config = configured(site, create_app(site))
    config.http = getattr(request, "param", Impatient)
    with serving(config) as port:
        yield port


def test_a_head_that_does_not_come_in_time_closes_the_connection(port: int) -> None:
    with closing(connect(port)) as silent, closing(connect(port)) as slow:
        slow.sendall(REQUEST[:20])
        assert is_closed(silent) and is_closed(slow)
    assert ask(port) == b"200"


def test_a_second_head_has_the_same_time(port: int) -> None:
    with closing(connect(port)) as client:
        client.sendall(REQUEST)
        assert status(client.recv(4096)) == b"200"
        client.sendall(REQUEST[:20])
        assert is_closed(client)


def test_a_body_that_stops_coming_closes_the_connection(port: int) -> None:
    with closing(connect(port)) as client:
        client.sendall(WITHOUT_BODY)
        assert status(client.recv(4096)) == b"100"
        client.sendall(b"{")
        assert is_closed(client)


@pytest.mark.parametrize("port", [Crowded], indirect=True, ids=["crowded"])
@pytest.mark.parametrize("sent", [b"", REQUEST[:20], WITHOUT_BODY], ids=["nothing", "half a head", "no body"])
def test_the_connection_that_keeps_the_server_waiting_longest_makes_room(port: int, sent: bytes) -> None:
    with ExitStack() as stack:
        hanging = [stack.enter_context(closing(connect(port))) for _ in range(Crowded.max_connections)]
        for client in hanging:
            client.sendall(sent)
            assert sent != WITHOUT_BODY or status(client.recv(4096)) == b"100"
        assert ask(port) == b"200"
        assert is_closed(hanging[0])


@pytest.mark.parametrize(
    "lengths",
    [b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", b"Content-Length: 2\r\nContent-Length: 3\r\n"],
    ids=["a length and chunks", "two lengths"],
)
def test_a_request_with_two_lengths_is_refused(port: int, lengths: bytes) -> None:
    head = b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with closing(connect(port)) as client:
        client.sendall(head + lengths + b"\r\n0\r\n\r\n" + REQUEST)
        received = b""
        while part := client.recv(4096):
            received += part
    assert status(received) == b"400" and b"HTTP/1.1 200" not in received  # what follows is not another request


def few_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))


@pytest.fixture
def process(tmp_path: Path) -> Iterator[int]:
    """``labelwright serve`` in a process that may have few files open unless it raises the limit."""
    command = ["-m", "labelwright", "--home", str(tmp_path / "home"), "serve", "--port", "0", "--no-worker"]
    served = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True, preexec_fn=few_files)
    assert served.stdout is not None
    try:
        yield int(served.stdout.readline().rsplit(":", 1)[1])
    finally:
        served.terminate()
        served.wait(20)
        served.stdout.close()


def test_others_are_answered_while_many_connections_hang(process: int) -> None:
    with ExitStack() as stack:
        for k in range(HANGING):
            client = stack.enter_context(closing(connect(process)))
            client.sendall(REQUEST[: k % 40])
        assert [ask(process) for _ in range(5)] == [b"200"] * 5
