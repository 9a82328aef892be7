"""SQLite is told how tables have grown, so that what concerns one item is found by its index."""

from __future__ import annotations

from typing import Any

from labelwright.engine.worker import Worker
from labelwright.store import tables as t
from labelwright.store.database import RECYCLE_SECONDS
from tests.conftest import train_until_idle

OF_ITEM = "SELECT seq FROM annotation WHERE project_id = ? AND ordinal = ? AND person_id = ? ORDER BY seq"


def plan(store: Any) -> str:
    store.database.close()  # connections know it when they are opened anew
    with store.database.read() as connection:
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {OF_ITEM}", (store.project_id, 3, "p_1")).all()
    return " ".join(str(row[-1]) for row in found)


def test_after_a_cycle_answers_to_an_item_are_found_by_the_item(lived: Any) -> None:
    if not lived.store.database.is_sqlite:
        return
    with lived.store.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    assert "ix_annotation_person" in plan(lived.store)  # which reads all that the person ever said
    with lived.store.stage() as rows:
        rows.update(t.project, wanted_seq=t.project.c.wanted_seq + 1)
    train_until_idle(lived.site)
    assert "ix_annotation_ordinal (project_id=? AND ordinal=?)" in plan(lived.store)


def test_a_project_is_analyzed_again_when_it_has_grown_by_half(lived: Any) -> None:
    worker = Worker(lived.site.store)
    with lived.store.read() as rows:
        head = lived.store.head_seq(rows)
    worker._analyze(lived.store, "topics")
    assert worker._analyzed == {"topics": head}
    worker._analyzed = {"topics": head - 1}
    worker._analyze(lived.store, "topics")
    assert worker._analyzed == {"topics": head - 1}
    worker._analyzed = {"topics": head // 2}
    worker._analyze(lived.store, "topics")
    assert worker._analyzed == {"topics": head}


def test_connections_are_opened_anew_now_and_then(lived: Any) -> None:
    assert lived.store.database.engine.pool._recycle == RECYCLE_SECONDS or not lived.store.database.is_sqlite
