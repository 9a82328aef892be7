"""labelwright create"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from labelwright.cli.site import admin_of, bar, open_site


@click.command("create")
@click.argument("name")
@click.argument("source", type=click.Path(path_type=Path), required=False)
@click.option("--task", help="classification, multilabel or regression.")
@click.option("--id", "id_", metavar="COLUMN", help="Column of distinct ids.")
@click.option("--text", metavar="COLUMN", help="Column of the text to label.")
@click.option("--image", metavar="COLUMN", help="Column of image paths or bytes.")
@click.option("--features", metavar="COLUMN,…", help="Columns of a table row to show and learn from.")
@click.option("--label", metavar="COLUMN", help="Column of labels that are known already.")
@click.option("--labels", metavar="A,B,…", help="The labels to choose from.")
@click.option("--open-labels", is_flag=True, help="Annotators may add labels.")
@click.option("--group", metavar="COLUMN", help="Rows of one group never stand on both sides of a split.")
@click.option("--time", metavar="COLUMN", help="When the row was made.")
@click.option("--domain", metavar="COLUMN", help="Where the row comes from.")
@click.option("--cost", metavar="COLUMN", help="What labeling the row costs.")
@click.option("--guidelines", type=click.Path(path_type=Path, dir_okay=False), help="Markdown file for annotators.")
@click.option("--question", default="", help="What is asked, in words.")
@click.option("--goal", metavar="METRIC=VALUE", help="For example accuracy=0.92.")
@click.option("--positive", metavar="LABEL", help="The label that is searched for.")
@click.option("--labels-are", default="training", help="How known labels were drawn: training (default), random, gold.")
@click.option("--min", "min_", type=float, default=None, help="Regression: the smallest answer.")
@click.option("--max", "max_", type=float, default=None, help="Regression: the largest answer.")
@click.option("--unit", default=None, help="Regression: unit of the answer.")
@click.option("--strategy", default=None, help="How items are chosen; default auto.")
@click.option("--overlap", type=int, default=None, help="People who answer each item; default 1.")
@click.option("--batch-size", type=int, default=None, help="Labels a round; default 10.")
@click.option("--model", default=None, help="Model to train; default by kind of item.")
@click.option("--title", default="", help="Name to show.")
@click.option("--seed", type=int, default=None, help="Seed of every random draw; default 0.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="TOML file with these options.")
@click.pass_context
def command(ctx: click.Context, /, name: str, source: Path | None, config: Path | None, **options: Any) -> None:
    """Make project NAME from SOURCE: CSV, TSV, JSONL, Parquet, or a folder of images or texts.

    \b
    Example:
      labelwright create reviews reviews.csv --task classification --labels good,bad --text review
    """
    from dataclasses import replace

    from labelwright.errors import InputError
    from labelwright.exchange import Columns
    from labelwright.policy import Policy
    from labelwright.services.imports import Plan, create

    given = {k: v for k, v in options.items() if ctx.get_parameter_source(k) is click.core.ParameterSource.COMMANDLINE}
    values = {**options, **(_read(config) if config else {}), **given}
    source = source or (Path(values["source"]) if values.get("source") else None)
    if source is None:
        raise InputError("create: SOURCE must be given.", "Name a file or folder after the project's name.")
    if not values["task"]:
        raise InputError("create: --task must be given.", "One of classification, multilabel, regression.")
    columns = Columns.from_dict({
        "id": values["id_"], **{k: values[k] for k in ("text", "image", "label", "group", "time", "domain", "cost")},
        "features": _names(values["features"]) or None,
    })  # fmt: skip
    policy = Policy()
    policy = replace(
        policy, **{k: values[k] for k in ("strategy", "overlap", "batch_size") if values.get(k) is not None}
    )
    try:
        guidelines = Path(values["guidelines"]).read_text("utf-8") if values["guidelines"] else ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"create: --guidelines must be a readable text file ({error}).") from error
    plan = Plan(
        slug=name, source=source, task=values["task"], columns=columns, labels=tuple(_names(values["labels"])),
        open_labels=values["open_labels"], labels_are=values["labels_are"], title=values["title"],
        question=values["question"], guidelines=guidelines, goal=values["goal"], positive=values["positive"],
        scale={"min": values["min_"], "max": values["max_"], "unit": values["unit"]},
        model=values["model"], policy=policy, seed=values["seed"] or 0,
    )  # fmt: skip
    with open_site(ctx) as site, bar() as progress:
        added = create(site, admin_of(site), plan, progress)
        config_ = _config_of(site, name)
    roles = ", ".join(f"{role}: {_short(column)}" for role, column in config_["columns"].items() if column)
    click.echo(f"{name}: {added.added} {config_['kind']} items, {added.reserve} of them reserve; {roles}.")
    if added.duplicates:
        click.echo(f"{added.duplicates} are duplicates of others; they stay on one side of every split.")
    if added.labeled:
        click.echo(f"{added.labeled} came with a label ({plan.labels_are}).")
        if plan.labels_are == "training":
            click.echo("Known labels train the model but cannot measure it: whoever chose them chose what they show.")
    click.echo("Next: labelwright serve")


def _short(column: Any) -> str:
    names = [column] if isinstance(column, str) else list(column)
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _config_of(site: Any, name: str) -> dict[str, Any]:
    store = site.project(name)
    with store.read() as connection:
        config: dict[str, Any] = store.row(connection).config
    return config


def _names(text: str | list[str] | None) -> list[str]:
    parts = text if isinstance(text, list) else (text or "").split(",")
    return [part.strip() for part in parts if part.strip()]


def _read(path: Path) -> dict[str, Any]:
    import tomllib

    from labelwright.errors import InputError

    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"create: --config must be a readable TOML file ({error}).") from error
    values = {k.replace("-", "_"): v for k, v in values.items()}
    for name in ("id", "min", "max"):
        if name in values:
            values[name + "_"] = values.pop(name)
    known = {p.name for p in command.params} | {"source"}
    if unknown := set(values) - known:
        raise InputError(f"create: {path.name} must hold options of 'create', got '{sorted(unknown)[0]}'.")
    return values
