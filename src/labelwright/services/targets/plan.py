"""The labeling plan: what is to be reached first, by how many labels, of whom, until when, and who is needed for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from labelwright.engine.goals import Goal
from labelwright.engine.layout import POOL, layout
from labelwright.engine.parts import Filter
from labelwright.engine.project import Project
from labelwright.errors import NotFoundError
from labelwright.policy.constraints import AT_LEAST, SLICE
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.projects.filters import in_slice
from labelwright.services.site import Site
from labelwright.services.steering import curves
from labelwright.services.targets.kept import Kept, Saving, kept, saving
from labelwright.services.targets.pace import Pace, pace
from labelwright.services.targets.standing import OUT_OF_REACH, REACHED, TOO_EARLY, Aim, Standing, stand
from labelwright.services.targets.work import Work, work
from labelwright.store import tables as t
from labelwright.store.clock import today as today_now
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows
from labelwright.words import Figure, Reason, in_words

WEEK: Final = 7
MOST_QUOTA: Final = 0.5
BOOST: Final = 2.0  # a slice that lags is asked twice as often as it occurs, by rule of thumb


@dataclass(frozen=True)
class Quota:
    """A share of each batch for training that comes from a part of the items.

    Attributes
    ----------
    now : float, optional
        The share that the policy asks for at least; None without a quota.
    proposed : float, optional
        None where none is needed.
    """

    column: str
    value: str
    of_pool: float
    now: float | None
    proposed: float | None


@dataclass(frozen=True)
class Line:
    """One target, in the order of priority.

    Attributes
    ----------
    quota : Quota, optional
        None for all items.
    text : str
        Where it stands, in a sentence.
    """

    aim: Aim
    standing: Standing
    quota: Quota | None
    text: str


@dataclass(frozen=True)
class Staffing:
    """Who is needed for how many hours in the next seven days, so that the earliest deadline is met.

    Attributes
    ----------
    labels : int
        Labels for training in those days.
    annotators, experts : float
        Hours; experts answer the chosen items that the model doubts most.
    """

    labels: int
    annotators: float
    experts: float
    until: date


@dataclass(frozen=True)
class Plan:
    """The labeling plan as of now.

    Attributes
    ----------
    before : int, optional
        Labels that such a model took before, by what the lead said.
    staffing : Staffing, optional
        None without a deadline, a pace or anything missing.
    """

    lines: list[Line]
    pace: Pace
    n_labels: int
    before: int | None
    staffing: Staffing | None
    kept: Kept
    saving: Saving | None
    work: Work


def show(site: Site, actor: Actor, slug: str) -> Plan:
    """The plan of a project; nothing in it where there is no goal."""
    store, today = site.project(slug), today_now()
    with store.read() as rows:
        project = access.ready(store, rows)
        overall = curves.measured(site, store, project)
        n_labels = overall.points[-1].n_labels if overall.points else 0
        going = pace(rows, project, n_labels)
        goal = project.goal
        lines = [] if goal is None or goal.is_search else _lines(site, store, rows, project, goal, going, today)
        held = kept(rows, project)
        lines.sort(key=_priority)
        staffed = _staffing(project, lines, going, today)
        missing = max((line.standing.missing for line in lines if line.standing.missing is not None), default=None)
        todo = work(site, store, rows, project, missing, None if staffed is None else staffed.labels, today)
    gain = before = None
    if goal is not None and not goal.is_search:
        before = goal.before
        gain = saving(goal, overall.points, higher_is_better=project.primary.task.higher_is_better(goal.metric))
    return Plan(lines, going, n_labels, before, staffed, held, gain, todo)


def _lines(
    site: Site, store: ProjectStore, rows: Rows, project: Project, goal: Goal, going: Pace, today: date
) -> list[Line]:
    higher = project.primary.task.higher_is_better
    aim = Aim(None, "", goal.metric, goal.value, higher(goal.metric), goal.deadline)
    lines = [_line(aim, stand(aim, curves.measured(site, store, project).points, going, today), None)]
    in_pool = layout(store, rows, project.row.n_items).split == POOL
    head = store.head_seq(rows)
    for one in goal.targets:
        try:
            keep = in_slice(site, store, rows, project, one.slice).keep
        except NotFoundError:  # the slice was removed; the target says so by standing nowhere
            gone = Aim(one.slice, "", one.metric, one.value, higher(one.metric), one.deadline)
            lines.append(_line(gone, Standing(None, TOO_EARLY), None))
            continue
        saved = rows.one(rows.select(t.saved_slice).where(t.saved_slice.c.id == one.slice))
        of_slice = Aim(one.slice, saved.name, one.metric, one.value, higher(one.metric), one.deadline or goal.deadline)
        points = curves.measured_in(site, store, project, keep, one.metric, f"{one.slice} {saved.seq} {head}").points
        standing = stand(of_slice, points, going, today)
        wanted = None if saved.filter is None else Filter.from_stored(saved.filter)
        lines.append(_line(of_slice, standing, _quota(project, saved.name, wanted, keep, in_pool, standing)))
    return lines


def _line(aim: Aim, standing: Standing, quota: Quota | None) -> Line:
    figures: dict[str, Figure] = {"goal": aim.value, "metric": aim.metric}
    if standing.now is not None:
        now = standing.now
        figures |= {"value": now.value, "low": now.low, "high": now.high, "n": now.n}
    if standing.missing is not None:
        least, most = standing.missing_low or 0, standing.missing_high
        range_ = f"{least:,} or more" if most is None else f"{least:,} to {most:,}"
        figures |= {"missing": standing.missing, "range": range_}
    code = f"aim-{standing.state}"
    if standing.now is None:
        code = "aim-unmeasured"
    elif standing.state != REACHED and standing.missing == 0:
        code = "aim-there"
    elif standing.state not in (REACHED, TOO_EARLY) and standing.missing is None:
        code = "aim-beyond"
    elif standing.state == OUT_OF_REACH and standing.chance_in_time is not None:
        code = "aim-too-late"
    return Line(aim, standing, quota, in_words(Reason(code, figures)))


def _quota(
    project: Project, name: str, wanted: Filter | None, keep: npt.NDArray[np.bool_], in_pool: npt.NDArray[np.bool_],
    standing: Standing,
) -> Quota | None:  # fmt: skip
    """The quota of a slice, by column and value where it is one; it is proposed one while it lags."""
    column, value = SLICE, name
    if wanted is not None and wanted.column and wanted == Filter(column=wanted.column, value=wanted.value):
        column, value = wanted.column, str(wanted.value)
    of_pool = float((keep & in_pool).sum() / max(int(in_pool.sum()), 1))
    rules = [
        rule
        for rule in project.policy.rules()
        if rule.rule == AT_LEAST and (rule.column, rule.value) in ((column, value), (SLICE, name))
    ]
    now = rules[0].share if rules else None
    lags = standing.now is not None and standing.state not in (REACHED, TOO_EARLY)
    proposed = round(min(MOST_QUOTA, BOOST * of_pool), 2) if lags and of_pool else None
    if proposed is not None and (proposed <= of_pool or (now is not None and now >= proposed)):
        proposed = None
    if rules:
        column, value = rules[0].column, str(rules[0].value)  # a quota of the slice itself stays one
    return Quota(column, value, of_pool, now, proposed)


def _priority(line: Line) -> tuple[bool, date, float]:
    """What is not reached first, then the earliest deadline, then the smallest chance."""
    chance = line.standing.chance
    return line.standing.state == REACHED, line.aim.deadline or date.max, 1.0 if chance is None else chance


def _staffing(project: Project, lines: list[Line], going: Pace, today: date) -> Staffing | None:
    """The labels that are missing until the earliest deadline, spread evenly over the days to it."""
    open_ = [line for line in lines if line.standing.missing and line.aim.deadline is not None]
    if not open_ or going.seconds is None:
        return None
    first = min(open_, key=lambda line: line.aim.deadline or date.max)
    assert first.aim.deadline is not None and first.standing.missing is not None
    days = max((first.aim.deadline - today).days, 1)
    labels = round(first.standing.missing * min(WEEK / days, 1.0))
    hours = going.hours(labels) or 0.0
    expert = project.policy.expert_share * (1 - project.policy.random_share) * (1 - project.policy.reserve_share)
    return Staffing(labels, hours * (1 - expert), hours * expert, first.aim.deadline)
