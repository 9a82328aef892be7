"""Freezing: everything that a cycle will depend on, read from the store in one view."""

from __future__ import annotations

import time

import numpy as np
from sqlalchemy import func

from labelwright import __version__
from labelwright.engine import answers, candidates, forks, sealed
from labelwright.engine.arm import find_arm
from labelwright.engine.cycle import Cycle
from labelwright.engine.guards import past_guards
from labelwright.engine.inputs import OF_ANSWERS, SEED_STEP, CycleInputs, Frozen, QuestionInputs
from labelwright.engine.layout import layout
from labelwright.engine.moment import moment as find_moment
from labelwright.engine.prices import prices
from labelwright.engine.project import Project, Question, load
from labelwright.engine.quotas import frozen_slices, slice_columns
from labelwright.engine.reasons import stored
from labelwright.engine.search_goal import RECORDED, Search, last_sample
from labelwright.engine.sourcing import freeze_source
from labelwright.policy.arm import PERMUTED
from labelwright.store import tables as t
from labelwright.store.project import COLD_CYCLE, ProjectStore
from labelwright.store.record.project import PolicyChanged
from labelwright.store.rows import Rows
from labelwright.tasks.predictions import QUANTISER


def freeze(store: ProjectStore, rows: Rows, cycle_id: int, fence: int) -> Frozen:
    """Everything that a cycle that begins in this view will depend on, for the worker that holds it."""
    project = load(store, rows)
    n_items = project.row.n_items
    where = layout(store, rows, n_items)
    without = answers.excluded(rows, n_items)
    people = {question.id: answers.counted(rows, where, question.id) for question in project.questions}
    from_data = {question.id: answers.given(rows, where, question.id) for question in project.questions}
    primary = project.primary.id
    used = answers.used(people[primary], from_data[primary], where, without)
    fork, asked = forks.at_work(rows, primary, used, where)
    slices, bits = frozen_slices(store, rows, project)
    found = prices(rows, project, n_items, time.time())
    encoder = candidates.serving(rows, project.row.config)
    before = Cycle(store, project.row.cycle)
    moved = before.is_frozen and not before.is_old and before.inputs.revision != encoder.revision
    source, of_source = freeze_source(rows, where, primary, without)
    inputs = CycleInputs(
        cycle=cycle_id,
        upto_seq=store.head_seq(rows),
        n_items=n_items,
        seed=project.seed * SEED_STEP + cycle_id,
        kind=project.kind,
        encoder=encoder.spec,
        revision=encoder.revision,
        questions=tuple(_question(rows, project, question, before, moved=moved) for question in project.questions),
        policy=project.policy.to_config(),
        rules=project.rules,
        guards=past_guards(rows, cycle_id),
        quantiser=QUANTISER,
        version=__version__,
        arrays=f"inputs-{fence}.npz",
        people=found.people,
        costs_why=stored(found.why).__dict__ if found.why else None,
        looks=tuple(sorted({column for rule in project.rules for column in rule.make().recorded} & RECORDED)),
        search=Search.of(project.row.config, project.primary.positive, project.primary.task),
        cost=OF_ANSWERS,
        random_order=PERMUTED,
        fork=fork,
        slices=slices,
        source=source,
    )
    unsealed = np.concatenate([sealed.wanted(rows, project, where, without), last_sample(rows, n_items)])
    moment = find_moment(rows, project, where, people[primary], from_data[primary], without, unsealed)
    seqs = {question: np.array([one.seq for one in said], dtype=np.int64) for question, said in people.items()}
    in_arm = find_arm(rows, project, where, without, used, slice_columns(slices, bits, n_items))
    return Frozen(inputs, seqs, without, moment, found.items, in_arm, asked, bits, of_source)


def _question(rows: Rows, project: Project, question: Question, before: Cycle, *, moved: bool) -> QuestionInputs:
    learner = candidates.learner(rows, question, project.kind)
    if before.is_frozen and not before.is_old:
        moved |= any(one.id == question.id and one.model != learner for one in before.inputs.questions)
    return QuestionInputs(
        id=question.id,
        task=question.task_name,
        schema=question.schema,
        schema_version=question.schema_version,
        model=learner,
        metric=question.metric,
        resolver=question.resolver,
        primary=question.primary,
        required=question.required,
        same_as=None if moved else _unchanged_since(rows, project, question),
    )


def _unchanged_since(rows: Rows, project: Project, question: Question) -> int | None:
    """The published cycle whose labels and model of a question still hold, if there is one."""
    row = rows.first(
        rows.select(t.label_version.c.cycle, t.label_version.c.upto_seq, t.label_version.c.questions).where(
            t.label_version.c.cycle == project.row.cycle, t.label_version.c.cycle != COLD_CYCLE
        )
    )
    if row is None or question.id not in row.questions or question.wanted_seq > row.upto_seq:
        return None
    before = row.questions[question.id]
    imported = rows.scalar(rows.select(t.import_batch.c.seq).order_by(t.import_batch.c.seq.desc()).limit(1)) or 0
    settings = before["schema_version"] == question.schema_version and before["resolver"] == question.resolver
    changed = _last_policy(rows)  # another strategy may need a committee
    if not settings or imported > row.upto_seq or (question.primary and changed > row.upto_seq):
        return None
    return int(before["same_as"] or row.cycle)


def _last_policy(rows: Rows) -> int:
    """The event of the last change of policy, 0 if there was none."""
    table = t.event
    return int(rows.scalar(rows.select(func.max(table.c.seq)).where(table.c.kind == PolicyChanged.kind)) or 0)
