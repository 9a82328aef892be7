"""Two rounds, or two models of a project, beside each other on the same reserve labels."""

from __future__ import annotations

from dataclasses import dataclass

from labelwright.engine.project import Project
from labelwright.errors import NotFoundError
from labelwright.services.projects import access
from labelwright.services.site import Site
from labelwright.services.steering.curves import Measured, measured
from labelwright.services.steering.estimates import CurvePoint
from labelwright.services.steering.round_settings import Line, beside
from labelwright.services.steering.round_views import Difference, Reader, RoundView
from labelwright.services.steering.spending import spent
from labelwright.store import tables as t
from labelwright.store.rows import AnyRow, Rows
from labelwright.words import Figure, Reason, in_words


@dataclass(frozen=True)
class RoundComparison:
    """Two rounds.

    Attributes
    ----------
    settings : list of Line
        What each ran with, those that are equal too.
    difference : Difference, optional
        From the model at the end of the first to that at the end of the second.
    sentence : str
        What can be said of it.
    """

    first: RoundView
    second: RoundView
    settings: list[Line]
    difference: Difference | None
    sentence: str


@dataclass(frozen=True)
class ModelComparison:
    """Two models of a project, with what had been spent when each was trained."""

    first: CurvePoint
    second: CurvePoint
    difference: Difference | None
    sentence: str


def rounds(site: Site, slug: str, first: str, second: str) -> RoundComparison:
    """Two rounds by their ids.

    Raises
    ------
    NotFoundError
        If there is no such round.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        one, two = _round(rows, first), _round(rows, second)
        reader = Reader(site, store, rows, project)
        settings = beside(reader.settings.of(one), reader.settings.of(two))
        ends = [reader.ends(row)[1] for row in (one, two)]
        difference, sentence = compared(project, reader.curve, *ends)
        return RoundComparison(reader.view(one), reader.view(two), settings, difference, sentence)


def models(site: Site, slug: str, first: int, second: int) -> ModelComparison:
    """Two kept models by the numbers of their cycles.

    Raises
    ------
    NotFoundError
        If one is not on the learning curve.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
    curve = measured(site, store, project)
    at = [curve.position(cycle) for cycle in (first, second)]
    for cycle, position in zip((first, second), at, strict=True):
        if position is None:
            raise NotFoundError(f"There is no model {cycle} on the learning curve.", "It may not be kept any more.")
    with store.read() as rows:
        points = spent(rows, project, [curve.points[k] for k in at if k is not None])
    difference, sentence = compared(project, curve, *at)
    return ModelComparison(points[0], points[1], difference, sentence)


def _round(rows: Rows, round_id: str) -> AnyRow:
    row = rows.first(rows.select(t.round_).where(t.round_.c.id == round_id))
    if row is None:
        raise NotFoundError(f"There is no round '{round_id}'.")
    return row


def compared(
    project: Project, curve: Measured, first: int | None, second: int | None
) -> tuple[Difference | None, str]:  # fmt: skip
    """The difference between two places of the curve, and what to say of it.

    Parameters
    ----------
    first, second : int, optional
        Positions among the points of the curve; None for a model that is not on it.
    """
    if first is None or second is None:
        return None, in_words(Reason("compare-none"))
    if first == second:
        return None, in_words(Reason("compare-same"))
    metric = project.primary.metric
    found = curve.change(first, second)
    if found is None or not found.known:
        values = {"before": curve.points[first].estimate.value, "after": curve.points[second].estimate.value}
        return None, in_words(Reason("compare-unpaired", {"metric": metric, **values}))
    clear = found.low > 0 or found.high < 0
    figures: dict[str, Figure] = {
        "metric": metric, "change": found.value, "low": found.low, "high": found.high, "n": found.n,
    }  # fmt: skip
    said = [Reason("compare-clear" if clear else "compare-chance", figures)]
    smallest = curve.detectable(first, second)
    if not clear and smallest is not None:
        said.append(Reason("compare-detectable", {"smallest": smallest}))
    return Difference.of(found), " ".join(map(in_words, said))
