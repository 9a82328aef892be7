"""Requests that are made from the API's own description, valid and invalid ones, sent as each role.

No answer may be our fault (5xx), have a status or a form that the description does not have, or a media type of
another kind.

python -m labs.fuzz --minutes 10
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode, Response
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.failures import FailureGroup

DESCRIPTION = "/api/v1/openapi.json"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ENDLESS = "/stream"
ENDING = ("POST /api/v1/projects/{slug}/archive", "DELETE /api/v1/projects/{slug}")  # the others need the project
QUIET = settings(
    database=None, deadline=None, phases=[Phase.generate], verbosity=Verbosity.quiet,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


Known = Mapping[str, Sequence[object]]
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Finding:
    """A kind of answer that no request may get, with the first request that got it."""

    role: str
    operation: str
    failure: str
    request: str

    def __str__(self) -> str:
        return f"{self.role}: {self.operation}: {self.failure}\n    {self.request}"


@dataclass(frozen=True)
class Run:
    """How many answers of which status were checked, and what was found."""

    statuses: Counter[int]
    findings: list[Finding]


def fuzz(
    app: Any, callers: Mapping[str, Headers], known: Known, *, examples: int, start: int = 0, only: str = "/"
) -> Run:
    """Send requests to every operation as every caller.

    Parameters
    ----------
    callers : mapping of str to mapping
        By role, the headers that sign the caller in.
    known : mapping of str to sequence
        By the name of a parameter or of a field, values that exist.
    examples : int
        Requests for each operation and mode (valid, invalid); every caller sends each.
    start : int
        Seed; the same one sends the same requests.
    only : str
        How the paths begin that are asked.
    """
    schema = schemathesis.openapi.from_asgi(DESCRIPTION, app, headers={"Host": "localhost"})
    statuses = Counter[int]()
    findings: dict[tuple[str, str, str], Finding] = {}
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in sorted(operations, key=lambda operation: operation.label in ENDING):
        if operation.path.endswith(ENDLESS) or not operation.path.startswith(only):
            continue
        takes_something = operation.body or operation.query  # else no request is invalid
        for mode in (GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if takes_something else [])):
            for case in _cases(operation, known, mode, examples, start):
                for role, headers in callers.items():
                    response = case.call(headers={"Host": "localhost", **headers})
                    statuses[response.status_code] += 1
                    for failure in _failures(case, response):
                        key = (role, operation.label, failure)
                        findings.setdefault(key, Finding(*key, request=_shown(case)))
    return Run(statuses, list(findings.values()))


def _cases(operation: Any, known: Known, mode: GenerationMode, examples: int, start: int) -> list[Case]:
    cases: list[Case] = []

    @seed(start)
    @settings(QUIET, max_examples=examples)
    @given(case=operation.as_strategy(generation_mode=mode), named=_named(known))
    def collect(case: Case, named: dict[str, object]) -> None:
        _name(case.path_parameters, named)
        _name(case.body, named)
        cases.append(case)

    with suppress(Unsatisfiable):  # where hardly any request is invalid, none is found
        collect()
    return cases


def _named(known: Known) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({name: st.sampled_from([*values, None]) for name, values in known.items()})


def _name(fields: object, named: Mapping[str, object]) -> None:
    """Name what exists, in most cases: nobody guesses an id."""
    if isinstance(fields, dict):
        fields.update({name: value for name, value in named.items() if name in fields and value is not None})


def _failures(case: Case, response: Response) -> list[str]:
    try:
        case.validate_response(response, checks=CHECKS)
    except FailureGroup as group:
        return [f"{type(error).__name__} with status {response.status_code}" for error in group.exceptions]
    return []


def _shown(case: Case) -> str:
    return f"{case.method} {case.path} {case.path_parameters} {case.query} {case.body!r}"[:600]


def people(site: Any, admin: Any) -> dict[str, Headers]:
    """A caller of each role, and one that nobody knows."""
    from labelwright.services.people import users
    from labelwright.services.people.roles import ROLES

    callers: dict[str, Headers] = {"nobody": {}}
    for role in ROLES:
        email = f"{role}@fuzz.example"
        users.add(site, admin, email=email, role=role)
        secret = users.make_token(site, users.by_email(site, email)).secret
        callers[role] = {"Authorization": f"Bearer {secret}"}
    return callers


def names(client: Any, callers: Mapping[str, Headers], slug: str) -> Known:
    """What requests may name: everybody who labels holds leases, and has answered one item."""
    project = f"/api/v1/projects/{slug}"
    item_ids, lease_ids, annotation_ids = ["i3"], list[str](), list[str]()
    for number, headers in enumerate(callers.values()):
        leases = client.post(f"{project}/queue", json={"n": 3}, headers=headers).json().get("leases", ())
        item_ids += [lease["item"]["id"] for lease in leases]
        lease_ids += [lease["id"] for lease in leases]
        for lease in leases[:1]:
            answer = {"answer_id": f"{number:036d}", "kind": "answer", "answer": {"label": "l_1"}}
            body = {**answer, "item_id": lease["item"]["id"]}
            annotation_ids.append(client.post(f"{project}/annotations", json=body, headers=headers).json()["id"])
    return {
        "slug": [slug], "item_id": item_ids, "lease_id": lease_ids, "annotation_id": annotation_ids,
        "replaces": annotation_ids, "question": ["q_1"], "label": ["l_1"], "answer": [{"label": "l_1"}],
    }  # fmt: skip


def until(minutes: float, once: Callable[[int], Run]) -> Run:
    """Run again and again with another seed, until the time is over."""
    end, start = time.monotonic() + 60 * minutes, 0
    statuses = Counter[int]()
    findings: dict[tuple[str, str, str], Finding] = {}
    while time.monotonic() < end:
        run = once(start)
        statuses += run.statuses
        for one in run.findings:
            findings.setdefault((one.role, one.operation, one.failure), one)
        start += 1
    return Run(statuses, list(findings.values()))


def main() -> int:
    """Fuzz a small project on a home of its own."""
    from fastapi.testclient import TestClient

    from benchmarks.data import write
    from benchmarks.record import project
    from labelwright.engine.worker import Worker
    from labelwright.server.app import create_app
    from labelwright.services.people.attempts import Attempts, Pace

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--examples", type=int, default=25)
    parser.add_argument("--only", default="/", help="How the paths begin that are asked.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write(home / "texts.jsonl", 200)
        site, admin = project(home / "home", home / "texts.jsonl")
        site.sign_ins = Attempts(Pace(first=0.0, longest=0.0))
        Worker(site.store).run(until_idle=True)
        app, callers = create_app(site), people(site, admin)
        known = names(TestClient(app, base_url="http://localhost"), callers, "texts")
        run = until(
            asked.minutes,
            lambda start: fuzz(app, callers, known, examples=asked.examples, start=start, only=asked.only),
        )
        site.close()
    print(f"{run.statuses.total()} answers ({dict(sorted(run.statuses.items()))}), {len(run.findings)} findings")
    print("\n".join(map(str, run.findings)))
    return bool(run.findings)


if __name__ == "__main__":
    sys.exit(main())
