"""How the client of Label Studio's API speaks, against a server that answers as the documentation says."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from labelwright.bridges.label_studio import AwayError, Peer
from labelwright.errors import InputError

PERSONAL = "header.payload.signature"


class Answers:
    """What the server answers, in order, and what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.plan: list[tuple[int, object]] = []
        self.seen: list[tuple[str, str | None]] = []


@pytest.fixture
def answers() -> Iterator[Answers]:
    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            made.seen.append((f"{self.command} {self.path.partition('?')[0]}", self.headers.get("Authorization")))
            status, body = made.plan.pop(0)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = _reply  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Answers(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def test_a_personal_token_buys_short_ones_and_a_legacy_token_is_sent_as_it_is(answers: Answers) -> None:
    users = [{"id": 1, "email": "ann@example.com"}]
    answers.plan = [(200, {"access": "a1"}), (200, users), (401, {}), (200, {"access": "a2"}), (200, users)]
    peer = Peer(answers.url, PERSONAL)
    assert peer.users() == peer.users() == {1: "ann@example.com"}
    assert [said for _, said in answers.seen] == [None, "Bearer a1", "Bearer a1", None, "Bearer a2"]
    answers.plan, answers.seen = [(200, users)], []
    Peer(answers.url, "legacy").users()
    assert answers.seen == [("GET /api/users/", "Token legacy")]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_passing_faults_are_waited_for(answers: Answers, status: int) -> None:
    answers.plan = [(status, {})]
    with pytest.raises(AwayError):
        Peer(answers.url, "legacy").users()


@pytest.mark.parametrize("status", [302, 401, 403])
def test_a_refusal_and_a_redirect_end_it_without_the_token(answers: Answers, status: int) -> None:
    answers.plan = [(status, {"detail": "no"})]
    peer = Peer(answers.url, "legacy-secret")
    with pytest.raises(InputError) as refused:
        peer.users()
    assert "legacy-secret" not in str(refused.value) + repr(peer) and len(answers.seen) == 1


def test_what_is_gone_is_fine_and_a_dead_address_is_away(answers: Answers) -> None:
    answers.plan = [(404, {}), (404, {}), (404, {})]
    peer = Peer(answers.url, "legacy")
    assert peer.task(1) is None and peer.project(1) is None
    peer.withdraw(1)
    with pytest.raises(AwayError, match="does not answer"):
        Peer("http://127.0.0.1:9", "legacy").users()
    for token in ("", "two words", "é"):
        with pytest.raises(InputError):
            Peer(answers.url, token)
