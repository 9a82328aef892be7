"""Certifying the goal on sealed labels: what it takes, asking for the labels, opening."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from labelwright.check import check_between, check_count
from labelwright.engine import answers, labels, sealed
from labelwright.engine.certificates import outcome_of
from labelwright.engine.goals import Goal
from labelwright.engine.importing.split import sealed_size_for
from labelwright.engine.layout import layout
from labelwright.engine.project import Project
from labelwright.errors import ConflictError, InputError
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.steering import estimates
from labelwright.stats.certify import POWER, critical_count, sealed_size, smallest_lead
from labelwright.store.project import ProjectStore
from labelwright.store.record.certificates import CertificateOpened, CertificationAsked
from labelwright.store.rows import Rows
from labelwright.words import NO_REASON, Reason

LEAD: Final = 0.03  # how far above the threshold a model is taken to be before anything is known of it


@dataclass(frozen=True)
class Opening:
    """One opening: pass or fail, and nothing more."""

    at: str
    by: str
    cycle: int
    n: int
    alpha: float
    threshold: float
    passed: bool


@dataclass(frozen=True)
class Certificate:
    """Where the certification of the goal stands.

    Attributes
    ----------
    why : Reason
        Why the goal cannot be certified, if so.
    threshold : float, optional
    metric : str
    n_sealed : int
        Sealed items that may count, one of each group.
    n_proposed : int, optional
        Labels that certify with a chance of 80 %, if the model is as good as measured now; None beyond those there are.
    smallest_lead : float, optional
        How far above the threshold the model must be for all sealed items to certify it with that chance.
    n_asked, n_labeled : int
        Labels asked for, and those that are there.
    openings, left : int
        Declared, and left.
    alpha : float
        Error of one opening.
    opened : list of Opening
        The oldest first.
    can_open : bool
        Whether all labels are there, an opening is left, and the model has not been tested on them.
    """

    why: Reason
    threshold: float | None
    metric: str
    n_sealed: int
    n_proposed: int | None
    smallest_lead: float | None
    n_asked: int
    n_labeled: int
    openings: int
    left: int
    alpha: float
    opened: list[Opening]
    can_open: bool


@dataclass(frozen=True)
class _Case:
    """What the acts look at."""

    project: Project
    goal: Goal | None
    items: sealed.Ints
    wanted: sealed.Ints
    n_labeled: int
    opened: list[Opening]
    openings: int


def show(site: Site, actor: Actor, slug: str) -> Certificate:
    """Where it stands."""
    store = site.project(slug)
    with store.read() as rows:
        case = _case(store, rows, access.ready(store, rows))
        latest = estimates.latest(rows, case.project.primary)
    names = {person: name for person, (name, _) in site.names().items()}
    why, goal = _why_not(case), case.goal
    alpha = sealed.alpha_of(case.openings)
    proposed = lead = None
    if goal is not None and not why:
        expected = goal.value + LEAD if latest is None or not latest.enough else latest.value
        proposed = _proposed(goal.value, expected, case.openings, len(case.items))
        found = smallest_lead(len(case.items), goal.value, n_openings=case.openings)
        lead = None if math.isnan(found) else found
    left = case.openings - len(case.opened)
    complete = 0 < len(case.wanted) == case.n_labeled
    untested = all(one.cycle != case.project.row.cycle for one in case.opened)
    opened = [Opening(o.at, names.get(o.by, o.by), o.cycle, o.n, o.alpha, o.threshold, o.passed) for o in case.opened]
    return Certificate(
        why, None if goal is None else goal.value, case.project.primary.metric, len(case.items), proposed, lead,
        len(case.wanted), case.n_labeled, case.openings, left, alpha, opened,
        complete and untested and left > 0 and not why,
    )  # fmt: skip


@dataclass(frozen=True)
class Certifiable:
    """What a project of a size could certify.

    Attributes
    ----------
    n_sealed : int
        Items that would be sealed; 0 where the goal cannot be certified.
    smallest_lead : float, optional
        How far above the goal a model must be for them to certify it with a chance of 80 %.
    """

    n_sealed: int
    smallest_lead: float | None


def certifiable(value: float, openings: int, n_items: int) -> Certifiable:
    """What so many items could certify of an accuracy, before the project is made.

    Raises
    ------
    InputError
        If the value is not between 0 and 1.
    """
    check_between("certificate", "value", value, 1e-9, 1 - 1e-9)
    n = sealed_size_for(value, openings, n_items)
    return Certifiable(n, smallest_lead(n, value, n_openings=openings) if n else None)


def ask(site: Site, actor: Actor, slug: str, n: int) -> Certificate:
    """Ask for the labels of the first ``n`` sealed items, which come before all others from the next training on.

    Raises
    ------
    ConflictError
        If the goal cannot be certified, or the sealed part has been opened: then its size stays.
    InputError
        If there are not so many sealed items, or so few cannot certify the goal even if all are right.
    """
    store = site.project(slug)
    with store.write() as transaction:
        project = access.changeable(store, transaction.rows)
        case = _case(store, transaction.rows, project)
        goal = _certifiable(case)
        check_count("certificate", "n", n, 1, len(case.items), "There are not more sealed items.")
        if case.opened and n != len(case.wanted):
            raise ConflictError(
                "certificate: the sealed labels were opened, so their number stays.",
                f"It is {len(case.wanted)}; {case.openings - len(case.opened)} openings are left.",
            )
        if critical_count(n, goal.value, alpha=sealed.alpha_of(case.openings)) > n:
            raise InputError(
                f"certificate: {n} labels cannot certify {goal.value:g} even if all of them are right.",
                "Ask for more, or declare fewer openings.",
            )
        if n != len(case.wanted):
            body = CertificationAsked(project.primary.id, goal.metric, goal.value, n, case.openings)
            transaction.record(body, actor=actor.person_id)
    return show(site, actor, slug)


def open_sealed(site: Site, actor: Actor, slug: str) -> Certificate:
    """Test the served model on the sealed labels; pass or fail is entered into the record, and spends an opening.

    Raises
    ------
    ConflictError
        If labels are missing, no opening is left, the served model was tested before, or its predictions are gone.
    """
    store = site.project(slug)
    with store.write() as transaction:
        rows = transaction.rows
        project = access.changeable(store, rows)
        case = _case(store, rows, project)
        goal = _certifiable(case)
        if not len(case.wanted) or case.n_labeled < len(case.wanted):
            raise ConflictError(
                f"certificate: all sealed labels asked for must be there, got {case.n_labeled} of {len(case.wanted)}.",
                "Label them first; items that cannot be answered can be excluded.",
            )
        if len(case.opened) >= case.openings:
            raise ConflictError(
                f"certificate: all {case.openings} openings are used.", "No further model can be certified here."
            )
        if any(one.cycle == project.row.cycle for one in case.opened):
            raise ConflictError(
                "certificate: the served model was tested already.", "Train a new one first; an opening is not wasted."
            )
        found = outcome_of(store, rows, project, case.wanted, project.row.cycle)
        if found is None:
            raise ConflictError("certificate: there are no predictions of the served model.", "Train first.")
        alpha = sealed.alpha_of(case.openings)
        body = CertificateOpened(
            project.row.cycle, project.primary.id, goal.metric, goal.value, found.n, len(case.opened) + 1, alpha,
            store.head_seq(rows), found.digest, found.passed(goal.value, alpha),
        )  # fmt: skip
        transaction.record(body, actor=actor.person_id)
    return show(site, actor, slug)


def _case(store: ProjectStore, rows: Rows, project: Project) -> _Case:
    n_items, question = project.row.n_items, project.primary
    where, without = layout(store, rows, n_items), answers.excluded(rows, n_items)
    items = sealed.candidates(where, without, project.seed)
    wanted = sealed.wanted(rows, project, where, without)
    found = labels.labels(store, rows, where, question, ordinals=wanted.tolist()) if len(wanted) else {}
    opened = [
        Opening(row.at, row.actor, o.cycle, o.n, o.alpha, o.threshold, o.passed) for row, o in sealed.openings(rows)
    ]
    last, goal = sealed.asked(rows), project.goal
    openings = last.openings if last is not None and opened else goal.openings if goal is not None else 1
    return _Case(project, goal, items, wanted, len(found), opened, openings)


def _proposed(threshold: float, expected: float, openings: int, n_there: int) -> int | None:
    """The number of labels that certifies with the usual chance, if there are so many.

    >>> _proposed(0.9, 0.95, 1, 1000), _proposed(0.9, 0.95, 1, 100), _proposed(0.72, 0.7201, 1, 10**9)
    (179, None, None)
    """
    if expected <= threshold:
        expected = threshold + LEAD
    try:
        size = sealed_size(threshold, min(expected, 1 - 1e-9), n_openings=openings, power=POWER)
    except InputError:  # so small a lead takes more than a million labels
        return None
    return size.n if size.n <= n_there else None


def _why_not(case: _Case) -> Reason:
    """Why the goal cannot be certified."""
    goal, question = case.goal, case.project.primary
    if goal is None:
        return Reason("certificate-no-goal")
    if not sealed.is_share(question.task, goal.metric):
        return Reason("certificate-no-share", {"metric": goal.metric})
    if not 0 < goal.value < 1:
        return Reason("certificate-no-threshold", {"value": goal.value})
    alpha = sealed.alpha_of(case.openings)
    if not len(case.items) or critical_count(len(case.items), goal.value, alpha=alpha) > len(case.items):
        return Reason("certificate-too-few", {"n": len(case.items), "value": goal.value})
    return NO_REASON


def _certifiable(case: _Case) -> Goal:
    why = _why_not(case)
    if why or case.goal is None:
        raise ConflictError(f"certificate: {why}")
    return case.goal
