"""labelwright simulate"""

from __future__ import annotations

from pathlib import Path

import click

from labelwright.cli.site import bar


@click.command("simulate")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--label", required=True, metavar="COLUMN", help="Column of the true labels.")
@click.option("--task", default=None, help="classification, multilabel or regression; guessed.")
@click.option("--text", metavar="COLUMN", help="Column of the text.")
@click.option("--image", metavar="COLUMN", help="Column of the image.")
@click.option("--features", metavar="COLUMN,…", help="Columns of a table row.")
@click.option("--id", "id_", metavar="COLUMN", help="Column of ids, left out of the features.")
@click.option("--group", metavar="COLUMN", help="Rows of one group stay on one side.")
@click.option("--strategies", default="auto,margin,random", show_default=True, help="Strategies to compare.")
@click.option("--n-initial", default=20, show_default=True, help="Labels at the start; 0: each picks its own.")
@click.option("--batch-size", default=10, show_default=True, help="Labels a round.")
@click.option("--budget", default=300, show_default=True, help="Labels in all.")
@click.option("--seeds", default=5, show_default=True, type=click.IntRange(1), help="Repetitions.")
@click.option("--metric", default=None, help="What is measured on the test part.")
@click.option("--model", default=None, help="linear, boosting or tabular; default by kind of item.")
@click.option("--jobs", default=1, show_default=True, help="Processes.")
@click.option("--curves", type=click.Path(path_type=Path, dir_okay=False), help="Write the curves to this CSV.")
@click.option("--mlflow", "mlflow_uri", metavar="URI", help="Also send the curves to this MLflow server.")
def command(source: Path, curves: Path | None, mlflow_uri: str | None, **options: object) -> None:
    """Replay labeled data in SOURCE and print what each strategy would have brought.

    \b
    Example:
      labelwright simulate reviews.csv --label rating --text review --strategies auto,random
    """
    from labelwright.services.steering.simulating import simulate_file

    with bar("items") as progress:
        result = simulate_file(source, progress=progress, **options)  # type: ignore[arg-type]
    click.echo(result.summary().round(4).to_string())
    if curves is not None:
        result.curves.to_csv(curves, index=False)
    if mlflow_uri is not None:
        click.echo(f"{result.to_mlflow(mlflow_uri)} new runs at the MLflow server.")
