"""Forks: two ways to choose, begun from one labeled set, served in turn and compared on the reserve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import func

from labelwright import models
from labelwright.check import check_between, check_one_of, complain
from labelwright.engine import arms as engine_arms
from labelwright.engine import candidates, sourcing
from labelwright.engine import forks as engine_forks
from labelwright.engine.cycle import Cycle
from labelwright.engine.project import Project
from labelwright.errors import ConflictError
from labelwright.evaluation.two_models import smallest
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.steering.curves import Measured, kept_models, measured
from labelwright.services.steering.fork_views import ForkView, view
from labelwright.store import tables as t
from labelwright.store.clock import new_id
from labelwright.store.project import ProjectStore
from labelwright.store.record.forks import ForkArm as Arm
from labelwright.store.record.forks import ForkEnded, ForkStarted
from labelwright.store.rows import Rows
from labelwright.strategies import check_fits

__all__ = ["Arm", "ForkPage", "Proposal", "end", "listing", "propose", "start"]
LEAST: Final = 5  # labels of an arm
MOST: Final = 100_000
AGAIN: Final = "annotations"  # what strategies look at that ask about labeled items again


@dataclass(frozen=True)
class Proposal:
    """What a fork of so many labels could show.

    Attributes
    ----------
    detectable : float, optional
        The smallest true difference of the metric that is found in four of five such comparisons; None where the
        reserve or the models are too few to say.
    n : int
        Reserve labels that it would be measured on.
    """

    per_arm: int
    metric: str
    detectable: float | None
    n: int


@dataclass(frozen=True)
class ForkPage:
    """All forks of a project, newest first, and which kinds of model an arm may train."""

    items: list[ForkView]
    models: list[str]
    model: str
    per_arm: int


def listing(site: Site, slug: str) -> ForkPage:
    """All forks, newest first."""
    store, table = site.project(slug), t.fork
    with store.read() as rows:
        project = access.ready(store, rows)
        found = rows.all(rows.select(table).order_by(table.c.number.desc()))
        items = [view(site, store, rows, project, row) for row in found]
        learner = candidates.learner(rows, project.primary, project.kind)
    return ForkPage(items, models.names(project.primary.task), learner, max(LEAST, 5 * project.policy.batch_size))


def propose(site: Site, slug: str, per_arm: int) -> Proposal:
    """What a fork of so many labels an arm could show, from models that are as many labels apart as both get."""
    check_between("fork", "per_arm", per_arm, LEAST, MOST)
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
    curve = measured(site, store, project)
    return Proposal(per_arm, project.primary.metric, _detectable(store, project, curve, per_arm), len(curve.item_idx))


def start(site: Site, actor: Actor, slug: str, arms: tuple[Arm, Arm], per_arm: int, hypothesis: str = "") -> ForkView:
    """Begin a fork from the labels of now; the next ranking serves its arms.

    Parameters
    ----------
    arms : pair of Arm
    per_arm : int
        Labels that each arm is given, in [5, 100000].

    Raises
    ------
    InputError
        If a strategy or model does not fit, asks about labeled items again, both arms are the same, or both sample at
        random.
    ConflictError
        If a fork runs, there is no model yet, or the project is archived or searches for one label.
    """
    check_between("fork", "per_arm", per_arm, LEAST, MOST)
    store = site.project(slug)
    with store.read() as rows:
        project, has_source = access.changeable(store, rows), sourcing.in_project(rows)
    for arm in arms:
        _check_arm(project, arm, has_source=has_source)
    if arms[0] == arms[1]:
        raise complain("fork", "the arms", "two that differ", "the same twice", "Change one of them.")
    if all(engine_forks.at_random(arm, project.policy) for arm in arms):
        raise complain("fork", "the arms", "at most one that samples at random", "two", "Their labels would be alike.")
    detectable = _detectable(store, project, measured(site, store, project), per_arm)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        _check_now(rows, project)
        number = int(rows.scalar(rows.select(func.count(), of=t.fork)) or 0) + 1
        sealed = transaction.seal(hypothesis) if hypothesis else None
        body = ForkStarted(new_id("fk"), number, project.primary.id, sealed, arms, per_arm, detectable)
        transaction.record(body, actor=actor.person_id)
        return view(site, store, rows, project, engine_forks.find(rows, body.id))


def end(site: Site, actor: Actor, slug: str, fork_id: str) -> ForkView:
    """End a fork before both arms have their labels, with what its last models are worth.

    Raises
    ------
    NotFoundError
        If there is no such fork.
    ConflictError
        If it has ended.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.changeable(store, rows)
        row = engine_forks.find(rows, fork_id)
        trained = engine_forks.measured(rows, fork_id)
    body = ForkEnded(fork_id, row.question_id, None, (0, 0), (0.0, 0.0), None, engine_arms.OPEN)
    if trained:
        body = engine_arms.ended(Cycle(store, trained[-1].cycle), engine_forks.fork_of(row))
    with store.write() as transaction:
        rows = transaction.rows
        if engine_forks.find(rows, fork_id).state != engine_forks.RUNNING:
            raise ConflictError("This fork has ended.")
        transaction.record(body, actor=actor.person_id)
        return view(site, store, rows, project, engine_forks.find(rows, fork_id))


def _check_arm(project: Project, arm: Arm, *, has_source: bool) -> None:
    check_one_of("fork", "model", arm.model, tuple(models.names()))
    models.make(arm.model, project.primary.task)
    if arm.dial is not None:
        check_between("fork", "dial", arm.dial, 1, 1000)
    strategy = engine_forks.policy_of(arm, project.policy).make_strategy()
    check_fits(strategy, project.primary.task, has_source=has_source)
    if AGAIN in strategy.needs_of(project.primary.task):
        raise complain(
            "fork", "the strategy", "one that asks about new items", f"'{arm.strategy}', which asks again",
            "The arms are compared by the items that they choose.",
        )  # fmt: skip


def _check_now(rows: Rows, project: Project) -> None:
    row = engine_forks.row_of(rows, project.primary.id)
    if row is not None:
        raise ConflictError(f"Fork {row.number} runs.", "End it, or wait until both arms have their labels.")
    has_model = rows.first(rows.select(t.model.c.id).where(t.model.c.question_id == project.primary.id))
    if has_model is None:
        raise ConflictError("There is no model yet to fork from.", "Label until the first model is trained.")
    if project.goal is not None and project.goal.is_search:
        raise ConflictError(
            "A search has no fork: what it asks for is decided by what was found.", "Give the project another goal."
        )


def _detectable(store: ProjectStore, project: Project, curve: Measured, per_arm: int) -> float | None:
    """Judged by two models of the curve that are about as many labels apart as both arms get: those differ as well."""
    if len(curve.points) < 2:
        return None
    n_labels = np.array([point.n_labels for point in curve.points])
    last = len(n_labels) - 1
    before = int(np.argmin(np.abs(n_labels[last] - n_labels[:last] - 2 * per_arm)))
    if curve.losses is not None:
        return curve.detectable(before, last)
    question = Cycle(store, project.row.cycle).inputs.question(project.primary.id)
    task, cycles = question.make_task(), [curve.points[k].cycle for k in (before, last)]
    kept = {row.cycle: model for row, model in kept_models(store, question) if row.cycle in cycles}
    one, two = (
        task.take(kept[cycle].predictions, np.searchsorted(kept[cycle].item_idx, curve.item_idx)) for cycle in cycles
    )
    return smallest(task, question.metric, curve.truth, one, two, groups=curve.groups)
