"""Requests made from the API's description get answers that the description has, whoever sends them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from labelwright.services.people import users
from labelwright.services.people.attempts import Attempts, Pace

EXAMPLES = 3


def run_on(ready: Any, **what: Any) -> Any:
    from labs.fuzz import fuzz, names, people

    ready.site.sign_ins = Attempts(ready.site.store, Pace(first=0.0, longest=0.0))
    callers = people(ready.site, users.first_admin(ready.site))
    known = names(ready.api.client, callers, "topics")
    return fuzz(ready.api.client.app, callers, known, **what)


def test_every_operation_answers_as_described(lived: Any) -> None:
    run = run_on(lived, examples=EXAMPLES)
    assert run.findings == [], "\n".join(map(str, run.findings))
    assert {200, 201, 204, 401, 403, 404, 409, 422} <= set(run.statuses) and run.statuses.total() > 1000


def test_a_fault_is_found(trained: Any) -> None:
    with trained.site.store.write() as connection:
        connection.execute(text("DROP TABLE upload"))
    run = run_on(trained, examples=1, only="/api/v1/uploads/")
    assert {(one.role, one.failure) for one in run.findings} >= {("admin", "ServerError with status 500")}
    assert not any(one.role == "nobody" for one in run.findings)
