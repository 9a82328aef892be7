"""Requests that no honest client sends are the client's fault: an answer of 4xx, and never of 500."""

from __future__ import annotations

import json
from typing import Any

import pytest

LONG = "9" * 4000
PATHS = {
    "a NUL in a path": "/%00",
    "a NUL in a slug": "/api/v1/projects/%00",
    "a NUL in a query": "/api/v1/users?cursor=%00",
    "a NUL in a search": "/api/v1/projects/topics/items?search=%00",
    "a number beyond 64 bits": f"/api/v1/projects/topics/events?after={2**63}",
    "a cursor of 4,000 digits": f"/api/v1/projects/topics/items?cursor={LONG}",
    "a cursor of own annotations": f"/api/v1/projects/topics/annotations?cursor={2**63}",
    "a digit that is not ASCII": "/api/v1/projects/topics/export?at=%C2%B2",
    "a path of 5,000 characters": "/" + "a" * 5000,
}
BODIES = {
    "a lone surrogate": '{"rows": [{"id": "a", "text": "\\ud800"}]}',
    "a lone surrogate in a name": '{"rows": [{"\\udfff": "a", "text": "some words"}]}',
    "a NUL": '{"rows": [{"id": "a", "text": "some\\u0000words"}]}',
    "depth of 100,000": '{"rows": [{"id": "a", "text": ' + "[" * 100_000 + "]" * 100_000 + "}]}",
    "depth of 500": '{"rows": [{"id": "a", "text": ' + "[" * 500 + "]" * 500 + "}]}",
    "an integer of 5,000 digits": '{"rows": [{"id": ' + "9" * 5000 + ', "text": "some words"}]}',
    "an integer of 4,000 digits": '{"rows": [{"id": ' + LONG + ', "text": "some words"}]}',
    "no number": '{"rows": [{"id": NaN, "text": "some words"}]}',
    "infinity": '{"rows": [{"id": 1e999, "text": "some words"}]}',
    "bytes that are not UTF-8": b'{"rows": [{"id": "\xff", "text": "some words"}]}',
}


def is_a_problem(reply: Any) -> bool:
    body = reply.json()
    return (
        400 <= reply.status_code < 500
        and reply.headers["content-type"] == "application/problem+json"
        and bool(body["code"] and body["message"])
        and body["request_id"] == reply.headers["x-request-id"]
    )


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_odd_addresses(trained: Any, path: str) -> None:
    assert is_a_problem(trained.api.client.get(path, headers=trained.api.headers))


def test_a_name_that_no_file_has_gives_the_entry_page(trained: Any) -> None:
    ordinary = trained.api.client.get("/projects").status_code
    assert trained.api.client.get("/assets/" + "a" * 300).status_code == ordinary < 504


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_odd_json(trained: Any, body: str | bytes) -> None:
    headers = {**trained.api.headers, "Content-Type": "application/json"}
    for path in ("/projects/topics/items", "/users"):
        reply = trained.api.client.post(f"/api/v1{path}", content=body, headers=headers)
        assert is_a_problem(reply) and reply.json()["code"] in ("invalid-input", "malformed-request")


def test_odd_text_is_refused_on_each_database(any_api: Any) -> None:
    for email in ("a\x00@example.com", "a\ud800@example.com"):
        body = json.dumps({"email": email, "role": "admin"})
        headers = {**any_api.headers, "Content-Type": "application/json"}
        assert is_a_problem(any_api.client.post("/api/v1/users", content=body, headers=headers))
    assert is_a_problem(any_api.client.get("/api/v1/projects/%00", headers=any_api.headers))
    assert is_a_problem(any_api.client.get("/api/v1/users?cursor=%00", headers=any_api.headers))


def test_the_message_names_the_place_in_the_body(trained: Any) -> None:
    message = trained.api.post("/projects/topics/items", {"rows": [{"id": "a"}, {"text": "a\x00b"}]}).json()["message"]
    assert "rows.1.text" in message and "NUL" in message


def test_a_name_of_an_upload_that_is_too_long_is_told(trained: Any) -> None:
    files = {"files": ("a" * 300 + ".csv", b"text\nsome words here\n")}
    reply = trained.api.client.post("/api/v1/uploads", files=files, headers=trained.api.headers)
    assert is_a_problem(reply) and "name" in reply.json()["message"]


@pytest.mark.parametrize(
    "headers",
    [
        [("Content-Length", "2"), ("Transfer-Encoding", "chunked")],
        [("Content-Length", "2"), ("Content-Length", "3")],
        [("Content-Length", "+2")],
    ],
    ids=["a length and chunks", "two lengths", "a sign"],
)
def test_a_request_whose_end_is_not_certain(trained: Any, headers: list[tuple[str, str]]) -> None:
    client = trained.api.client
    request = client.build_request("POST", "http://localhost/api/v1/session", content=b"{}")
    request.headers = type(request.headers)([("Host", "localhost"), ("Content-Type", "application/json"), *headers])
    reply = client.send(request)
    assert reply.status_code == 400 and is_a_problem(reply) and reply.headers["connection"] == "close"
