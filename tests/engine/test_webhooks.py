"""Webhooks: off by default, signed, in order, at least once, to allowed hosts at public addresses alone."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from benchmarks.processes import Worker
from labelwright.engine.webhooks import told
from labelwright.engine.webhooks.delivering import deliver
from labelwright.engine.webhooks.reach import Reach, may_reach
from labelwright.store import tables as t
from labelwright.store.record.decisions import RuleVerdict, VerdictReached
from labelwright.store.record.drift import DriftFound
from labelwright.store.record.reasons import Reason
from tests.conftest import make_api, make_site

ALL = ["label", "round", "verdict", "drift"]
HERE = Reach(frozenset({"127.0.0.1", "localhost", "hooks.test"}), private=True)


@dataclass
class Receiver:
    """A receiver that keeps what came, and answers by a plan: statuses, or 0 to close without an answer."""

    port: int = 0
    plan: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/in?key=k"

    def ids(self) -> list[str]:
        """Ids of what came, in order."""
        return [json.loads(body)["id"] for _, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An HTTP server in this process."""
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.got.append((dict(self.headers), body))
            made.paths.append(self.path)
            status = made.plan.pop(0) if made.plan else 204
            if status:
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", f"http://127.0.0.1:{made.port}/elsewhere")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with listening(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as made.port:
        yield made


@contextmanager
def allowing(trained: Any, hosts: str) -> Iterator[Any]:
    """A prepared project on a site whose owner allows these hosts of this machine."""
    site = make_site(trained.home)
    object.__setattr__(site.settings, "webhook_hosts", hosts)
    object.__setattr__(site.settings, "webhook_private", True)
    trained.api = make_api(site)
    yield trained
    site.close()


@contextmanager
def listening(server: ThreadingHTTPServer) -> Iterator[int]:
    """Serve from a thread; the port."""
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def hooked(trained: Any) -> Iterator[Any]:
    """A prepared project on a site whose owner allows this machine."""
    with allowing(trained, "127.0.0.1,hooks.test") as ready:
        yield ready


def put(hooked: Any, url: str, kinds: list[str] = ALL) -> Any:
    """Set a webhook over HTTP."""
    return hooked.api.client.put(
        "/api/v1/projects/topics/webhooks", json={"url": url, "kinds": kinds}, headers=hooked.api.headers
    )


def label(hooked: Any, n: int = 1) -> None:
    """Answer n items."""
    for lease in hooked.api.queue("topics", n=n):
        assert hooked.api.answer("topics", lease, hooked.right(lease)).status_code == 201


def try_now(hooked: Any) -> None:
    """As if the pause were over."""
    with hooked.store.stage() as rows:
        rows.update(t.webhook, next_at=0.0)
    deliver(hooked.store, HERE)


def test_bodies_are_signed_and_hold_ids_and_figures_alone(hooked: Any, receiver: Receiver, train: Any) -> None:
    made = put(hooked, receiver.url)
    assert made.status_code == 200, made.text
    secret = made.json()["secret"]
    listed = hooked.api.get("/projects/topics/webhooks").json()
    assert listed["items"][0]["secret"] is None and secret not in json.dumps(listed)
    label(hooked, 12)
    assert hooked.api.post("/projects/topics/rounds", {"hypothesis": "short ones are hard"}).status_code == 201
    train(hooked.site)
    while deliver(hooked.store, HERE):
        pass
    kinds = [json.loads(body)["kind"] for _, body in receiver.got]
    assert kinds.count("annotation") == 12 and "round.started" in kinds
    seqs = [json.loads(body)["seq"] for _, body in receiver.got]
    assert seqs == sorted(set(seqs))
    for headers, body in receiver.got:
        stamp, _, given = headers["Labelwright-Signature"].partition(",v1=")
        at = stamp.removeprefix("t=")
        assert abs(int(at) - time.time()) < 120
        assert given == hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        assert headers["Labelwright-Delivery"] == json.loads(body)["id"]
        text = body.decode()
        for secretive in ("sport", "l_1", "t0", "short ones", "@", "reserve", "topics", "the team"):
            assert secretive not in text, text
    assert receiver.paths[0] == "/in?key=k"


