"""labelwright plan"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from labelwright.cli.site import bar, home_of

if TYPE_CHECKING:
    from labelwright.loop.plan_result import Plan
    from labelwright.services.planning.asked import Asked
    from labelwright.services.planning.labeled import Labeled

PARTIAL_SECONDS = 30.0  # between partial tables


@click.command("plan")
@click.argument("source")
@click.option("--label", metavar="COLUMN", help="Column of the true labels; of a file.")
@click.option("--task", default=None, help="classification, multilabel or regression; guessed.")
@click.option("--text", metavar="COLUMN", help="Column of the text.")
@click.option("--image", metavar="COLUMN", help="Column of the image.")
@click.option("--features", metavar="COLUMN,…", help="Columns of a table row.")
@click.option("--id", "id_", metavar="COLUMN", help="Column of ids, left out of the features.")
@click.option("--group", metavar="COLUMN", help="Rows of one group stay on one side.")
@click.option("--strategies", default="auto,margin,random", show_default=True, help="Strategies to compare.")
@click.option("--models", default="", help="Models, the simplest first; default by kind of item.")
@click.option("--batch-sizes", default="", metavar="N,…", help="Labels a round; 12 rounds by default.")
@click.option("--overlaps", default="1", show_default=True, metavar="N,…", help="People who answer an item.")
@click.option("--errors", default="0", show_default=True, metavar="SHARE,…", help="Shares of wrong answers.")
@click.option("--target", type=float, default=None, help="Value to reach; follows from the data by default.")
@click.option("--metric", default=None, help="What is measured on the test part.")
@click.option("--budget", type=int, default=None, help="Labels in all; a quarter of the items by default.")
@click.option("--seeds", default=5, show_default=True, type=click.IntRange(1), help="Repetitions.")
@click.option("--seconds", type=float, default=None, help="Seconds of an answer, for hours.")
@click.option("--rate", type=float, default=None, help="Money of an hour; needs --seconds.")
@click.option("--jobs", default=-1, show_default=True, help="Processes; -1 is one a core.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def command(
    ctx: click.Context, source: str, *, label: str | None, task: str | None, text: str | None, image: str | None,
    features: str | None, id_: str | None, group: str | None, strategies: str, models: str, batch_sizes: str,
    overlaps: str, errors: str, target: float | None, metric: str | None, budget: int | None, seeds: int,
    seconds: float | None, rate: float | None, jobs: int, as_json: bool,
) -> None:  # fmt: skip
    """Choose the set-up before people label: replay the labeled data in SOURCE, a file or a project of this home.

    Ctrl-C ends it early, with what is finished so far.

    \b
    Example:
      labelwright plan reviews.csv --label rating --text review --strategies margin,random --seconds 8 --rate 20
    """
    from labelwright.exchange import Columns
    from labelwright.services.planning.asked import Asked, numbers

    asked = Asked(
        strategies=tuple(_parts(strategies)), models=tuple(_parts(models)),
        batch_sizes=tuple(int(n) for n in numbers(batch_sizes, int, "--batch-sizes")),
        overlaps=tuple(int(n) for n in numbers(overlaps, int, "--overlaps")),
        errors=tuple(numbers(errors, float, "--errors")), seeds=seeds, budget=budget, metric=metric, target=target,
        seconds_per_label=seconds, rate=rate,
    )  # fmt: skip
    columns = Columns(id=id_, text=text, image=image, label=label, group=group, features=tuple(_parts(features or "")))
    labeled = _labeled(ctx, source, columns, task)
    plan = _played(asked, labeled, jobs)
    if as_json:
        _print_json(plan, labeled, source)
        return
    click.echo(_table(plan))
    for error in plan.grid.errors:
        case = f"Where {error:.0%} of answers are wrong: " if len(plan.grid.errors) > 1 else ""
        click.echo(f"\n{case}{plan.text(error)}")
    click.echo("\nEach row's interval holds for that row alone; the saving above allows for having looked at all rows.")
    click.echo(f"\nStart it on new data with:\n  {_command(plan, labeled, source)}")


def _labeled(ctx: click.Context, source: str, columns: object, task: str | None) -> Labeled:
    """The labeled data of a file, or of a project of the home where no file has the name."""
    from labelwright.cli.site import open_site
    from labelwright.errors import InputError
    from labelwright.exchange import Columns
    from labelwright.services.planning.labeled import of_file, of_project

    assert isinstance(columns, Columns)
    if Path(source).exists():
        with bar("items") as progress:
            return of_file(Path(source), columns, task=task, progress=progress)
    if home_of(ctx).is_dir():
        with open_site(ctx) as site:
            if source in site.store.slugs():
                return of_project(site.project(source))
    raise InputError(f"plan: SOURCE must be a file, a folder or a project of this home, got '{source}'.")


def _played(asked: Asked, labeled: Labeled, jobs: int) -> Plan:
    """Play all replays; the progress and, at intervals, the partial table go to the standard error stream."""
    import time

    from labelwright.loop.planning import run_cells

    plan, data = asked.prepared(labeled)
    cells, shown = plan.grid.cells, time.monotonic()
    with bar("replays") as progress:
        progress("replays", 0, len(cells))
        try:
            for run in run_cells(data, cells, n_jobs=jobs):
                plan = replace(plan, replays=(*plan.replays, run))
                progress("replays", len(plan.replays), len(cells))
                if time.monotonic() - shown > PARTIAL_SECONDS and not plan.complete:
                    shown = time.monotonic()
                    click.echo(f"\nAfter {len(plan.replays)} of {len(cells)} replays:\n{_table(plan)}", err=True)
        except KeyboardInterrupt:
            if len(plan.replays) < len(plan.grid.setups):
                raise
            click.echo(f"Ended early, after {len(plan.replays)} of {len(cells)} replays.", err=True)
    return plan


def _table(plan: Plan) -> str:
    """The table in columns that have something to say."""
    table = plan.table.drop(columns="compute").dropna(axis=1, how="all")
    for column in ("overlap", "annotator_error"):
        if table[column].nunique() == 1:
            table = table.drop(columns=column)
    if "labels" in table and table["labels"].equals(table["answers"]):
        table = table.drop(columns="labels")
    whole = {name: 0 for name in ("answers", "low", "high", "labels")}
    return str(table.round({**dict.fromkeys(table.select_dtypes("number").columns, 3), **whole}).to_string(index=False))


def _print_json(plan: Plan, labeled: Labeled, source: str) -> None:
    import json

    rows = [
        {key: None if isinstance(v, float) and not math.isfinite(v) else v for key, v in row.items()}
        for row in plan.table.to_dict("records")
    ]
    answer = {
        "complete": plan.complete, "replays": len(plan.replays), "metric": plan.metric, "target": plan.target,
        "proposals": [
            {"annotator_error": error, "config": dict(plan.config(error)), "text": plan.text(error)}
            for error in plan.grid.errors
        ],
        "table": rows, "command": _command(plan, labeled, source),
    }  # fmt: skip
    click.echo(json.dumps(answer, indent=2))


def _command(plan: Plan, labeled: Labeled, source: str) -> str:
    from labelwright.services.planning.asked import create_command

    return create_command(plan, labeled, "NAME", source if Path(source).exists() else "SOURCE")


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
