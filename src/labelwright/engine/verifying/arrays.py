"""Array files against the digests in events; the slots that are served against the published order."""

from __future__ import annotations

from labelwright.engine import heads
from labelwright.engine.cycle import Cycle
from labelwright.engine.heads import SlotValues, slot_values
from labelwright.engine.verifying.chain import Collected
from labelwright.engine.verifying.items import CURE
from labelwright.engine.verifying.report import Report
from labelwright.store import record
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.record.training import RankingPublished
from labelwright.store.rows import Rows


def check_arrays(store: ProjectStore, rows: Rows, collected: Collected, report: Report) -> None:
    """Compare every file with its digest; what was thinned is counted, not a fault."""
    table = t.array_file
    listed = {row.path: row.digest for row in rows.all(rows.select(table.c.path, table.c.digest))}
    for path, digest in sorted(collected.arrays.items()):
        if listed.get(path) != digest:
            report.complain(f"array {path}: the list of files differs from the record.")
        if path in collected.thinned or store.arrays.digest(path) == digest:
            continue
        if not _thinned_since(store, collected.last, path):
            report.complain(f"array {path}: {_what_is_wrong(path, collected)}")
    thinned = f", {len(collected.thinned)} thinned" if collected.thinned else ""
    report.say(f"arrays: {len(collected.arrays)} files{thinned}")


def check_head_of_ranking(store: ProjectStore, rows: Rows, collected: Collected, report: Report) -> None:
    """The slots that are served are the ones that were published."""
    project = store.row(rows)
    if project.ranking_id is None:
        return
    cycle = Cycle(store, project.cycle)
    slots, people = cycle.slots(), list(cycle.inputs.people)
    if slots is None:
        report.complain(f"ranking {project.ranking_id}: the file of its slots is missing.")
        return
    table = t.slot
    found = rows.all(rows.select(table).where(table.c.ranking_id == project.ranking_id).order_by(table.c.position))
    if missing := sorted(set(range(min(heads.HEAD_SLOTS, len(slots)))) - {row.position for row in found}):
        report.complain(f"slot {missing[0]} of {project.ranking_id} is missing from what is served.")
    before = heads.people_before(cycle, slots, 0, len(slots))
    for row in found:
        served = SlotValues(row.ordinal, row.kind, row.score, row.propensity, row.n_before, row.whom)
        n_before = before.get(row.ordinal, 0)
        if row.position >= len(slots) or slot_values(slots, row.position, n_before, people) != served:
            report.complain(f"slot {row.position} of {project.ranking_id} differs from the published array.")
    report.say(f"ranking {project.ranking_id}: served as published")


def _what_is_wrong(path: str, collected: Collected) -> str:
    if path in collected.blanked:
        return f"event {collected.blanked[path]} erased items in it, but it is another. {CURE}"
    return "the file is missing or was altered."


def _thinned_since(store: ProjectStore, seq: int, path: str) -> bool:
    """Whether a worker that went on made room for a new ranking after the view that is being checked."""
    with store.read() as later:
        for event in store.events(later, after=seq, kinds=(RankingPublished.kind,)):
            body = record.read(event)
            if isinstance(body, RankingPublished) and path in body.thinned:
                return True
    return False