def test_a_receiver_that_fails_loses_nothing_and_progress_tells(hooked: Any, receiver: Receiver) -> None:
    put(hooked, receiver.url, ["label"])
    receiver.plan[:] = [500, 0, 302]
    label(hooked, 3)
    deliver(hooked.store, HERE)
    deliver(hooked.store, HERE)
    assert len(receiver.got) == 1  # it rests after a failure
    (hook,) = hooked.api.get("/projects/topics/webhooks").json()["items"]
    assert hook["reason"] == "the answer was 500" and hook["waiting_since"]
    warnings = hooked.api.get("/projects/topics/progress").json()["warnings"]
    assert any("127.0.0.1" in said and "the answer was 500" in said and "key=k" not in said for said in warnings)
    with hooked.store.read() as rows:
        first = float(rows.scalar(rows.select(t.webhook.c.next_at))) - time.time()
    try_now(hooked)
    with hooked.store.read() as rows:
        second = float(rows.scalar(rows.select(t.webhook.c.next_at))) - time.time()
    assert 3 < first < 5.1 and 8 < second < 10.1
    try_now(hooked)
    assert hooked.api.get("/projects/topics/webhooks").json()["items"][0]["reason"] == "the answer was 302"
    try_now(hooked)
    ids = receiver.ids()
    assert len(set(ids)) == 3 and ids[:4] == [ids[0]] * 4  # the first one was sent until it was taken
    assert "/elsewhere" not in receiver.paths
    assert hooked.api.get("/projects/topics/webhooks").json()["items"][0]["waiting_since"] is None
    assert not [said for said in hooked.api.get("/projects/topics/progress").json()["warnings"] if "webhook" in said]


def test_two_workers_do_not_send_at_the_same_time(hooked: Any, receiver: Receiver) -> None:
    put(hooked, receiver.url, ["label"])
    label(hooked, 6)
    threads = [threading.Thread(target=deliver, args=(hooked.store, HERE)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receiver.ids()) == 6 and receiver.ids() == sorted(
        receiver.ids(), key=lambda one: int(one.rpartition("-")[2])
    )


def test_a_kind_that_is_not_asked_for_is_not_told_later(hooked: Any, receiver: Receiver) -> None:
    put(hooked, receiver.url, ["round"])
    label(hooked, 2)
    deliver(hooked.store, HERE)
    assert receiver.got == [] and put(hooked, receiver.url, ["label"]).json()["secret"] is None
    label(hooked, 1)
    deliver(hooked.store, HERE)
    assert len(receiver.got) == 1
    (hook,) = hooked.api.get("/projects/topics/webhooks").json()["items"]
    gone = hooked.api.client.delete(f"/api/v1/projects/topics/webhooks/{hook['id']}", headers=hooked.api.headers)
    assert gone.status_code == 204
    label(hooked, 1)
    deliver(hooked.store, HERE)
    assert len(receiver.got) == 1
    with hooked.store.read() as rows:
        told = [json.loads(e.body)["data"] for e in hooked.store.events(rows, kinds=("webhook",))]
    assert [one["kinds"] for one in told] == [["round"], ["label"], []] and {one["host"] for one in told} <= {
        "127.0.0.1", f"127.0.0.1:{receiver.port}"
    }  # fmt: skip
    assert "key=k" not in json.dumps(told)


def test_they_are_off_by_default(trained: Any, receiver: Receiver) -> None:
    refused = put(trained, receiver.url)
    assert refused.status_code == 403 and "webhook_hosts" in refused.json()["hint"]
    assert trained.api.get("/projects/topics/webhooks").json() == {"items": [], "hosts": []}


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://elsewhere.example.org/", 403), ("https://127.0.0.1.evil.org/", 403), ("ftp://hooks.test/", 422),
        ("https://ann:pw@hooks.test/", 422), ("https://hooks.test/#a", 422), ("https://hooks.test/a b", 422),
        ("https://hooks.test:99999/", 422), ("nonsense", 422), ("https://hooks.test\r\nHost: x/", 422),
        ("https://hooks.test@evil.org/", 422),
    ],
)  # fmt: skip
def test_an_address_must_be_allowed(hooked: Any, url: str, status: int) -> None:
    assert put(hooked, url).status_code == status


