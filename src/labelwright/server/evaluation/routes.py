"""How good the published model is, measured on the reserve, and what it gets wrong."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query

from labelwright.errors import InputError
from labelwright.server.evaluation.schemas import (
    AskedLooks,
    Evaluation,
    MetricLine,
    SentLooks,
    SliceItems,
    Slices,
    Worst,
)
from labelwright.server.permissions import TheSite, need
from labelwright.services.evaluation import page, second_looks, slicing
from labelwright.services.evaluation import worst as errors
from labelwright.services.people.roles import Actor
from labelwright.tasks.metrics import Options

router = APIRouter(prefix="/projects/{slug}/evaluation", tags=["evaluation"])
Reader = Annotated[Actor, need("progress.read")]
ItemReader = Annotated[Actor, need("item.read")]
Reviewer = Annotated[Actor, need("review")]
QuestionId = Annotated[str | None, Query(max_length=40)]
Name = Annotated[str, Query(max_length=200)]
Words = Annotated[str | None, Query(max_length=200)]
Share = Annotated[float | None, Query(gt=0, le=1)]
MOST_CLASSES = 60


@router.get("", response_model=Evaluation)
def show_evaluation(slug: str, site: TheSite, actor: Reader, question: QuestionId = None) -> Any:
    """All figures of the published model on the reserve: metrics, classes, reliability, windows, people's errors."""
    return page.show(site, actor, slug, question_id=question)


@router.get("/metric", response_model=MetricLine)
def show_metric(
    slug: str, site: TheSite, actor: Reader, name: Name, question: QuestionId = None,
    positive: Annotated[str | None, Query(max_length=40)] = None, recall: Share = None, precision: Share = None,
    costs: Annotated[str | None, Query(max_length=4000)] = None,
) -> Any:  # fmt: skip
    """One metric by its name, such as top-3 or precision-at-recall; costs are rows such as 0,1/5,0."""
    options = Options(recall=recall, precision=precision, cost_matrix=None if costs is None else _matrix(costs))
    return page.metric(site, slug, name, options, question_id=question, label=positive)


@router.get("/slices", response_model=Slices)
def show_slices(
    slug: str, site: TheSite, actor: Reader, question: QuestionId = None,
    metric: Annotated[str | None, Query(max_length=200)] = None,
    by: Annotated[str | None, Query(max_length=310)] = None, search: Words = None,
) -> Any:  # fmt: skip
    """A metric by slice, the worst first; shrunk, with intervals and p-values corrected for the number of slices."""
    return slicing.slices(site, slug, question_id=question, metric=metric, by=by, search=search)


@router.get("/slices/items", response_model=SliceItems)
def show_slice_items(
    slug: str, site: TheSite, actor: ItemReader, column: Annotated[str, Query(max_length=310)],
    value: Annotated[str, Query(max_length=400)], question: QuestionId = None, search: Words = None,
) -> Any:  # fmt: skip
    """The items of one slice, those that the model gets wrong first."""
    return slicing.slice_items(site, actor, slug, column, value, question_id=question, search=search)


@router.get("/worst", response_model=Worst)
def show_worst(slug: str, site: TheSite, actor: ItemReader, question: QuestionId = None) -> Any:
    """Items of the reserve on which the model was surest, or farthest off, and wrong."""
    return errors.worst(site, actor, slug, question_id=question)


@router.post("/reviews", response_model=SentLooks, status_code=201)
def send_to_review(slug: str, body: AskedLooks, site: TheSite, actor: Reviewer) -> Any:
    """Open reviews of items of the reserve, and of as many on which label and model agree, drawn at random."""
    return second_looks.send(site, slug, body.items, question_id=body.question)


def _matrix(text: str) -> Any:
    rows = [row.split(",") for row in text.split("/")]
    try:
        return np.array([[float(cell) for cell in row] for row in rows])
    except ValueError:
        raise InputError(
            f"evaluation: costs must be rows of as many numbers each, such as 0,1/5,0, got '{text[:60]}'."
        ) from None
