"""A project as a TOML file: read into a draft. Flags of the command line overrule what it says.

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

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from labelwright.engine.goals import Goal
from labelwright.errors import InputError
from labelwright.exchange import Columns
from labelwright.policy import Policy
from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft

ROLES: Final = ("id", "text", "image", "features", "label", "group", "time", "domain", "cost")
PROJECT: Final = ("name", "source", "title", "labels_are", "seed", "encoder", *ROLES)
GOAL: Final = ("metric", "value", "deadline", "budget", "openings", "point_value", "label_cost", "prevalence")
SCALE: Final = ("min", "max", "step", "unit")
QUESTION: Final = (
    "id", "task", "text", "labels", "open_labels", "column", "primary", "required", "guidelines", "positive", "model",
    "metric", *SCALE,
)  # fmt: skip
POLICY: Final = ("strategy", "batch_size", "overlap", "random_share", "reserve_share", "guard", "approval")
Table = Mapping[str, object]


def is_project_file(values: Table) -> bool:
    """Whether a TOML file has the tables of a project; else it holds options of the command line."""
    return "question" in values or "project" in values


def read_toml(path: Path) -> dict[str, object]:
    """The values of a TOML file; ``InputError`` if it cannot be read."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"create: --config must be a readable TOML file ({error}).") from error


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
    _check_keys(path, "the file", values, ("project", "question", "goal", "policy"))
    project = _table(path, values, "project")
    _check_keys(path, "[project]", project, PROJECT)
    questions = values.get("question")
    if not isinstance(questions, list) or not questions:
        raise InputError(f"{path.name}: there must be one [[question]] or more, got none.")
    named = project.get("source")
    if source is None:
        if not isinstance(named, str):
            raise InputError(f"{path.name}: [project] must name a source.", "Or give SOURCE on the command line.")
        source = path.parent / named
    roles = {role: project.get(role) for role in ROLES}
    return ProjectDraft(
        slug=slug,
        source=source,
        questions=tuple(_question(path, number, question) for number, question in enumerate(questions, 1)),
        columns=Columns.from_dict(roles),
        labels_are=_text(path, "[project] labels_are", project.get("labels_are", "training")),
        title=_text(path, "[project] title", project.get("title", "")),
        goal=_goal(path, values),
        encoder=None if project.get("encoder") is None else _text(path, "[project] encoder", project["encoder"]),
        policy=_policy(path, values),
        seed=_whole(path, "[project] seed", project.get("seed", 0)),
    )


def _question(path: Path, number: int, values: object) -> QuestionDraft:
    where = f"[[question]] {number}"
    if not isinstance(values, dict):
        raise InputError(f"{path.name}: {where} must be a table, got {values!r}.")
    _check_keys(path, where, values, QUESTION)
    labels = values.get("labels", [])
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise InputError(f"{path.name}: {where} labels must be a list of names, got {labels!r}.")
    texts = {
        name: _text(path, f"{where} {name}", values[name])
        for name in ("id", "task", "text", "column", "positive", "model", "metric")
        if name in values
    }
    switches = {name: bool(values[name]) for name in ("open_labels", "required") if name in values}
    scale = {name: values[name] for name in SCALE if name in values}
    known = {field.name for field in fields(QuestionDraft)}
    given = {"id": f"q_{number}", **texts, **switches}
    return QuestionDraft(
        **{name: value for name, value in given.items() if name in known},  # type: ignore[arg-type]
        labels=tuple(labels),
        guidelines=_guidelines(path, where, values.get("guidelines", "")),
        primary=bool(values.get("primary", False)),
        scale=scale,
    )


def _guidelines(path: Path, where: str, value: object) -> str:
    """Markdown, or the name of a Markdown file beside the project file."""
    text = _text(path, f"{where} guidelines", value)
    if not text.endswith(".md") or "\n" in text:
        return text
    try:
        return (path.parent / text).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name}: {where} guidelines must be a readable text file ({error}).") from error


def _goal(path: Path, values: Table) -> Goal | None:
    goal = _table(path, values, "goal")
    if not goal:
        return None
    _check_keys(path, "[goal]", goal, GOAL)
    value = goal.get("value")
    if not isinstance(value, int | float) or "metric" not in goal:
        raise InputError(f"{path.name}: [goal] must have a metric and a number as value, got {dict(goal)}.")
    budget = None if goal.get("budget") is None else _whole(path, "[goal] budget", goal["budget"])
    deadline = None if goal.get("deadline") is None else str(goal["deadline"])  # TOML has dates of its own
    more: dict[str, Any] = {key: goal[key] for key in GOAL[4:] if key in goal}
    if wrong := [key for key, amount in more.items() if not isinstance(amount, int | float)]:
        raise InputError(f"{path.name}: [goal] {wrong[0]} must be a number, got {more[wrong[0]]!r}.")
    return Goal(str(goal["metric"]), float(value), None, budget, **more).until(deadline)


def _policy(path: Path, values: Table) -> Policy:
    policy = _table(path, values, "policy")
    _check_keys(path, "[policy]", policy, POLICY)
    return Policy(**policy)  # type: ignore[arg-type]


def _table(path: Path, values: Table, name: str) -> Table:
    found = values.get(name, {})
    if not isinstance(found, dict):
        raise InputError(f"{path.name}: [{name}] must be a table, got {found!r}.")
    return found


def _text(path: Path, what: str, value: object) -> str:
    if not isinstance(value, str):
        raise InputError(f"{path.name}: {what} must be text, got {value!r}.")
    return value


def _whole(path: Path, what: str, value: object) -> int:
    if not isinstance(value, int):
        raise InputError(f"{path.name}: {what} must be a whole number, got {value!r}.")
    return value


def _check_keys(path: Path, where: str, values: Table, known: tuple[str, ...]) -> None:
    if unknown := sorted(set(values) - set(known)):
        raise InputError(f"{path.name}: {where} must hold {', '.join(known)}, got '{unknown[0]}'.")
