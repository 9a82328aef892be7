"""What a lead sets about a project: its state, goal, questions, labels and guidelines."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from labelwright.engine.goals import Goal
from labelwright.server.permissions import TheSite, need
from labelwright.server.projects.goal_schemas import ChangedGoal
from labelwright.server.projects.question_schemas import (
    ChangedQuestion,
    Guidelines,
    NewGuidelines,
    NewLabel,
    Question,
)
from labelwright.server.projects.schemas import ProjectDetail
from labelwright.services.people.roles import Actor
from labelwright.services.projects import archive, goal, overview, questions, schema

router = APIRouter(prefix="/projects/{slug}", tags=["settings"])
Manager = Annotated[Actor, need("project.manage")]


@router.post("/pause", response_model=ProjectDetail)
def pause(slug: str, site: TheSite, actor: Manager) -> Any:
    """Stop handing out items and training; answers to leased items are still taken."""
    return overview.pause(site, actor, slug)


@router.post("/resume", response_model=ProjectDetail)
def resume(slug: str, site: TheSite, actor: Manager) -> Any:
    """Go on."""
    return overview.resume(site, actor, slug)


@router.post("/archive", response_model=ProjectDetail)
def archive_project(slug: str, site: TheSite, actor: Manager) -> Any:
    """Keep the project for reading: nothing is handed out, trained or changed."""
    archive.archive(site, actor, slug)
    return overview.show(site, actor, slug)


@router.post("/unarchive", response_model=ProjectDetail)
def unarchive_project(slug: str, site: TheSite, actor: Manager) -> Any:
    """Go on with an archived project."""
    archive.unarchive(site, actor, slug)
    return overview.show(site, actor, slug)


@router.put("/goal", response_model=ProjectDetail)
def change_goal(slug: str, body: ChangedGoal, site: TheSite, actor: Manager) -> Any:
    """Aim at another metric, number, deadline or budget from now on, or at none."""
    wanted = body.goal
    aim = None if wanted is None else Goal(**wanted.model_dump())
    goal.set_goal(site, actor, slug, aim, settings_version=body.settings_version)
    return overview.show(site, actor, slug)


@router.patch("/questions/{question_id}", response_model=Question)
def change_question(slug: str, question_id: str, body: ChangedQuestion, site: TheSite, actor: Manager) -> Any:
    """Reword a question; rename, reorder, add and remove labels. Answers keep their meaning."""
    labels = None if body.labels is None else [schema.LabelChange(label.id, label.name) for label in body.labels]
    return schema.change_question(
        site, actor, slug, question_id, text=body.text, labels=labels, open_labels=body.open_labels,
        settings_version=body.settings_version,
    )  # fmt: skip


@router.put("/guidelines", response_model=Guidelines)
def write_guidelines(slug: str, body: NewGuidelines, site: TheSite, actor: Manager) -> Any:
    """Store new guidelines as a new version."""
    pinned = None if body.examples is None else [questions.NewExample(**one.model_dump()) for one in body.examples]
    return questions.write_guidelines(
        site, actor, slug, body.markdown, question=body.question, pinned=pinned, settings_version=body.settings_version
    )


@router.post("/labels", response_model=Question, status_code=201)
def add_label(slug: str, body: NewLabel, site: TheSite, actor: Annotated[Actor, need("label.add")]) -> Any:
    """Add a label to an open schema; a new schema version."""
    return schema.add_label(site, actor, slug, body.name, question=body.question)