def test_only_leads_set_them(hooked: Any, receiver: Receiver) -> None:
    other = hooked.api.as_role("annotator")
    for said in (
        other.get("/projects/topics/webhooks"),
        hooked.api.as_role("auditor").get("/projects/topics/webhooks"),
    ):
        assert said.status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1",
        "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:a00:1::",
        "fec0::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_never_reached(address: str) -> None:
    assert not may_reach(address, Reach())


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_one_is(address: str) -> None:
    assert may_reach(address, Reach())


def test_link_local_is_never_reached_even_where_private_ones_are() -> None:
    said = [may_reach(one, HERE) for one in ("10.0.0.1", "::1", "169.254.169.254", "fe80::1", "64:ff9b::a9fe:a9fe")]
    assert said == [True, True, False, False, False]


def test_the_address_that_was_checked_is_the_one_connected_to(
    hooked: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere when it is asked a second time: it is asked once, and every address counts."""
    asked: list[str] = []
    answers = [["93.184.215.14", "127.0.0.1"], ["127.0.0.1"]]
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *more: Any, **options: Any) -> Any:
        if host != "hooks.test":
            return real(host, port, *more, **options)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in answers[min(len(asked), 2) - 1]]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert put(hooked, f"http://hooks.test:{receiver.port}/", ["label"]).status_code == 200
    label(hooked, 1)
    deliver(hooked.store, Reach(HERE.hosts, private=False))  # http is not allowed any more
    assert "https" in hooked.api.get("/projects/topics/webhooks").json()["items"][0]["reason"]
    assert asked == [] and receiver.got == []
    with hooked.store.stage() as rows:
        rows.update(t.webhook, next_at=0.0, url=f"https://hooks.test:{receiver.port}/")
    deliver(hooked.store, Reach(HERE.hosts, private=False))
    assert "not public" in hooked.api.get("/projects/topics/webhooks").json()["items"][0]["reason"]
    assert len(asked) == 1 and receiver.got == []
    with hooked.store.stage() as rows:
        rows.update(t.webhook, next_at=0.0, url=f"http://hooks.test:{receiver.port}/")
    deliver(hooked.store, HERE)
    assert len(asked) == 2 and receiver.got[0][0]["Host"] == f"hooks.test:{receiver.port}"


def test_no_body_of_a_lived_project_holds_content(lived: Any) -> None:
    """Every event that may be told, with an alarm whose figures name a column and an item."""
    alarm = DriftFound(
        "dr_1", "columns", "q_1", 2, "t007", {"p": 0.01, "column": "salary", "shifted": ["salary"], "n": 9}
    )
    with lived.store.write() as transaction:
        transaction.record(alarm, actor="system")
    with lived.store.read() as rows:
        events = list(lived.store.events(rows, kinds=told.events_of(ALL)))
        bodies = [told.body_of(lived.store.project_id, event).decode() for event in events]
    assert {event.kind for event in events} >= {"annotation", "round.started", "round.ended", "drift.found"}
    assert json.loads(bodies[-1])["data"]["figures"] == {"p": 0.01, "n": 9}
    for body in bodies:
        for secretive in (
            "sport",
            "l_1",
            '"t0',
            "salary",
            "doubt helps",
            "@",
            "reserve",
            "reopen",
            "repeat",
            "topics",
            "p_",
        ):
            assert secretive not in body, body


def test_a_verdict_is_told_by_its_figures(lived: Any) -> None:
    verdict = RuleVerdict("plateau", True, 0.01, 0.02, Reason("text", {"text": "as Ann said"}))
    with lived.store.write() as transaction:
        event = transaction.record(VerdictReached(3, "q_1", (verdict,), None), actor="system")
    data = json.loads(told.body_of(lived.store.project_id, event))["data"]
    assert data == {
        "cycle": 3, "question": "q_1",
        "verdicts": [{"rule": "plateau", "stop": True, "value": 0.01, "limit": 0.02}],
    }  # fmt: skip


@pytest.mark.slow
def test_the_worker_delivers(hooked: Any, receiver: Receiver) -> None:
    put(hooked, receiver.url, ["label"])
    label(hooked, 2)
    with Worker(hooked.home, LABELWRIGHT_WEBHOOK_HOSTS="127.0.0.1", LABELWRIGHT_WEBHOOK_PRIVATE="on"):
        until = time.monotonic() + 60
        while len(receiver.got) < 2 and time.monotonic() < until:
            time.sleep(0.1)
    assert len(receiver.got) == 2
