"""Publishing: arrays are complete, then one short transaction moves the project's pointer; nobody sees a half."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, delete, func, insert, select, update

from labelwright.engine import rounds
from labelwright.engine.thinning import thin, to_thin
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore

HEAD_SLOTS: Final = 2000
SLOT_PARTS: Final = ("item_idx", "kind", "score", "propensity")


def publish(
    store: ProjectStore, cycle_id: int, path: str, frozen: dict[str, Any], *, seed: int, higher_is_better: bool
) -> str | None:
    """Publish the ranking of a cycle; None if a newer one is published already."""
    ranking_id = f"r-{cycle_id}"
    with store.read() as connection:
        project = store.row(connection)
        metric = project.config["metric"]
        thinned = to_thin(store, connection, cycle_id, metric=metric, higher=higher_is_better)
    if project.cycle >= cycle_id:
        return ranking_id if project.ranking_id == ranking_id else None
    with store.stage() as connection:
        n_slots = refill(connection, store, ranking_id, path, start=0)
    digests = {p: store.arrays.digest(p) or "" for p in sorted(_files(store, path, ("slots", "predictions")))}
    mode, why = (
        store.arrays.read_bytes(f"{path}/slots/{name}.txt").decode()
        if (store.arrays.folder / path / f"slots/{name}.txt").exists()
        else ""  # ranked by a version before this one
        for name in ("mode", "why")
    )
    with store.write() as transaction:
        connection = transaction.connection
        current = store.row(connection)
        if current.cycle >= cycle_id:  # compare, then swap below
            return None
        store.arrays.remember(connection, "ranking", digests)
        model = connection.scalar(
            select(t.model.c.id).where(t.model.c.project_id == store.project_id, t.model.c.cycle == cycle_id)
        )
        transaction.record(
            "ranking",
            {
                "id": ranking_id, "cycle": cycle_id, "label_version": f"lv-{cycle_id}", "model": model,
                "strategy": frozen["policy"]["strategy"], "mode": mode, "why": why, "seed": seed, "n_slots": n_slots,
                "n_labels": frozen["n_labels"],
                "upto_seq": frozen["upto_seq"], "n_items": frozen["n_items"], "policy": frozen["policy"],
                "schema_version": frozen["schema_version"], "arrays": digests, "thinned": thinned,
            },
            actor="system",
        )  # fmt: skip
        close_answered(store, connection, ranking_id, frozen)
        rounds.turn(store, transaction, frozen)
    thin(store, thinned)
    _drop_old_heads(store, ranking_id)
    return ranking_id


def refill(connection: Connection, store: ProjectStore, ranking_id: str, path: str, *, start: int) -> int:
    """Copy the next slots of a ranking from its arrays into the table; return how many the ranking has."""
    parts = {name: store.arrays.read(f"{path}/slots/{name}.npy") for name in SLOT_PARTS}
    n_slots = len(parts["item_idx"])
    stop = min(start + HEAD_SLOTS, n_slots)
    rows = [
        {
            "project_id": store.project_id, "ranking_id": ranking_id, "position": i, "done": False,
            **slot_values(parts, i),
        }
        for i in range(start, stop)
    ]  # fmt: skip
    slot = t.slot
    connection.execute(
        delete(slot).where(
            slot.c.project_id == store.project_id, slot.c.ranking_id == ranking_id, slot.c.position >= start,
            slot.c.position < stop,
        )
    )  # fmt: skip
    if rows:
        connection.execute(insert(slot), rows)
    return n_slots


def slot_values(parts: Mapping[str, npt.NDArray[Any]], position: int) -> dict[str, Any]:
    """One slot of a ranking's arrays, as its row holds it."""
    return {
        "ordinal": int(parts["item_idx"][position]),
        "kind": str(parts["kind"][position]),
        "score": _number(parts["score"][position]),
        "propensity": _number(parts["propensity"][position]),
    }


def close_answered(store: ProjectStore, connection: Connection, ranking_id: str, frozen: dict[str, Any]) -> None:
    """Close slots whose items got all their answers while the ranking was made."""
    table = t.annotation
    full = (
        select(table.c.ordinal)
        .where(
            table.c.project_id == store.project_id, table.c.standing, table.c.kind.in_(t.ANSWERING),
            table.c.ordinal.in_(
                select(table.c.ordinal).where(
                    table.c.project_id == store.project_id, table.c.seq > frozen["upto_seq"]
                )
            ),
        )
        .group_by(table.c.ordinal)
        .having(func.count() >= frozen["policy"]["overlap"])
    )  # fmt: skip
    connection.execute(
        update(t.slot)
        .where(t.slot.c.project_id == store.project_id, t.slot.c.ranking_id == ranking_id, t.slot.c.ordinal.in_(full))
        .values(done=True)
    )


def _drop_old_heads(store: ProjectStore, ranking_id: str) -> None:
    """Take the slots of earlier rankings out of the table; their arrays tell what was published."""
    with store.stage() as connection:
        connection.execute(
            delete(t.slot).where(
                t.slot.c.project_id == store.project_id,
                t.slot.c.ranking_id.in_(
                    select(t.ranking.c.id)
                    .where(t.ranking.c.project_id == store.project_id, t.ranking.c.id != ranking_id)
                    .order_by(t.ranking.c.cycle.desc())
                    .offset(1)
                    .limit(10)
                    .scalar_subquery()
                ),
            )
        )


def _files(store: ProjectStore, path: str, folders: tuple[str, ...]) -> list[str]:
    base = store.arrays.folder
    return [
        f.relative_to(base).as_posix()
        for folder in folders
        for f in (base / path / folder).glob("*")
        if not f.name.startswith(".")
    ]


def _number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None
