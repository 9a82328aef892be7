"""labelwright add"""

from __future__ import annotations

from pathlib import Path

import click

from labelwright.cli.remote import connection_of
from labelwright.cli.site import admin_of, bar, encoding_note, large_groups, open_site, remarks_on


@click.command("add")
@click.argument("name")
@click.argument("source", type=click.Path(path_type=Path))
@click.pass_context
def command(ctx: click.Context, name: str, source: Path) -> None:
    """Add the rows of SOURCE to project NAME; rows that are there already stay as they are.

    \b
    Example:
      labelwright add reviews more-reviews.csv
    """
    from labelwright.words import counted

    if (connection := connection_of(ctx)) is not None:
        came = connection.project(name).add(source)
        click.echo(
            f"{name}: {counted(came.added, 'item')} added, {came.reserve} of them reserve; "
            f"{came.known} were there already."
        )
        return

    from labelwright.services.projects.create import add

    with open_site(ctx) as site, bar() as progress:
        added = add(site, admin_of(site), name, source=source, progress=progress)
    click.echo(
        f"{name}: {counted(added.added, 'item')} added, {added.reserve} of them reserve; "
        f"{added.known} were there already."
    )
    if note := encoding_note(source):
        click.echo(note)
    for remark in remarks_on(source):
        click.echo(remark)
    if added.in_large_groups:
        click.echo(large_groups(added.in_large_groups))
