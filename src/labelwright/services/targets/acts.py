"""Targets beside the goal, set by a lead; and a quota that follows from the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from labelwright.engine.targets import Target, check_targets
from labelwright.errors import ConflictError, InputError, NotFoundError
from labelwright.policy.constraints import AT_LEAST, SLICE, Constraint
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.steering.rounds import check_against_items
from labelwright.store import tables as t
from labelwright.store.clock import today
from labelwright.store.record.project import GoalChanged, PolicyChanged

LEAST_SHARE, MOST_SHARE = 0.01, 0.9


def set_targets(site: Site, actor: Actor, slug: str, targets: Sequence[Target], before: int | None) -> None:
    """Aim at these in parts of the items, besides the goal.

    Parameters
    ----------
    before : int, optional
        Labels that such a model took before, by what the lead knows.

    Raises
    ------
    ConflictError
        If the project has no goal, or searches.
    InputError, NotFoundError
        If a target is not possible, or its slice is not there.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        goal = project.goal
        if goal is None or goal.is_search:
            raise ConflictError("Targets of slices stand beside a goal of all items, and there is none.", "Set a goal.")
        known = set(rows.scalars(rows.select(t.saved_slice.c.id)))
        for one in targets:
            if one.slice not in known:
                raise NotFoundError(f"There is no slice '{one.slice}'.", "Save it first, on the page Items or Explore.")
        kept = {(one.slice, one.metric, one.deadline) for one in goal.targets}
        new = replace(goal, targets=tuple(targets), before=before).about(project.primary.looked_for)
        new.checked(project.primary.task)
        begun = [one for one in new.targets if (one.slice, one.metric, one.deadline) not in kept]
        check_targets(begun, project.primary.task, today=today())
        if new != goal:
            config = new.to_config(project.primary.task)
            transaction.record(GoalChanged(project.primary.id, new.metric, config), actor=actor.person_id)


def set_quota(site: Site, actor: Actor, slug: str, column: str, value: str, share: float) -> None:
    """Let so large a share of each batch for training come from a part of the items, or no particular one.

    Parameters
    ----------
    column, value : str
        A column of the items and its value, or "slice" and the name of a saved slice.
    share : float
        In [0.01, 0.9]; 0 takes the quota away.

    Raises
    ------
    InputError, ConflictError
        If the share is not possible, conflicts with other constraints, or there is no such slice.
    """
    if share and not LEAST_SHARE <= share <= MOST_SHARE:
        raise InputError(f"quota: a share must be 0, or from {LEAST_SHARE} to {MOST_SHARE}, got {share:g}.")
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        rules = [
            rule
            for rule in project.policy.rules()
            if not (rule.rule == AT_LEAST and rule.column == column and rule.value == value)
        ]
        if share and column == SLICE:
            check_against_items(transaction.rows, project, [Constraint(column, AT_LEAST, value, share=share)], 1)
        if share:
            rules.append(Constraint(column, AT_LEAST, value, share=share))
        policy = replace(project.policy, constraints=[rule.to_json() for rule in rules])
        if policy.to_config() != project.policy.to_config():
            transaction.record(PolicyChanged(policy.to_config()), actor=actor.person_id)
