"""What ``labelwright --url … create`` sends."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from labelwright.cli.remote_project_file import from_file
from labelwright.cli.site import goal_of
from labelwright.client import Connection
from labelwright.errors import InputError
from labelwright.plain import Json, JsonObject
from labelwright.services.projects.config import is_project_file, parse, read_toml
from labelwright.words import counted

ROLES = ("id", "text", "image", "label", "group", "time", "domain", "cost")
SAME = (
    "task", "open_labels", "question", "positive", "min", "max", "unit", "overlap", "batch_size", "model", "title",
    "seed",
)  # fmt: skip


def create(
    connection: Connection, name: str, source: Path | None, given: Mapping[str, object], config: Path | None = None
) -> None:
    """Make a project on a server from the options that were given, or from a file.

    Parameters
    ----------
    config : Path, optional
        A project file, or a file of these options, which ``given`` overrules.

    Raises
    ------
    InputError
        For an option that a project file cannot be combined with, or a ``--source`` that is neither a project of the
        server nor a file of this machine.
    """
    file = {} if config is None else read_toml(config)
    if config is not None and is_project_file(file):
        if "start_from" in given or "source_label" in given:
            raise InputError("create: --source cannot be combined with a project file on a server.", "Leave it out.")
        from_file(connection, name, source, given, parse(file, file=config.name, folder=config.parent), config.parent)
        return
    from labelwright.cli.create import options_of

    given = {**options_of(config, file), **given}
    if source is None and "source" in given:
        source = Path(str(given["source"]))
    if source is None:
        raise InputError("create: SOURCE must be given.", "Name a file or folder after the project's name.")
    options = {key.rstrip("_"): _plain(value) for key, value in given.items()}
    if "task" not in options:
        raise InputError("create: --task must be given.", "One of classification, multilabel, regression.")
    columns: JsonObject = {role: options[role] for role in ROLES if role in options}
    if "features" in options:
        columns["features"] = _names(options["features"])
    fields: JsonObject = {key: options[key] for key in SAME if key in options}
    for option, field in (("labels_are", "labels_are"), ("strategy", "strategy")):
        if option in options:
            fields[field] = options[option]
    for option, field in (("labels", "labels"), ("encoder", "encoders")):
        if option in options:
            fields[field] = _names(options[option])
    if "guidelines" in options:
        fields["guidelines"] = _text(Path(str(options["guidelines"])))
    if goal := _goal(options):
        fields["goal"] = goal
    if "start_from" in options:
        label = options.get("source_label")
        fields["start_from"] = connection.source(
            str(options["start_from"]), label=None if label is None else str(label)
        )
    elif "source_label" in options:
        raise InputError("create: --source-label needs --source, the file that holds the column.", "Name the file.")
    detail = connection.create(name, source, columns=columns, fields=fields).detail()
    click.echo(
        f"{name}: {counted(detail.counts.items, f'{detail.kind} item')}, {detail.counts.reserve} of them reserve."
    )


def _goal(options: JsonObject) -> JsonObject | None:
    deadline, budget = options.get("deadline"), options.get("budget")
    goal = goal_of(
        None if options.get("goal") is None else str(options["goal"]),
        None if deadline is None else str(deadline), budget if isinstance(budget, int) else None,
    )  # fmt: skip
    if goal is None:
        return None
    body: JsonObject = {"metric": goal.metric, "value": goal.value, "deadline": deadline, "budget": goal.budget}
    return {**body, "prevalence": options["prevalence"]} if "prevalence" in options else body


def _names(value: Json) -> list[Json]:
    parts = value if isinstance(value, list) else str(value).split(",")
    return [str(part).strip() for part in parts if str(part).strip()]


def _plain(value: object) -> Json:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if isinstance(value, (bool, int, float, str)) else str(value)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"create: --guidelines must be a readable text file ({error}).") from error
