"""A project as runs of an MLflow server: one for each round, and one for the project as it stands."""

from __future__ import annotations

from contextlib import suppress

from labelwright.errors import NotReadyError
from labelwright.services.people.roles import Actor
from labelwright.services.record import model
from labelwright.services.reporting import report
from labelwright.services.reporting.page import page
from labelwright.services.site import Site
from labelwright.services.steering.estimates import EstimateView
from labelwright.services.steering.round_views import RoundView
from labelwright.tracking.mlflow_ import Point, Sent, TrackedRun, send

PROJECT, ROUND = "labelwright.project", "labelwright.round"
OVERALL = "all"  # the value of the tag ROUND of the run that is about the whole project


def send_project(
    site: Site, actor: Actor, slug: str, uri: str, experiment: str | None = None, *, with_model: bool = True
) -> Sent:
    """Send what a project has come to; sent again, the same runs are brought up to date.

    Parameters
    ----------
    experiment : str, optional
        ``labelwright/NAME`` if left out.
    with_model : bool
        Whether the file of the model that serves goes along. It may hold words of the items.

    Raises
    ------
    MissingExtraError, UnreachableError
        If mlflow is not installed, or the server does not take it.
    """
    return send(uri, experiment or f"labelwright/{slug}", runs_of(site, actor, slug, with_model=with_model))


def runs_of(site: Site, actor: Actor, slug: str, *, with_model: bool = True) -> list[TrackedRun]:
    """The runs; the report among their files has no texts of items and no names of people."""
    project_id = site.project(slug).project_id
    collected = report.collect(site, actor, slug)
    files = {"report.html": page(collected).encode()}
    if with_model:
        with suppress(NotReadyError):  # none was trained yet
            files[f"model/{slug}.model.zip"] = model.write(site, actor, slug)
    progress = collected.progress
    points = [
        point for one in progress.curve if one.estimate is not None for point in _points(one.estimate, "", one.cycle)
    ]
    counts = progress.counts
    points += [
        Point(name, float(value), counts.answers)
        for name, value in (("labeled", counts.labeled), ("reserve labeled", counts.reserve_labeled))
    ]
    overall = TrackedRun(
        slug, {PROJECT: project_id, ROUND: OVERALL}, params={"metric": progress.metric}, tags={"project": slug},
        points=points, files=files, ended=False,
    )  # fmt: skip
    return [overall, *(_round(project_id, slug, one) for one in collected.rounds)]


def _round(project_id: str, slug: str, view: RoundView) -> TrackedRun:
    points = [Point("answers", view.answers, view.answers), Point("seconds", view.seconds, view.answers)]
    for when, estimate in (("before", view.before), ("after", view.after)):
        if estimate is not None:
            points += _points(estimate, f" {when}", estimate.n_labels)
    return TrackedRun(
        f"{slug}, round {view.number}", {PROJECT: project_id, ROUND: str(view.number)},
        params={"strategy": view.strategy, "planned": str(view.planned), "started_at": view.started_at},
        tags={"project": slug, "state": view.state, "verdict": view.verdict}, points=points,
        ended=view.ended_at is not None,
    )  # fmt: skip


def _points(estimate: EstimateView, suffix: str, step: int) -> list[Point]:
    values = (("", estimate.value), (" low", estimate.low), (" high", estimate.high))
    return [Point(f"{estimate.metric}{bound}{suffix}", value, step) for bound, value in values]
