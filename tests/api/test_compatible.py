"""Within v1 nothing that a client relies on goes away: the API of every earlier version is read against today's."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(__file__).parent.parent / "fixtures"
NOW = json.loads((Path(__file__).parents[2] / "openapi.json").read_text())
KEPT = sorted(FIXTURES.glob("openapi-*.json.gz"))


def resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema behind its reference."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def body_of(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    """The JSON schema of a request's body."""
    content = operation.get("requestBody", {}).get("content", {})
    return resolved(document, content.get("application/json", {}).get("schema", {}))


def reply_of(document: dict[str, Any], operation: dict[str, Any], status: str) -> dict[str, Any]:
    """The JSON schema of a reply."""
    content = operation["responses"][status].get("content", {})
    return resolved(document, content.get("application/json", {}).get("schema", {}))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every path and method."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name)
def test_a_client_of_an_earlier_version_is_still_understood(kept: Path) -> None:
    then = json.loads(gzip.decompress(kept.read_bytes()))
    problems = []
    for path, method, old in operations(then):
        new = NOW["paths"].get(path, {}).get(method)
        if new is None:
            problems.append(f"{method} {path} is gone")
            continue
        was, wants = body_of(then, old), body_of(NOW, new)
        added = set(wants.get("required", ())) - set(was.get("required", ()))
        problems += [f"{method} {path} now requires {name}" for name in sorted(added)]
        lost = set(was.get("properties", ())) - set(wants.get("properties", ()))
        problems += [f"{method} {path} takes no {name} any more" for name in sorted(lost)]
        for status in old["responses"]:
            if not status.startswith("2"):
                continue
            if status not in new["responses"]:
                problems.append(f"{method} {path} does not answer {status} any more")
                continue
            gave, gives = reply_of(then, old, status), reply_of(NOW, new, status)
            lost = set(gave.get("properties", ())) - set(gives.get("properties", ()))
            problems += [f"{method} {path} gives no {name} any more" for name in sorted(lost)]
        known = {parameter["name"] for parameter in new.get("parameters", ())}
        problems += [
            f"{method} {path} knows no parameter {parameter['name']}"
            for parameter in old.get("parameters", ())
            if parameter["name"] not in known
        ]
    assert problems == []
