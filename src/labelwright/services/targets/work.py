"""What the plan takes by kinds of item and by roles, at the rates that were measured in the last fourteen days."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import func

from labelwright.engine.layout import POOL
from labelwright.engine.project import Project
from labelwright.engine.quality import Profile, profiles
from labelwright.services.projects import table
from labelwright.services.site import Site
from labelwright.services.targets.pace import DAY, DAYS, HOUR
from labelwright.services.targets.standing import FAR
from labelwright.services.team.reviewers import gaps
from labelwright.store import tables as t
from labelwright.store.clock import iso
from labelwright.store.project import ProjectStore
from labelwright.store.record.reviews import DECIDED
from labelwright.store.record.standing import ANSWER
from labelwright.store.rows import AnyRow, Rows

LEAST: Final = 20  # measured times below which no rate is named
MOST_KINDS: Final = 12  # values of the cost column beyond which it names no kinds
ANNOTATORS, EXPERTS, REVIEWERS = "annotators", "experts", "reviewers"
Ordinals = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Kind:
    """Items with the same value of the cost column.

    Attributes
    ----------
    n_left : int
        Items of the pool without a label.
    n_measured : int
        Answers to such items with a time; below 20 seconds, labels, hours and cost are None.
    seconds : float, optional
        The median of an answer.
    doubt : float, optional
        How unsure the served model is of those that are left, on average, in [0, 1]; None without a model.
    labels : int, optional
        Of the missing labels for training, by the kinds that were asked about lately.
    """

    name: str
    n_left: int
    n_measured: int
    seconds: float | None
    doubt: float | None
    labels: int | None
    hours: float | None
    cost: float | None

    @property
    def doubt_per_hour(self) -> float | None:
        """What is asked about first: the doubt that an hour of answers looks at."""
        return None if self.doubt is None or not self.seconds else self.doubt * HOUR / self.seconds


@dataclass(frozen=True)
class Role:
    """What one role is to do.

    Attributes
    ----------
    role : str
        "annotators", "experts" or "reviewers".
    n_people : int
        Who worked in it in the last fourteen days.
    n_measured : int
        Times that the rates rest on; below 20 nothing else is named.
    labels : int, optional
        Labels for training that annotators and experts give, reviews that come, of the labels that are missing.
    hours, cost : float, optional
        With what is asked beside them to measure and to check; cost where the rates of all who worked are known.
    by : date, optional
        When it is done, at the pace of the last days.
    week_hours : float, optional
        In the next seven days, so that the earliest deadline is met.
    """

    role: str
    n_people: int
    n_measured: int
    seconds: float | None = None
    labels: int | None = None
    hours: float | None = None
    cost: float | None = None
    by: date | None = None
    week_hours: float | None = None


@dataclass(frozen=True)
class Work:
    """What is missing, by kinds of item in the order of priority, and by roles.

    Attributes
    ----------
    missing : int, optional
        Labels for training until all targets with a forecast are reached.
    kinds : list of Kind
        Empty where the data name no cost column, or one with too many values.
    least : int
        Measured times below which no rate is named.
    """

    missing: int | None
    kinds: list[Kind]
    roles: list[Role]
    least: int


def work(
    site: Site, store: ProjectStore, rows: Rows, project: Project, missing: int | None, week: int | None, today: date
) -> Work:
    """Share what is missing among kinds of item and roles.

    Parameters
    ----------
    missing : int, optional
        Labels for training that are missing in all.
    week : int, optional
        Those of the next seven days.
    """
    annotation, since = t.annotation, iso(time.time() - DAYS * DAY)
    given = rows.all(
        rows.select(annotation.c.at, annotation.c.person_id, annotation.c.seconds, annotation.c.ordinal,
                    t.item.c.split, t.item.c.cost_class)
        .where(annotation.c.kind == ANSWER, annotation.c.first, annotation.c.at >= since,
               t.item.c.ordinal == annotation.c.ordinal)
    )  # fmt: skip
    known, rates = profiles(rows), _Rates(project, profiles(rows))
    kinds = _kinds(site, store, rows, project, given, missing, rates)
    if not given:
        return Work(missing, kinds, [Role(ANNOTATORS, 0, 0)], LEAST)
    experts = {person for person, profile in known.items() if profile.expert}
    base = _Base(missing, week, len(_training(given)), _days(given), today)
    by_role = [(ANNOTATORS, [row for row in given if row.person_id not in experts])]
    if experts:
        by_role.append((EXPERTS, [row for row in given if row.person_id in experts]))
    roles = [_answering(role, own, base, rates) for role, own in by_role]
    reviewing = _reviewing(rows, since, base, rates)
    return Work(missing, kinds, roles if reviewing is None else [*roles, reviewing], LEAST)


@dataclass(frozen=True)
class _Base:
    """What all roles are counted against: missing labels, and labels for training of the last days."""

    missing: int | None
    week: int | None
    n_training: int
    n_days: int
    today: date

    def done(self, n_to_do: float, n_lately: int) -> date | None:
        """The day on which so much is done at the pace of the last days."""
        if not n_lately:
            return None
        days = math.ceil(n_to_do * self.n_days / n_lately)
        return self.today + timedelta(days=days) if days <= FAR else None


class _Rates:
    """What answers and hours cost: by what the goal says, else by the rates of those who worked."""

    def __init__(self, project: Project, known: Mapping[str, Profile]) -> None:
        self._label_cost = None if project.goal is None else project.goal.label_cost
        self._rates = {person: one.rate for person, one in known.items() if one.rate is not None}

    def of_answers(self, people: Sequence[str], n_answers: float, hours: float) -> float | None:
        """So many answers in so many hours, shared as these people shared theirs."""
        return self.of_hours(people, hours) if self._label_cost is None else self._label_cost * n_answers

    def of_hours(self, people: Sequence[str], hours: float) -> float | None:
        """So many hours; None unless the rates of all are known."""
        if not people or any(person not in self._rates for person in people):
            return None
        return hours * float(np.mean([self._rates[person] for person in people]))


def _kinds(
    site: Site, store: ProjectStore, rows: Rows, project: Project, given: Sequence[AnyRow], missing: int | None,
    rates: _Rates,
) -> list[Kind]:  # fmt: skip
    column = t.item.c.cost_class
    named = rows.select(column, func.count(), of=t.item).where(column.is_not(None), column != "").group_by(column)
    names = [str(name) for name, _ in rows.all(named.limit(MOST_KINDS + 1))]
    if not 1 < len(names) <= MOST_KINDS:
        return []
    annotated = table.annotated(site, store, rows, project, project.primary)
    confidence = table.opinion(site, store, rows, project, project.primary).confidence
    in_pool = table.split_of(store, rows, project).split == POOL
    open_ = in_pool & ~annotated.labeled & ~annotated.excluded
    lately = [row for row in given if row.split == POOL and row.cost_class in names]
    found = []
    for name in names:
        ordinals = np.array(rows.scalars(rows.select(t.item.c.ordinal).where(column == name)).all(), dtype=np.int64)
        ordinals = ordinals[ordinals < len(open_)]
        left = ordinals[open_[ordinals]]
        told = confidence[left][np.isfinite(confidence[left])]
        own = [row for row in given if row.cost_class == name]
        seconds = [row.seconds for row in own if row.seconds is not None]
        doubt = float(1 - told.mean()) if len(told) else None
        if len(seconds) < LEAST or missing is None or not lately:
            median = float(np.median(seconds)) if len(seconds) >= LEAST else None
            found.append(Kind(name, len(left), len(seconds), median, doubt, None, None, None))
            continue
        n_training, median = len(_training(lately)), float(np.median(seconds))
        labels = missing * len({row.ordinal for row in lately if row.cost_class == name}) / n_training
        answers = missing * len(own) / n_training
        hours = answers * median / HOUR
        cost = rates.of_answers([row.person_id for row in own], answers, hours)
        found.append(Kind(name, len(left), len(seconds), median, doubt, round(labels), hours, cost))
    return sorted(found, key=lambda one: (-(one.doubt_per_hour or 0.0), -one.n_left, one.name))


def _answering(role: str, own: list[AnyRow], base: _Base, rates: _Rates) -> Role:
    seconds = [row.seconds for row in own if row.seconds is not None]
    n_people = len({row.person_id for row in own})
    if len(seconds) < LEAST or not base.n_training:
        return Role(role, n_people, len(seconds))
    median = float(np.median(seconds))
    if base.missing is None:
        return Role(role, n_people, len(seconds), median)
    training = len(_training(own))
    labels, answers = (base.missing * n / base.n_training for n in (training, len(own)))
    hours = answers * median / HOUR
    return Role(
        role, n_people, len(seconds), median, round(labels), hours,
        rates.of_answers([row.person_id for row in own], answers, hours), base.done(labels, training),
        None if base.week is None else base.week * len(own) / base.n_training * median / HOUR,
    )  # fmt: skip


def _reviewing(rows: Rows, since: str, base: _Base, rates: _Rates) -> Role | None:
    """Reviews that come of the missing labels, and those that wait; None where nothing comes to review."""
    review = t.review
    opened = rows.all(rows.select(review).where(review.c.opened_at >= since))
    decided = rows.all(
        rows.select(review).where(review.c.state == DECIDED, review.c.decided_at >= since).order_by(review.c.decided_at)
    )
    waiting = int(rows.scalar(rows.select(func.count(), of=review).where(review.c.state != DECIDED)) or 0)
    if not opened and not decided and not waiting:
        return None
    people = sorted({row.decided_by for row in decided})
    times = np.concatenate([np.empty(0), *(gaps([row for row in decided if row.decided_by == who]) for who in people)])
    if len(times) < LEAST or not base.n_training:
        return Role(REVIEWERS, len(people), len(times))
    median = float(np.median(times))
    if base.missing is None:
        return Role(REVIEWERS, len(people), len(times), median)
    to_do = base.missing * len(opened) / base.n_training + waiting
    hours = to_do * median / HOUR
    in_week = None if base.week is None else (base.week * len(opened) / base.n_training + waiting) * median / HOUR
    cost = rates.of_hours([row.decided_by for row in decided], hours)
    return Role(
        REVIEWERS, len(people), len(times), median, round(to_do), hours, cost, base.done(to_do, len(decided)), in_week
    )


def _training(given: Sequence[AnyRow]) -> set[int]:
    return {row.ordinal for row in given if row.split == POOL}


def _days(given: Sequence[AnyRow]) -> int:
    first = np.datetime64(min(row.at[:10] for row in given))
    return int((np.datetime64(iso(time.time())[:10]) - first) / np.timedelta64(1, "D")) + 1
