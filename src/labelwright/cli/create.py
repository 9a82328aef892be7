"""labelwright create"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labelwright.cli.remote import connection_of
from labelwright.cli.site import admin_of, bar, encoding_note, goal_of, large_groups, open_site, remarks_on

if TYPE_CHECKING:
    from labelwright.services.projects.drafts import ProjectDraft


ROLES = ("text", "image", "label", "group", "time", "domain", "cost", "licence", "consent", "embedding")


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
@click.option(
    "--source",
    "start_from",
    metavar="PROJECT[@SNAPSHOT]|FILE",
    help="Labels of another project or file to start from; see 'Use labels of another domain' in the docs.",
)
@click.option(
    "--source-label", metavar="COLUMN", help="Where the file of --source has its labels; guessed if left out."
)
@click.option("--open-labels", is_flag=True, help="Annotators may add labels.")
@click.option("--group", metavar="COLUMN", help="Rows of one group never stand on both sides of a split.")
@click.option("--time", metavar="COLUMN", help="When the row was made.")
@click.option("--domain", metavar="COLUMN", help="Where the row comes from.")
@click.option("--cost", metavar="COLUMN", help="What labeling the row costs.")
@click.option("--licence", metavar="COLUMN", help="Under which licence the row stands.")
@click.option("--consent", metavar="COLUMN", help="What the people in it consented to.")
@click.option(
    "--embedding",
    metavar="COLUMN",
    help="Column of lists of numbers that are the features, or a pattern such as 'e_*' for columns of numbers.",
)
@click.option("--guidelines", type=click.Path(path_type=Path, dir_okay=False), help="Markdown file for annotators.")
@click.option("--question", default="", help="What is asked, in words.")
@click.option("--goal", metavar="METRIC=VALUE", help="For example accuracy=0.92.")
@click.option("--deadline", metavar="DATE", help="Of the goal, such as 2027-03-31.")
@click.option("--budget", type=int, default=None, help="Of the goal: answers that may be spent.")
@click.option("--positive", metavar="LABEL", help="The label that is searched for.")
@click.option("--prevalence", type=float, help="Of a search (--goal recall=0.95): the expected share of that label.")
@click.option(
    "--labels-are", default="training", help="How known labels were sampled: training (default), random, gold."
)
@click.option("--min", "min_", type=float, default=None, help="Regression: the smallest answer.")
@click.option("--max", "max_", type=float, default=None, help="Regression: the largest answer.")
@click.option("--unit", default=None, help="Regression: unit of the answer.")
@click.option("--strategy", default=None, help="How items are chosen; default auto.")
@click.option("--overlap", type=int, default=None, help="People who answer each item; default 1.")
@click.option("--batch-size", type=int, default=None, help="Labels a round; default 10.")
@click.option(
    "--encoder",
    metavar="SPEC,…",
    default=None,
    help="How items become features; default by kind of item. Several are compared on the labels.",
)
@click.option("--model", default=None, help="Model to train, or auto: the labels choose; default by kind of item.")
@click.option("--title", default="", help="Name to show.")
@click.option("--seed", type=int, default=None, help="Seed of all sampling; default 0.")
@click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False), help="TOML file of a project, or of these options."
)
@click.pass_context
def command(ctx: click.Context, /, name: str, source: Path | None, config: Path | None, **options: Any) -> None:
    """Make project NAME from SOURCE: CSV, TSV, JSONL, JSON, Parquet, XLSX, or a folder of images or texts.

    Exports of Label Studio, Argilla, Prodigy and doccano, and datasets of Hugging Face, are told by what they hold.

    \b
    Example:
      labelwright create reviews reviews.csv --task classification --labels good,bad --text review
    """
    given = {k: v for k, v in options.items() if ctx.get_parameter_source(k) is click.core.ParameterSource.COMMANDLINE}
    if (connection := connection_of(ctx)) is not None:
        from labelwright.cli import remote_create

        remote_create.create(connection, name, source, given, config)
        return

    from dataclasses import replace

    from labelwright.errors import InputError
    from labelwright.services.projects.access import ready
    from labelwright.services.projects.config import is_project_file, parse, read_toml
    from labelwright.services.projects.config.completing import check_before, complete
    from labelwright.services.projects.config.drafting import drafted
    from labelwright.services.projects.create import create
    from labelwright.services.projects.source import named
    from labelwright.words import counted

    file = read_toml(config) if config is not None else {}
    document = None
    if config is not None and is_project_file(file):
        if others := sorted(set(given) - {"config", "title", "seed", "start_from", "source_label"}):
            raise InputError(
                f"create: --{others[0].rstrip('_').replace('_', '-')} cannot overrule a project file.",
                f"Write it into {config.name}.",
            )
        document = parse(file, file=config.name, folder=config.parent)
        check_before(document)
        draft = drafted(document, config.parent, slug=name, source=source)
        draft = replace(draft, **{key: given[key] for key in ("title", "seed") if key in given})
    else:
        draft = _draft(name, source, {**options, **options_of(config, file), **given})
    with open_site(ctx) as site, bar() as progress:
        if start_from := options["start_from"]:
            draft = replace(draft, start_from=named(site, str(start_from), options["source_label"]))
        added = create(site, admin_of(site), draft, progress)
        notes = () if document is None else complete(site, admin_of(site), name, document)
        store = site.project(name)
        with store.read() as rows:
            project = ready(store, rows)
    roles = ", ".join(f"{role}: {_short(column)}" for role, column in vars(project.columns).items() if column)
    click.echo(f"{name}: {counted(added.added, project.kind + ' item')}, {added.reserve} of them reserve; {roles}.")
    if note := encoding_note(draft.source):
        click.echo(note)
    for remark in remarks_on(draft.source):
        click.echo(remark)
    if len(project.questions) > 1:
        asked = ", ".join(f"{question.id} ({question.task_name})" for question in project.questions)
        click.echo(f"{len(project.questions)} questions: {asked}; items are chosen for {project.primary.id}.")
    for note in notes:
        click.echo(note)
    if added.duplicates:
        click.echo(f"{added.duplicates} are duplicates of others; they stay on one side of every split.")
    if added.in_large_groups:
        click.echo(large_groups(added.in_large_groups))
    if added.labeled:
        click.echo(f"{added.labeled} came with a label ({draft.labels_are}).")
        if draft.labels_are == "training":
            click.echo("Known labels train the model but cannot measure it: the choice of rows biases every metric.")
    if added.source:
        click.echo(
            f"{counted(added.source, 'labeled item')} of the source: the model learns from them, nobody is asked."
        )
    click.echo("Next: labelwright serve")


def _draft(name: str, source: Path | None, values: dict[str, Any]) -> ProjectDraft:
    """The draft of a project with one question, from options; ``ID=COLUMN`` labels are for project files alone."""
    from dataclasses import replace

    from labelwright.errors import InputError
    from labelwright.exchange import Columns
    from labelwright.policy import Policy
    from labelwright.services.projects.drafts import ProjectDraft, QuestionDraft

    source = source or (Path(values["source"]) if values.get("source") else None)
    if source is None:
        raise InputError("create: SOURCE must be given.", "Name a file or folder after the project's name.")
    if not values["task"]:
        raise InputError("create: --task must be given.", "One of classification, multilabel, regression.")
    columns = Columns.from_dict({
        "id": values["id_"], **{k: values[k] for k in ROLES},
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
    question = QuestionDraft(
        task=values["task"], text=values["question"], labels=tuple(_names(values["labels"])),
        open_labels=values["open_labels"], guidelines=guidelines, positive=values["positive"], model=values["model"],
        scale={"min": values["min_"], "max": values["max_"], "unit": values["unit"]},
    )  # fmt: skip
    goal = goal_of(values["goal"], values["deadline"] and str(values["deadline"]), values["budget"])
    if goal is not None:
        goal = replace(goal, prevalence=values["prevalence"])
    return ProjectDraft(
        slug=name, source=source, questions=(question,), columns=columns, labels_are=values["labels_are"],
        title=values["title"], goal=goal, policy=policy, seed=values["seed"] or 0,
        encoder=values.get("encoder"),
    )  # fmt: skip


def _short(column: Any) -> str:
    names = [column] if isinstance(column, str) else list(column)
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _names(text: str | list[str] | None) -> list[str]:
    parts = text if isinstance(text, list) else (text or "").split(",")
    return [part.strip() for part in parts if part.strip()]


def options_of(config: Path | None, values: dict[str, object]) -> dict[str, Any]:
    """Options of this command from a TOML file without tables."""
    from labelwright.errors import InputError

    if config is None:
        return {}
    options: dict[str, Any] = {key.replace("-", "_"): value for key, value in values.items()}
    for name in ("id", "min", "max"):
        if name in options:
            options[name + "_"] = options.pop(name)
    known = {p.name for p in command.params} | {"source"}
    if unknown := sorted(set(options) - known):
        raise InputError(f"create: {config.name} must hold options of 'create', got '{unknown[0]}'.")
    return options
