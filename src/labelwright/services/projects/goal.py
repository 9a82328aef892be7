"""The goal of a project: set, changed or removed by its lead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from labelwright.engine.goals import NO_GOAL, Goal
from labelwright.engine.project import Project
from labelwright.errors import InputError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.store.clock import today
from labelwright.store.record.project import GoalChanged


@dataclass(frozen=True)
class GoalView:
    """A goal, and what is left of its time.

    Attributes
    ----------
    days_left : int, optional
        To the deadline; below 0 after it.
    """

    metric: str
    value: float
    higher_is_better: bool
    deadline: date | None
    days_left: int | None
    budget: int | None
    openings: int
    point_value: float | None
    label_cost: float | None
    prevalence: float | None


def view(project: Project) -> GoalView | None:
    """The goal as clients see it."""
    goal = project.goal
    if goal is None:
        return None
    days = None if goal.deadline is None else (goal.deadline - today()).days
    higher = goal.is_search or project.primary.task.higher_is_better(goal.metric)
    return GoalView(
        goal.metric, goal.value, higher, goal.deadline, days, goal.budget, goal.openings, goal.point_value,
        goal.label_cost, goal.prevalence,
    )  # fmt: skip


def set_goal(
    site: Site, actor: Actor, slug: str, goal: Goal | None, *, settings_version: int | None = None
) -> GoalView | None:
    """Aim at another goal from now on, or at none. Verdicts so far stay as they were reached.

    Raises
    ------
    InputError
        If the task has no such metric, or value, deadline or budget are not possible.
    ConflictError
        If the settings have changed since ``settings_version``, or the project is archived.
    """
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        access.check_settings_version(project, settings_version)
        question = project.primary
        if goal is not None and project.goal is not None:  # targets have a page of their own
            goal = replace(goal, targets=project.goal.targets, before=project.goal.before)
        if goal is not None:
            goal = goal.about(question.looked_for)
            kept = project.goal is not None and project.goal.deadline == goal.deadline
            goal.checked(question.task, today=None if kept else today())
        if goal != project.goal:
            config = NO_GOAL if goal is None else goal.to_config(question.task)
            metric = None if goal is None or goal.is_search else goal.metric
            if goal is not None and goal.is_search and question.positive is None:
                raise InputError(
                    "goal: a goal of recall needs the label that is searched for, got none.",
                    "Make a project with --positive LABEL, or aim at another metric.",
                )
            transaction.record(GoalChanged(question.id, metric, config), actor=actor.person_id)
    with store.read() as rows:
        return view(access.ready(store, rows))
