"""What a merger or a split makes of a question's schema, and what stands against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from labelwright import tasks
from labelwright.budgets import MAX_LABELS
from labelwright.engine.project import Project, Question
from labelwright.errors import ConflictError, InputError
from labelwright.plain import Json, JsonObject
from labelwright.services.projects.schema import labels_of, last_id
from labelwright.store.rows import Rows
from labelwright.tasks.changed import MERGED, SPLIT, WAS, Changed

MERGE: Final = "merge"
DIVIDE: Final = "split"
PREDICTED: Final = "predicted"  # the column by which a constraint names a label
What = Literal["merge", "split"]


@dataclass(frozen=True)
class Wanted:
    """A change of one label.

    Parameters
    ----------
    what : {"merge", "split"}
    label : str
        The id of the label that goes.
    into : tuple of str
        The id of the label that stays; of a split the names of the new labels, two at least.
    """

    what: What
    label: str
    into: tuple[str, ...]


@dataclass(frozen=True)
class Planned:
    """What a change makes of a schema.

    Attributes
    ----------
    schema : JSON object
        The next version.
    into : tuple of str
        Ids of the label that stays, or of the new ones.
    withdrawn : tuple of str
        Ids whose answers count no more; none after a merger.
    """

    schema: JsonObject
    into: tuple[str, ...]
    withdrawn: tuple[str, ...]


def planned(rows: Rows, project: Project, asked: Question, wanted: Wanted) -> Planned:
    """The schema after a change.

    Raises
    ------
    InputError
        If a label is unknown, or what it should become does not fit.
    ConflictError
        If the label is looked for, measured or limited by a setting, which has to be changed first.
    """
    if "labels" not in asked.schema:
        raise InputError(f"labels: the question '{asked.id}' asks for a number, so it has no labels.")
    labels = labels_of(asked)
    names = {str(label["id"]): str(label["name"]) for label in labels}
    if wanted.label not in names:
        raise InputError(f"labels: there is no label '{wanted.label}'.", "Reload the page: the labels have changed.")
    _refuse_used(project, asked, wanted.label, names[wanted.label])
    merge = wanted.what == MERGE
    made = _merged(asked, wanted, names) if merge else _split(rows, asked, wanted, names)
    before = [str(label["id"]) for label in labels]
    kept: list[Json] = []
    for label in labels:
        if label["id"] != wanted.label:
            kept.append(label)
        elif not merge:
            kept += [{"id": new, "name": name} for new, name in made.items()]
    _refuse_moved(project, asked, before, [str(label["id"]) for label in kept if isinstance(label, dict)])
    gone, key = asked.schema, MERGED if merge else SPLIT
    became: Json = next(iter(made)) if merge else list(made)
    schema: JsonObject = {
        **gone, "labels": kept, key: {**_dict(gone, key), wanted.label: became},
        WAS: {**_dict(gone, WAS), wanted.label: names[wanted.label]},
    }  # fmt: skip
    tasks.make(asked.task_name, schema)
    earlier = Changed.of(asked.id, asked.schema, before).merged
    withdrawn = () if merge else (wanted.label, *sorted(old for old, end in earlier.items() if end == wanted.label))
    return Planned(schema, tuple(made), withdrawn)


def _merged(asked: Question, wanted: Wanted, names: dict[str, str]) -> dict[str, str]:
    kept = wanted.into[0] if len(wanted.into) == 1 else ""
    if kept not in names or kept == wanted.label:
        raise InputError(f"labels: '{names[wanted.label]}' must be merged into one other label, got {wanted.into}.")
    if asked.task.one_class and len(names) < 3:
        raise InputError(
            "labels: two labels at least must be left after a merger, got 1.", "Add a label first, or end the project."
        )
    return {kept: names[kept]}


def _split(rows: Rows, asked: Question, wanted: Wanted, names: dict[str, str]) -> dict[str, str]:
    new = [name.strip() for name in wanted.into]
    others = {name for label, name in names.items() if label != wanted.label}
    if len(new) < 2 or len(set(new)) < len(new) or not all(new):
        raise InputError(
            f"labels: '{names[wanted.label]}' must be split into two or more distinct names, got {', '.join(new)}.",
            "Rename it if it is one label.",
        )
    if known := sorted(others.intersection(new)):
        raise InputError(
            f"labels: the parts of a split must be new labels, got '{known[0]}', which is there.",
            "Give the part another name; merge the two afterwards.",
        )
    if len(names) - 1 + len(new) > MAX_LABELS:
        raise InputError(f"labels: a question must have at most {MAX_LABELS} labels.", "Split into fewer.")
    last = last_id(rows, asked)
    return {f"l_{last + n}": name for n, name in enumerate(new, 1)}


def _refuse_used(project: Project, asked: Question, label: str, name: str) -> None:
    """Settings that name the label would mean nothing afterwards."""
    if asked.positive is not None and label in _named(asked.positive):
        raise ConflictError(
            f"labels: '{name}' cannot go: it is the label searched for.",
            "Merge the other label into it, or make a new project that searches for another one.",
        )
    goal = project.goal
    metrics = [asked.metric, goal.metric if goal is not None and asked.primary else ""]
    if measured := next((metric for metric in metrics if name in metric.split(":")[1:]), None):
        raise ConflictError(
            f"labels: '{name}' cannot go: the metric '{measured}' measures it.", "Set another metric in the goal first."
        )
    if asked.primary and (
        limits := [one for one in project.policy.rules() if one.column == PREDICTED and one.value == name]
    ):
        raise ConflictError(
            f"labels: '{name}' cannot go: items are chosen by the rule '{limits[0]}'.",
            "Begin a round without that rule first.",
        )


def _refuse_moved(project: Project, asked: Question, before: list[str], after: list[str]) -> None:
    """A strategy that looks for a label knows it by its place."""
    place = project.policy.make_strategy().params().get("positive") if asked.primary else None
    if not isinstance(place, int) or place >= len(before):
        return
    if place >= len(after) or after[place] != before[place]:
        raise ConflictError(
            f"labels: the strategy '{project.policy.make_strategy().name}' looks for the label at place {place + 1}, "
            "where another one would stand.",
            "Begin a round with another strategy first.",
        )


def _named(answer: JsonObject) -> set[str]:
    """Ids in an answer."""
    return {str(one) for value in answer.values() for one in (value if isinstance(value, list) else [value])}


def _dict(schema: JsonObject, key: str) -> dict[str, Json]:
    found = schema.get(key)
    return dict(found) if isinstance(found, dict) else {}
