"""What is kept of old cycles: everything of the best, of those that ended a round, and of the last twenty.

Of the others the predictions go, then model, label arrays and unused slots. What went is named in the
event of the ranking that made room, never silently. A label version stays provable: it is recomputed
from the events, and its arrays' digests must come out as recorded.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from labelwright.store import tables as t
from labelwright.store.project import ProjectStore

KEEP_CYCLES: Final = 20


def to_thin(store: ProjectStore, connection: Connection, cycle_id: int, *, metric: str, higher: bool) -> list[str]:
    """Paths of what a new cycle makes superfluous, relative to the arrays' folder."""
    old = cycle_id - KEEP_CYCLES
    folder = store.arrays.folder / f"cycles/{old:06d}"
    if not folder.exists():
        return []
    parts = ["predictions"]
    if old not in _kept(store, connection, metric=metric, higher=higher):
        parts += ["labels", "model.skops"]
        if not _was_served(store, connection, f"r-{old}"):
            parts.append("slots")
    return sorted(
        file.relative_to(store.arrays.folder).as_posix()
        for part in parts
        for file in ([folder / part] if "." in part else (folder / part).glob("*"))
        if file.exists()
    )


def thin(store: ProjectStore, paths: list[str]) -> None:
    """Delete what the record now names as thinned."""
    for path in paths:
        target = store.arrays.folder / path
        target.unlink(missing_ok=True)
        if _is_empty(target.parent):
            shutil.rmtree(target.parent, ignore_errors=True)


def _kept(store: ProjectStore, connection: Connection, *, metric: str, higher: bool) -> set[int]:
    """The best model's cycle, and those that rounds are judged by."""
    table = t.metric
    order = table.c.value.desc() if higher else table.c.value.asc()
    best = connection.scalar(
        select(table.c.cycle)
        .where(table.c.project_id == store.project_id, table.c.metric == metric)
        .order_by(order, table.c.cycle)
        .limit(1)
    )
    outcomes = connection.scalars(select(t.round_.c.outcome).where(t.round_.c.project_id == store.project_id))
    kept = {outcome.get(key) for outcome in outcomes for key in ("cycle_before", "cycle_after")}
    return {int(cycle) for cycle in kept | {best} if cycle is not None}


def _was_served(store: ProjectStore, connection: Connection, ranking_id: str) -> bool:
    """Whether somebody was shown an item by this ranking."""
    for table in (t.annotation, t.lease):
        found = connection.execute(
            select(table.c.ordinal).where(table.c.project_id == store.project_id, table.c.ranking_id == ranking_id)
        ).first()
        if found is not None:
            return True
    return False


def _is_empty(folder: Path) -> bool:
    return folder.exists() and not any(folder.iterdir())
