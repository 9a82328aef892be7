"""Every error is a problem in the one form that the API describes, also an unexpected one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text

from labelwright.server.app import openapi

REF = "#/components/schemas/"
DESCRIBED = json.loads(json.dumps(openapi()))
ERRORS = {
    f"{method} {path} {status}": response
    for path, methods in DESCRIBED["paths"].items()
    for method, operation in methods.items()
    for status, response in operation["responses"].items()
    if status[0] in "45"
}


def test_an_unexpected_error_carries_the_headers_and_the_request_id(trained: Any) -> None:
    with trained.site.store.write() as connection:
        connection.execute(text("DROP TABLE upload"))
    reply = trained.api.post("/uploads/u_1/preview", {})
    assert reply.status_code == 500 and reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["code"] == "internal" and reply.json()["request_id"] == reply.headers["x-request-id"]
    assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
    assert reply.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("response", ERRORS.values(), ids=ERRORS)
def test_every_error_is_described_as_a_problem(response: dict[str, Any]) -> None:
    assert list(response["content"]) == ["application/problem+json"]
    name = response["content"]["application/problem+json"]["schema"]["$ref"].removeprefix(REF)
    assert set(DESCRIBED["components"]["schemas"][name]["required"]) == {"code", "message", "hint", "request_id"}


def test_every_operation_describes_its_errors() -> None:
    assert len(ERRORS) == 2 * sum(len(methods) for methods in DESCRIBED["paths"].values())
    assert not {"HTTPValidationError", "ValidationError"} & set(DESCRIBED["components"]["schemas"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("PATCH", "/health", 405), ("POST", "/session", 422), ("GET", "/projects", 401)],
)
def test_errors_of_the_framework_have_the_form_too(trained: Any, method: str, path: str, status: int) -> None:
    reply = trained.api.client.request(method, f"/api/v1{path}")
    assert reply.status_code == status and reply.headers["content-type"] == "application/problem+json"
    assert set(reply.json()) == {"code", "message", "hint", "request_id"}
