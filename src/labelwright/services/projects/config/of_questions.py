"""What a file changes about questions: their text, their labels, their guidelines."""

from __future__ import annotations

from typing import Any, Final

from labelwright.engine.project import Project, Question
from labelwright.errors import UserError
from labelwright.plain import JsonObject
from labelwright.services.people.roles import Actor
from labelwright.services.projects import questions, schema
from labelwright.services.projects.config.changes import AT_CREATION, Change, Difference, impossible, in_words
from labelwright.services.projects.schema import LabelChange
from labelwright.services.quality.guidelines import difference
from labelwright.services.site import Site
from labelwright.store.rows import Rows

FIXED: Final = ("task", "min", "max", "step", "unit", "column", "primary", "required", "positive", "model")
NO_QUESTION: Final = "Questions cannot be added or removed: make another project from the file."


def compare(
    rows: Rows, project: Project, now: tuple[JsonObject, ...], wanted: tuple[JsonObject, ...]
) -> list[Change]:  # fmt: skip
    """Changes of all questions; a key that the file leaves out stays as it is."""
    known = {str(question["id"]): question for question in now}
    given = {str(question.get("id", f"q_{n}")): question for n, question in enumerate(wanted, 1)}
    found = []
    for gone in known.keys() - given.keys() if wanted else ():
        found.append(_lost(gone, "there", "missing"))
    for question_id, after in given.items():
        if question_id not in known:
            found.append(_lost(question_id, "missing", "there"))
            continue
        found += _one(rows, project, project.question(question_id), known[question_id], after)
    return found


def _lost(question_id: str, before: str, after: str) -> Change:
    return Change((Difference("[[question]]", question_id, before, after, NO_QUESTION, False),))


def _one(rows: Rows, project: Project, asked: Question, before: JsonObject, after: JsonObject) -> list[Change]:
    where = f"[[question]] {asked.id}"
    with_default = {"primary": False, "required": True, **before}
    found = [impossible(where, with_default, after, FIXED, AT_CREATION)]
    if not asked.primary:  # the metric of the primary question follows the goal
        found.append(impossible(where, before, after, ("metric",), AT_CREATION))
    elif project.goal is None or project.goal.is_search:
        found.append(impossible(where, before, after, ("metric",), "It follows the goal: set a goal of this metric."))
    found.append(_schema(rows, where, asked, before, after))
    text = after.get("guidelines")
    if text is not None and text != before.get("guidelines", ""):
        found.append(_guidelines(where, asked, str(before.get("guidelines", "")), str(text)))
    return found


def _schema(rows: Rows, where: str, asked: Question, before: JsonObject, after: JsonObject) -> Change:
    """The text, the labels and whether more may be added: one new version of the schema."""
    differences = []
    text = str(after.get("text", asked.text)).strip() or asked.text
    if text != asked.text:
        differences.append(Difference(where, "text", asked.text, text, "People are asked so from now on."))
    labels, open_labels = None, None
    if "labels" in before and "labels" in after:
        labels = _labels(before, after)
        said = _said(asked, labels)
        differences += [Difference(where, "labels", old, new, effect) for old, new, effect in said]
        is_open = bool(after.get("open_labels", False))
        if is_open != bool(before.get("open_labels", False)):
            open_labels = is_open
            effect = "Annotators may add labels." if is_open else "Annotators may add no more labels."
            differences.append(Difference(where, "open_labels", in_words(not is_open), in_words(is_open), effect))
    if not differences:
        return Change(())
    try:
        schema.changed_schema(rows, asked, labels, open_labels)
    except UserError as error:
        refused = f"{error.message} {error.hint}".strip()
        return Change(
            tuple(
                Difference(d.table, d.key, d.before, d.after, refused if d.key == "labels" else d.effect,
                           d.key != "labels")
                for d in differences
            )
        )  # fmt: skip

    def act(site: Site, actor: Actor, slug: str) -> None:
        schema.change_question(site, actor, slug, asked.id, text=text, labels=labels, open_labels=open_labels)

    return Change(tuple(differences), act)


def _labels(before: JsonObject, after: JsonObject) -> list[LabelChange]:
    """All labels as they shall be: known by their id, else by their name, else renamed where they stand."""
    names: Any = after["labels"]
    ids: Any = after.get("label_ids")
    old_names: Any = before["labels"]
    old_ids: Any = before.get("label_ids") or [f"l_{n}" for n in range(1, len(old_names) + 1)]
    if ids is not None and len(ids) == len(names):
        pairs = zip(ids, names, strict=True)
        return [LabelChange(label_id if label_id in old_ids else None, name) for label_id, name in pairs]
    known = dict(zip(old_names, old_ids, strict=True))
    found = []
    for n, name in enumerate(names):
        renamed = name not in known and len(names) == len(old_names) and old_names[n] not in names
        found.append(LabelChange(old_ids[n] if renamed else known.get(name), name))
    return found


def _said(asked: Question, labels: list[LabelChange]) -> list[tuple[str, str, str]]:
    """Before, after and effect of each label that is new, gone or renamed, and of another order."""
    known = {str(label["id"]): str(label["name"]) for label in schema.labels_of(asked)}
    kept = [label.id for label in labels if label.id is not None]
    found = [("none", label.name, f"Adds '{label.name}'.") for label in labels if label.id is None]
    found += [(name, "none", f"Removes '{name}'.") for label_id, name in known.items() if label_id not in kept]
    found += [
        (known[label.id], label.name, f"Renames '{known[label.id]}' to '{label.name}'; its answers stay.")
        for label in labels
        if label.id is not None and label.name != known[label.id]
    ]
    if kept != [label_id for label_id in known if label_id in kept]:
        order = ", ".join(known.values()), ", ".join(label.name for label in labels)
        found.append((*order, "Puts the labels in another order."))
    return found


def _guidelines(where: str, asked: Question, before: str, after: str) -> Change:
    lines = difference(before, after)
    added, removed = (sum(line.change == change for line in lines) for change in ("added", "removed"))
    version = asked.guideline_version
    shown = Difference(
        where, "guidelines", f"version {version}", f"version {version + 1}",
        f"{added} lines are new and {removed} are gone; people are shown what changed.",
    )  # fmt: skip

    def act(site: Site, actor: Actor, slug: str) -> None:
        questions.write_guidelines(site, actor, slug, after, question=asked.id)

    return Change((shown,), act)
