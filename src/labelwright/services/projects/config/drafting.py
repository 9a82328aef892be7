"""A project file, or what it says, as the draft of a new project.

.. code-block:: toml

    [project]
    source = "findings.csv"
    text = "report"

    [[question]]
    id = "finding"
    task = "classification"
    labels = ["normal", "abnormal"]
    primary = true

    [[question]]
    id = "severity"
    task = "regression"
    min = 0
    max = 10
    required = false
"""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from labelwright.engine.goals import Goal
from labelwright.engine.quality import QualityRules
from labelwright.errors import InputError
from labelwright.exchange import Columns
from labelwright.plain import JsonObject
from labelwright.policy import Policy
from labelwright.services.projects.config.document import Document, Table, parse
from labelwright.services.projects.config.tables import ROLES, SCALE
from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft


def draft_of(path: Path, values: Table, *, slug: str, source: Path | None = None) -> ProjectDraft:
    """The draft that a project file describes.

    Parameters
    ----------
    source : Path, optional
        Overrules the file's; one in the file is relative to it.

    Raises
    ------
    InputError
        Naming the table and the key that is unknown, missing or of another type.
    """
    return drafted(parse(values, file=path.name, folder=path.parent), path.parent, slug=slug, source=source)


def drafted(document: Document, folder: Path, *, slug: str, source: Path | None = None) -> ProjectDraft:
    """The draft that the tables of a project file describe; slices, targets and people are added once it is there."""
    project, file = document.table("project"), document.file
    if not document.rows("question"):
        raise InputError(f"{file}: there must be one [[question]] or more, got none.")
    named = project.get("source")
    if source is None:
        if named is None:
            raise InputError(f"{file}: [project] must name a source.", "Or give SOURCE on the command line.")
        source = folder / str(named)
    given: dict[str, Any] = {key: project[key] for key in ("labels_are", "title", "seed", "encoder") if key in project}
    return ProjectDraft(
        slug=slug,
        source=source,
        questions=tuple(_question(n, question) for n, question in enumerate(document.rows("question"), 1)),
        columns=Columns.from_dict({role: project.get(role) for role in ROLES}),
        goal=goal_of(document.table("goal")),
        policy=_first_policy(document),
        quality=None if "quality" not in document.single else quality_of(document.table("quality")),
        **given,
    )


def _first_policy(document: Document) -> Policy:
    """The policy without quotas of slices, which are set when the slices are there."""
    policy = Policy.from_config(document.table("policy"))
    return replace(policy, constraints=[rule for rule in policy.rules() if rule.of_slice is None])


def goal_of(goal: JsonObject) -> Goal | None:
    """The goal of a table; None if it is empty.

    >>> goal_of({"metric": "accuracy", "value": 0.9, "deadline": "2027-03-31"}).deadline.year
    2027
    """
    if not goal:
        return None
    given: dict[str, Any] = {key: value for key, value in goal.items() if key != "deadline"}
    deadline = goal.get("deadline")
    return Goal(**{**given, "value": float(given["value"])}).until(None if deadline is None else str(deadline))


def quality_of(quality: JsonObject, before: QualityRules | None = None) -> QualityRules:
    """The rules of a table; what it does not mention is as before, or has its default."""
    known: JsonObject = {} if before is None else before.to_config()
    return QualityRules.from_config({"quality": {**known, **quality}})


def _question(number: int, values: JsonObject) -> QuestionDraft:
    known = {field.name for field in fields(QuestionDraft)}
    given: dict[str, Any] = {"id": f"q_{number}", "primary": False, **values}
    given["labels"] = tuple(given.get("labels", ()))
    given["label_ids"] = tuple(given.get("label_ids", ()))
    scale: JsonObject = {name: values[name] for name in SCALE if name in values}
    return QuestionDraft(**{name: value for name, value in given.items() if name in known}, scale=scale)
