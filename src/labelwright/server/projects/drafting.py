"""From the body of a request to the draft of a project."""

from __future__ import annotations

from pathlib import Path

from labelwright import models
from labelwright.check import check_one_of
from labelwright.engine.goals import Goal
from labelwright.exchange import Columns
from labelwright.models.automatic import AUTO
from labelwright.policy import Policy
from labelwright.server.projects.goal_schemas import NewGoal
from labelwright.server.projects.question_schemas import NewQuestion
from labelwright.server.projects.schemas import NewProject, StartFrom
from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft
from labelwright.services.projects.source import SourceDraft


def draft_of(body: NewProject, source: Path, source_file: Path | None = None) -> ProjectDraft:
    """What a request asks for; the fields of a single question are one question.

    Parameters
    ----------
    source_file : Path, optional
        The file of labels that the project starts from, where it is an upload.

    Raises
    ------
    InputError
        If the model is not one of those there are: no path to code is taken from a request.
    """
    for name in (body.model, *(question.model for question in body.questions or ())):
        if name is not None:
            check_one_of("create", "model", name, (AUTO, *models.names()))
    if body.questions:
        questions = tuple(_question(question, number) for number, question in enumerate(body.questions, 1))
    else:
        questions = (
            QuestionDraft(
                task=body.task or "classification", text=body.question, labels=tuple(body.labels or ()),
                open_labels=body.open_labels, guidelines=body.guidelines, positive=body.positive or None,
                model=body.model,
                scale={"min": body.min, "max": body.max, "step": body.step, "unit": body.unit},
            ),
        )  # fmt: skip
    return ProjectDraft(
        slug=body.slug,
        source=source,
        questions=questions,
        columns=Columns.from_dict(body.columns.model_dump()),
        labels_are=body.labels_are,
        title=body.title,
        goal=_goal(body.goal),
        encoder=",".join(body.encoders) if body.encoders else None,
        policy=Policy(strategy=body.strategy, batch_size=body.batch_size, overlap=body.overlap),
        start_from=None if body.start_from is None else source_draft(body.start_from, source_file),
        seed=body.seed,
    )


def source_draft(body: StartFrom, file: Path | None) -> SourceDraft:
    """Which labels of another domain a request names; the file is its upload."""
    return SourceDraft(project=body.project, snapshot=body.snapshot, path=file, label=body.label or None)


def _goal(body: str | NewGoal | None) -> Goal | None:
    if not body:
        return None
    return Goal.parse(body) if isinstance(body, str) else Goal(**body.model_dump())


def _question(body: NewQuestion, number: int) -> QuestionDraft:
    return QuestionDraft(
        id=body.id or f"q_{number}", task=body.task, text=body.text, labels=tuple(body.labels or ()),
        open_labels=body.open_labels, column=body.column or None, required=body.required, primary=body.primary,
        guidelines=body.guidelines, positive=body.positive or None, model=body.model, metric=body.metric,
        scale={"min": body.min, "max": body.max, "step": body.step, "unit": body.unit},
    )  # fmt: skip
