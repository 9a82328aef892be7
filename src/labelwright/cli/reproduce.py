"""labelwright reproduce"""

from __future__ import annotations

from pathlib import Path

import click

from labelwright.cli.site import admin_of, open_site


@click.command("reproduce")
@click.argument("name")
@click.argument("round_number", metavar="ROUND", type=click.IntRange(min=1))
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="A new folder.")
@click.pass_context
def command(ctx: click.Context, name: str, round_number: int, folder: Path) -> None:
    """Write the model at the end of ROUND of project NAME as a folder, with a command that trains it again.

    Labels, features, settings, versions and what came out are in it; contents of items and names of people are not.

    \b
    Example:
      labelwright reproduce reviews 3 --to round-3
    """
    from labelwright.services.record.reproducing import reproduce

    with open_site(ctx) as site:
        done = reproduce(site, admin_of(site), name, round_number, folder)
    measured = "not measured" if done.value is None else f"{done.metric} {done.value:.4f}"
    click.echo(f"{done.folder}: cycle {done.cycle}, {done.n_train} training labels, {measured}")
    click.echo(f"Next: python {done.folder / 'reproduce.py'}")
