"""A project file that ``labelwright --url … create --config`` sends: what a new project takes, then the rest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from labelwright.client import Connection
from labelwright.client.transport import part
from labelwright.errors import ConflictError, InputError, UserError
from labelwright.plain import Json, JsonObject
from labelwright.services.projects.config import Document
from labelwright.services.projects.config.completing import check_before
from labelwright.services.projects.config.exporting import text_of
from labelwright.services.projects.config.tables import ROLES
from labelwright.words import counted

OVERRULING: Final = ("title", "seed")
"""Options that a project file may be combined with."""
OF_POLICY: Final = ("strategy", "batch_size", "overlap")
"""Keys of the policy that a new project takes; the others are applied once its items are in."""
LATER: Final = ("slice", "target", "role", "annotator")
TRIES: Final = 5


def from_file(
    connection: Connection,
    name: str,
    source: Path | None,
    given: Mapping[str, object],
    document: Document,
    folder: Path,
) -> None:
    """Make a project on a server that a project file describes.

    The questions, columns, goal and strategy go with the upload; slices, targets, people and the other rules are
    applied once the items are in. What cannot be applied is said, as the project with all its items is there then.

    Parameters
    ----------
    given : mapping
        Options beside the file: ``title`` and ``seed``.
    folder : Path
        Of the file; its source is relative to it.

    Raises
    ------
    InputError
        If there is no source or no question, or another option is given.
    """
    if others := sorted(set(given) - set(OVERRULING)):
        raise InputError(
            f"create: --{others[0].rstrip('_').replace('_', '-')} cannot overrule a project file.",
            f"Write it into {document.file}.",
        )
    check_before(document)
    project = document.table("project")
    if not document.rows("question"):
        raise InputError(f"{document.file}: there must be one [[question]] or more, got none.")
    if source is None and "source" not in project:
        raise InputError(f"{document.file}: [project] must name a source.", "Or give SOURCE on the command line.")
    sent = connection.create(
        name, source or folder / str(project["source"]), columns={key: project[key] for key in ROLES if key in project},
        fields={**fields_of(document), **{key: _plain(given[key]) for key in OVERRULING if key in given}},
    )  # fmt: skip
    detail = sent.detail()
    items = counted(detail.counts.items, f"{detail.kind} item")
    click.echo(f"{name}: {items}, {detail.counts.reserve} of them reserve.")
    rest = rest_of(document)
    if rest.single or rest.listed:
        _apply(connection, name, rest)


def fields_of(document: Document) -> JsonObject:
    """The fields of ``NewProject`` that a project file gives.

    Examples
    --------
    >>> asked = ({"task": "regression", "max": 9},)
    >>> fields_of(Document({"project": {"seed": 3, "encoder": "a,b"}}, {"question": asked}))
    {'seed': 3, 'encoders': ['a', 'b'], 'questions': [{'id': 'q_1', 'task': 'regression', 'max': 9}]}
    """
    project, policy, goal = (document.table(name) for name in ("project", "policy", "goal"))
    fields: JsonObject = {key: project[key] for key in ("labels_are", "title", "seed") if key in project}
    if encoder := project.get("encoder"):
        fields["encoders"] = [one.strip() for one in str(encoder).split(",")]
    fields |= {key: policy[key] for key in OF_POLICY if key in policy}
    if goal:
        fields["goal"] = {key: value for key, value in goal.items() if key != "before"}
    questions: list[Json] = []
    for number, question in enumerate(document.rows("question"), 1):
        ids = question.get("label_ids")
        if isinstance(ids, list) and ids != [f"l_{n}" for n in range(1, len(ids) + 1)]:
            raise InputError(
                f"create: {document.file}: [[question]] {number} label_ids must be l_1, l_2 and so on with --url, "
                f"got {', '.join(map(str, ids[:4]))}.",
                "Leave them out, or create the project on the home of the server's machine.",
            )
        asked: JsonObject = {"id": f"q_{number}", "task": "classification"}
        questions.append({**asked, **{k: v for k, v in question.items() if k not in ("label_ids", "resolver")}})
    return {**fields, "questions": questions}


def rest_of(document: Document) -> Document:
    """The tables that a new project does not take; a table that is applied is meant whole.

    Examples
    --------
    >>> rest_of(Document({"policy": {"overlap": 2}, "goal": {"metric": "accuracy", "value": 0.9}})).single
    {}
    >>> rest_of(Document({"policy": {"overlap": 2, "random_share": 0.3}})).single
    {'policy': {'overlap': 2, 'random_share': 0.3}}
    """
    single, listed = dict[str, JsonObject](), dict[str, tuple[JsonObject, ...]]()
    if set(document.table("policy")) - set(OF_POLICY):
        single["policy"] = document.table("policy")
    if "before" in document.table("goal"):
        single["goal"] = document.table("goal")
    if document.table("quality"):
        single["quality"] = document.table("quality")
    questions = document.rows("question")
    if any("resolver" in question for question in questions):
        named = [{"id": f"q_{n}", **question} for n, question in enumerate(questions, 1)]
        listed["question"] = tuple({k: one[k] for k in ("id", "resolver") if k in one} for one in named)
    listed |= {name: document.rows(name) for name in LATER if document.rows(name)}
    return Document(single, listed, document.file)


def _apply(connection: Connection, name: str, rest: Document) -> None:
    """Apply the rest; once more where the worker has recorded something between preview and change."""
    path, text = f"/projects/{part(name)}/config", text_of(rest)
    try:
        for attempt in range(1, TRIES + 1):
            seq = connection.request("POST", f"{path}/preview", {"text": text}, repeatable=True)["seq"]
            try:
                done = connection.request("POST", f"{path}/apply", {"text": text, "seq": seq}, repeatable=False)
                break
            except ConflictError:
                if attempt == TRIES:
                    raise
    except UserError as error:
        click.echo(f"Slices, targets, people and rules of {rest.file} were not applied: {error.message}")
        click.echo(f"Correct the file and apply it under Settings of '{name}'.")
        return
    notes = done.get("notes")
    for note in notes if isinstance(notes, list) else ():
        click.echo(str(note))


def _plain(value: object) -> Json:
    return value if isinstance(value, int) else str(value)
