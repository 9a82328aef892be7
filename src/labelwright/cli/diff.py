"""labelwright diff"""

from __future__ import annotations

from pathlib import Path

import click

from labelwright.cli.site import admin_of, open_site


@click.command("diff")
@click.argument("name")
@click.argument("a")
@click.argument("b")
@click.option("--to", "out", type=click.Path(path_type=Path, dir_okay=False), help="Also write all changes here.")
@click.pass_context
def command(ctx: click.Context, name: str, a: str, b: str, out: Path | None) -> None:
    """Show what changed in the labels of project NAME from version A to version B.

    A and B are snapshots, label versions, event numbers or times; the ending of --to decides: csv, jsonl, parquet.

    \b
    Example:
      labelwright diff reviews paper-1 lv-12 --to changes.csv
    """
    from labelwright.services.record import diff

    with open_site(ctx) as site:
        found = diff.diff(site, name, a, b)
        n_rows = None if out is None else diff.to_file(site, admin_of(site), name, a, b, out)
    click.echo(f"{name}: from {a} (event {found.first_seq}) to {b} (event {found.second_seq})")
    for one in found.questions:
        click.echo(
            f"{one.question}: {one.n_before} labels, then {one.n_after}: "
            f"{one.added} added, {one.changed} changed, {one.removed} removed"
        )
        for share in one.balance:
            click.echo(f"  {share.name:24} {share.before:>8} -> {share.after:>8}")
    click.echo(found.effect.sentence)
    if out is not None:
        click.echo(f"{out}: {n_rows} changes")
