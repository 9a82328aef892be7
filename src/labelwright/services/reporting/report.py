"""The report of a project: what was aimed at, reached and spent, what was tried, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func

from labelwright.services.evaluation import page as evaluation
from labelwright.services.evaluation.metrics import MetricLine
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.projects import goal as goals
from labelwright.services.projects.goal import GoalView
from labelwright.services.reporting.decisions import Decision, decisions
from labelwright.services.site import Site
from labelwright.services.steering import progress
from labelwright.services.steering.fork_views import ForkView
from labelwright.services.steering.fork_views import view as fork_view
from labelwright.services.steering.progress import Progress
from labelwright.services.steering.round_views import Reader, RoundView
from labelwright.services.stopping import advice
from labelwright.services.targets import plan
from labelwright.services.targets.told import told
from labelwright.store import tables as t
from labelwright.store.clock import now


@dataclass(frozen=True)
class Report:
    """What the report tells.

    Attributes
    ----------
    made_at : str
        ISO, in UTC.
    questions : list of str
        What is asked about each item.
    n_people : int
        Who answered; nobody is named.
    n_reserve : int
        Labels that the model is measured on.
    rounds : list of RoundView
        The oldest first.
    forks : list of ForkView
        The oldest first.
    advice : list of str
        Whether to stop, and where the curve goes.
    plan : list of str
        Targets, kinds of item and roles in the order of priority; empty without a goal.
    """

    title: str
    made_at: str
    questions: list[str]
    goal: GoalView | None
    progress: Progress
    n_people: int
    n_reserve: int
    metrics: list[MetricLine]
    rounds: list[RoundView]
    forks: list[ForkView]
    decisions: list[Decision]
    advice: list[str]
    plan: list[str]


def collect(site: Site, actor: Actor, slug: str) -> Report:
    """Everything that the report tells, as of now."""
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        table, round_ = t.annotation, t.round_
        n_people = rows.scalar(rows.select(func.count(func.distinct(table.c.person_id)), of=table))
        reader = Reader(site, store, rows, project)
        rounds = [reader.view(row) for row in rows.all(rows.select(round_).order_by(round_.c.number))]
        found = rows.all(rows.select(t.fork).order_by(t.fork.c.number))
        forks = [fork_view(site, store, rows, project, row) for row in found]
        decided = decisions(store, rows, project)
    measured = evaluation.show(site, actor, slug, question_id=project.primary.id)
    stop = advice.show(site, actor, slug)
    said = [stop.text] if stop.forecast is None else [stop.text, stop.forecast.text]
    return Report(
        project.title or slug, now(), [question.text for question in project.questions], goals.view(project),
        progress.show(site, actor, slug), int(n_people or 0), measured.n, measured.metrics, rounds, forks, decided,
        said, told(plan.show(site, actor, slug)),
    )  # fmt: skip


def html(site: Site, actor: Actor, slug: str) -> str:
    """The report as one HTML page that loads nothing and runs no script."""
    from labelwright.services.reporting.page import page

    return page(collect(site, actor, slug))
