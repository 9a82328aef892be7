"""Many people at once: what is lent out is found once for a query, not once for each slot of the head."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import event

from benchmarks.databases import make_database
from tests.conftest import make_api, make_site, train_until_idle


def scans(plan: dict[str, Any], table: str) -> Iterator[dict[str, Any]]:
    """The parts of a plan that read a table."""
    if plan.get("Relation Name") == table:
        yield plan
    for part in plan.get("Plans", ()):
        yield from scans(part, table)


def test_live_leases_are_read_once_for_a_query(
    postgres: str, tmp_path: Path, make_project: Callable[..., dict[str, str]]
) -> None:
    """PostgreSQL knows nothing of the table yet, as where fifty people begin in the same minute."""
    site = make_site(tmp_path / "home", make_database(postgres, "many_leases"))
    api = make_api(site)
    make_project(site)
    train_until_idle(site)
    people = [api.as_role("annotator") for _ in range(5)]
    lent = [lease["item"]["id"] for person in people[:4] for lease in person.queue("topics", n=12)]
    assert len(set(lent)) == 48
    asked: list[tuple[str, Any]] = []

    def keep(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        if statement.startswith("SELECT slot.position, slot.ordinal, slot.kind"):
            asked.append((statement, values))

    engine = site.project("topics").database.engine
    event.listen(engine, "before_cursor_execute", keep)
    got = [lease["item"]["id"] for lease in people[4].queue("topics", n=3)]
    event.remove(engine, "before_cursor_execute", keep)
    assert len(got) == 3 and not set(got) & set(lent)
    with site.project("topics").database.read() as connection:
        explained = connection.exec_driver_sql(
            "EXPLAIN (ANALYZE, FORMAT JSON) " + asked[0][0], asked[0][1]
        ).scalar_one()
    plan = json.loads(explained) if isinstance(explained, str) else explained
    (slots,) = scans(plan[0]["Plan"], "slot")
    assert slots["Rows Removed by Filter"] >= 40
    loops = [scan["Actual Loops"] for scan in scans(plan[0]["Plan"], "lease")]
    assert loops and max(loops) <= 1
    site.close()
