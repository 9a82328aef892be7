"""What a new project shall be, and the events it begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from labelwright import items, models
from labelwright.engine.goals import parse_goal
from labelwright.exchange import Columns
from labelwright.policy import Policy
from labelwright.services.roles import Actor
from labelwright.store.project import ProjectStore
from labelwright.tasks import Task

QUESTION_ID = "q_1"


@dataclass(frozen=True)
class Plan:
    """What a new project shall be; the defaults are those of the command line."""

    slug: str
    source: Path
    task: str
    columns: Columns = field(default_factory=Columns)
    labels: tuple[str, ...] = ()
    open_labels: bool = False
    labels_are: str = "training"
    title: str = ""
    question: str = ""
    guidelines: str = ""
    goal: str | None = None
    positive: str | None = None
    model: str | None = None
    scale: Mapping[str, Any] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    demo: bool = False
    seed: int = 0


def record_project(
    store: ProjectStore, actor: Actor, plan: Plan, columns: Columns, kind: items.ItemKind, task: Task
) -> None:
    """The first events: project, schema, guidelines."""
    config: dict[str, Any] = {
        "title": plan.title or plan.slug, "kind": kind.name, "task": task.name, "columns": asdict(columns),
        "labels_are": plan.labels_are, "policy": plan.policy.to_config(), "goal": plan.goal, "seed": plan.seed,
        "model": plan.model or models.default(task, kind.name), "metric": task.default_metric, "demo": plan.demo,
        "positive": None, "rules": [],
    }  # fmt: skip
    models.make(config["model"], task)
    if plan.goal:
        metric, value = parse_goal(plan.goal, task)
        config |= {"metric": metric, "target": value}
        config["rules"] = [
            {"name": "target", "params": {"threshold": value, "higher_is_better": task.higher_is_better(metric)}}
        ]
    if plan.positive:
        answer = task.parse(plan.positive)
        config["positive"] = answer
    with store.write() as transaction:
        transaction.record("project.created", {"slug": plan.slug, "config": config}, actor=actor.person_id)
        transaction.record(
            "schema",
            {
                "question": QUESTION_ID, "name": plan.question or default_question(task), "task": task.name,
                "primary": True, "version": 1, "body": task.schema,
            },
            actor=actor.person_id,
        )  # fmt: skip
        transaction.record(
            "guideline", {"version": 1, "text": transaction.seal(plan.guidelines)}, actor=actor.person_id
        )


def default_question(task: Task) -> str:
    """What is asked where nobody said."""
    return {"classification": "Which label fits?", "multilabel": "Which labels fit?"}.get(
        task.name, "What is the value?"
    )
