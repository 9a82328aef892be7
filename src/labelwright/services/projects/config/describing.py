"""What a project file would say of a project as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from labelwright.engine.goals import Goal
from labelwright.engine.project import Project, Question
from labelwright.engine.quality import QualityRules
from labelwright.plain import Json, JsonObject
from labelwright.policy import Policy
from labelwright.services.people.roles import Actor
from labelwright.services.projects import access
from labelwright.services.projects.config import people
from labelwright.services.projects.config.document import Document
from labelwright.services.projects.config.tables import GOAL, POLICY, QUALITY, ROLES, SCALE
from labelwright.services.site import Site
from labelwright.store import tables as t
from labelwright.store.project import ProjectStore
from labelwright.store.rows import Rows

EMPTY: Final[tuple[Json, ...]] = ({}, [], None)


@dataclass(frozen=True)
class Described:
    """A project in the tables of a file, and what no table can hold.

    Attributes
    ----------
    project : Project
    document : Document
    seq : int
        The number of the last event that it rests on.
    left_out : tuple of str
        Sentences on what the file does not hold.
    """

    project: Project
    document: Document
    seq: int
    left_out: tuple[str, ...]


def describe(site: Site, actor: Actor, slug: str) -> Described:
    """The tables of a project's file, whole; people are listed only for those who may know them.

    Raises
    ------
    NotFoundError, NotReadyError
        If there is no such project, or it is still being imported.
    """
    store = site.project(slug)
    with store.read() as rows:
        project = access.ready(store, rows)
        batches = rows.scalars(rows.select(t.import_batch.c.source).where(t.import_batch.c.visible).order_by(
            t.import_batch.c.first_ordinal))  # fmt: skip
        sources = [str(source) for source in batches]
        slices, named = _slices(rows)
        listed = {
            "question": tuple(_question(store, rows, project, question) for question in project.questions),
            "slice": tuple(slices),
            "target": tuple(_targets(rows, project.goal, {str(one["name"]) for one in slices})),
        }
        profiles = people.profiles_of(rows, project)
        seq = store.head_seq(rows)
    left_out = _left_out(project, sources, named)
    if actor.may("people.read"):
        known = people.emails(site)
        listed["role"] = people.roles(site, slug)
        listed["annotator"] = tuple(
            {"email": known[person], **profile} for person, profile in profiles.items() if person in known
        )
        listed["annotator"] = tuple(sorted(listed["annotator"], key=lambda one: str(one["email"])))
    single = {"project": _project(project, sources[0]), "policy": policy_table(project.policy)}
    if project.goal is not None:
        single["goal"] = goal_table(project.goal)
    single["quality"] = quality_table(project.quality)
    return Described(project, Document(single, listed, slug), seq, left_out)


def goal_table(goal: Goal) -> JsonObject:
    """The goal as its table has it, without what is not set.

    >>> goal_table(Goal("accuracy", 0.9))
    {'metric': 'accuracy', 'value': 0.9, 'openings': 3}
    """
    found: JsonObject = {key: getattr(goal, key) for key in GOAL if getattr(goal, key) is not None}
    return found if goal.deadline is None else {**found, "deadline": goal.deadline.isoformat()}


def policy_table(policy: Policy) -> JsonObject:
    """The policy as its table has it; parameters, overlaps and constraints only where there are some.

    >>> policy_table(Policy("margin"))["strategy"], "constraints" in policy_table(Policy("margin"))
    ('margin', False)
    """
    config = policy.to_config()
    return {key: config[key] for key in POLICY if config[key] not in EMPTY}


def quality_table(rules: QualityRules) -> JsonObject:
    """The rules of checking as their table has them, without what is not set."""
    config = rules.to_config()
    return {key: config[key] for key in QUALITY if config[key] is not None}


def _project(project: Project, source: str) -> JsonObject:
    encoder = project.row.config.get("encoder")
    columns = {name: getattr(project.columns, name) for name in ROLES if name != "label"}
    roles: JsonObject = {name: list(one) if isinstance(one, tuple) else one for name, one in columns.items()}
    return {
        "title": project.title, "source": source, "labels_are": project.labels_are, "seed": project.seed,
        "encoder": encoder, **{name: one for name, one in roles.items() if one not in EMPTY},
    }  # fmt: skip


def _question(store: ProjectStore, rows: Rows, project: Project, question: Question) -> JsonObject:
    columns = {project.primary.id: project.columns.label, **dict(project.columns.labels)}
    table = t.guideline
    sealed = rows.scalar(
        rows.select(table.c.sealed_id).where(
            table.c.question_id == question.id, table.c.version == question.guideline_version
        )
    )
    found: JsonObject = {
        "id": question.id, "task": question.task_name, "text": question.text, **labels_table(question),
        **{name: question.schema.get(name) for name in SCALE}, "column": columns.get(question.id) or None,
        "primary": question.primary, "required": question.required,
        "positive": question.looked_for,
        "model": question.model, "metric": question.metric, "resolver": question.resolver,
        "guidelines": store.unseal(rows, sealed) or None,
    }  # fmt: skip
    return {key: value for key, value in found.items() if value is not None}


def labels_table(question: Question) -> JsonObject:
    """The labels by name, and their ids where these are not l_1, l_2 and so on."""
    labels: list[JsonObject] = list(question.schema.get("labels") or ())  # type: ignore[arg-type]
    if "labels" not in question.schema:
        return {}
    ids: list[Json] = [label["id"] for label in labels]
    found: JsonObject = {"labels": [label["name"] for label in labels]}
    if ids != [f"l_{n}" for n in range(1, len(ids) + 1)]:
        found["label_ids"] = ids
    return {**found, "open_labels": True} if question.schema.get("open") else found


def _slices(rows: Rows) -> tuple[list[JsonObject], list[str]]:
    """Slices that a filter describes, and the names of those whose items were named."""
    table = t.saved_slice
    found = rows.all(rows.select(table.c.name, table.c.filter).order_by(table.c.name))
    described: list[JsonObject] = [{"name": one.name, "filter": one.filter} for one in found if one.filter is not None]
    return described, [one.name for one in found if one.filter is None]


def _targets(rows: Rows, goal: Goal | None, described: set[str]) -> list[JsonObject]:
    table = t.saved_slice
    names = {row.id: row.name for row in rows.all(rows.select(table.c.id, table.c.name))}
    found: list[JsonObject] = []
    for one in () if goal is None else goal.targets:
        if names.get(one.slice) in described:
            target: JsonObject = {"slice": names[one.slice], "metric": one.metric, "value": one.value}
            found.append(target if one.deadline is None else {**target, "deadline": one.deadline.isoformat()})
    return found


def _left_out(project: Project, sources: list[str], named: list[str]) -> tuple[str, ...]:
    said = []
    if len(sources) > 1:
        said.append(f"Rows were added later from {', '.join(sources[1:])}; only the first source is named below.")
    if named:
        said.append(f"Slices of items that were named one by one are left out: {', '.join(named)}.")
    if project.quality.training is not None:
        said.append("The training that people have to pass is left out; open it anew in another project.")
    return tuple(said)
