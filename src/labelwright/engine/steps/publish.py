"""Publish: the arrays are complete; one short transaction moves the project's pointer."""

from __future__ import annotations

import json
from typing import ClassVar

from labelwright.engine import heads, rounds, routing
from labelwright.engine.cycle import Cycle
from labelwright.engine.project import load
from labelwright.engine.steps.base import Hold, Step
from labelwright.engine.steps.rank import MODE, WHY
from labelwright.engine.steps.resolve import version_id
from labelwright.engine.thinning import thin
from labelwright.policy.fork import ARMS
from labelwright.store import tables as t
from labelwright.store.record.decisions import WorkRouted
from labelwright.store.record.reasons import Reason
from labelwright.store.record.training import RankingPublished
from labelwright.store.rows import Rows


def ranking_id(cycle_id: int) -> str:
    """The id of a cycle's ranking."""
    return f"r-{cycle_id}"


class Publish(Step):
    """Fill the head of slots, invisible so far, then record the ranking and serve it; nobody sees a half."""

    name: ClassVar[str] = "publish"
    after: ClassVar[str] = "rank"
    inputs: ClassVar[tuple[str, ...]] = ("inputs", "resolve", "predict", "rank")

    def done(self, cycle: Cycle) -> bool:
        with cycle.store.read() as rows:
            return _is_published(cycle, rows)

    def run(self, cycle: Cycle, hold: Hold) -> None:
        store, frozen, primary = cycle.store, cycle.inputs, cycle.inputs.primary
        thinned = thin(cycle)
        stored = store.arrays.read_bundle(cycle.files.slots)
        new = ranking_id(cycle.id)
        head = heads.Part.read(cycle, new, start=0)
        for part in head.split():
            with hold.aside() as rows:
                heads.fill(rows, part)
        folders = [cycle.files.predictions(question.id) for question in frozen.questions]
        predictions = [path for folder in folders for path in store.arrays.files(folder)]
        reserve = [cycle.files.reserve(question.id) for question in frozen.questions]
        reserve += [cycle.files.computed(question.id) for question in frozen.questions]
        digests = store.arrays.digests([cycle.files.slots, *reserve, *predictions]) | thinned.kept
        with store.read() as rows:  # not in the transaction: others wait for it
            project = load(store, rows)
            away = routing.routed(rows, project)
        with hold.write() as transaction:
            rows = transaction.rows
            if _is_published(cycle, rows):
                return
            store.arrays.remember(rows, "ranking", digests)
            holder = cycle.id if primary.same_as is None else primary.same_as
            model = rows.scalar(
                rows.select(t.model.c.id).where(t.model.c.cycle == holder, t.model.c.question_id == primary.id)
            )
            version = rows.one(
                rows.select(t.label_version.c.questions).where(t.label_version.c.id == version_id(cycle.id))
            )
            transaction.record(
                RankingPublished(
                    id=new, cycle=cycle.id, question=primary.id, label_version=version_id(cycle.id), model=model,
                    strategy=str(cycle.ranking_policy.strategy), mode=str(stored[MODE]),
                    why=Reason(**json.loads(str(stored[WHY]))), seed=frozen.seed, n_slots=head.n_slots,
                    n_labels=version.questions[primary.id]["n_training"], upto_seq=frozen.upto_seq,
                    n_items=frozen.n_items, arrays=digests, thinned=thinned.paths,
                ),
                actor="system",
            )  # fmt: skip
            heads.close_answered(rows, cycle, new)
            rounds.turn(store, transaction, cycle)
            if away != tuple(routing.away_of(rows)):
                transaction.record(WorkRouted(cycle.id, primary.id, project.quality.route_below, away), actor="system")
        store.arrays.delete(thinned.paths)
        for question in frozen.questions:
            store.arrays.delete(store.arrays.files(cycle.files.scores(question.id)))
            for arm in ("", *ARMS):
                store.arrays.delete(store.arrays.files(cycle.files.shards(question.id, arm)))
        heads.drop_old(store, new)


def _is_published(cycle: Cycle, rows: Rows) -> bool:
    """Whether this ranking, or a newer one, is served."""
    row = cycle.store.row(rows)
    return row.ranking_id is not None and row.cycle >= cycle.id
