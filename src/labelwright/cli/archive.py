"""labelwright archive"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site


@click.command("archive")
@click.argument("name")
@click.option("--undo", is_flag=True, help="Go on with an archived project.")
@click.pass_context
def command(ctx: click.Context, name: str, undo: bool) -> None:
    """Keep project NAME for reading: nothing is handed out, trained or changed.

    \b
    Example:
      labelwright archive reviews
    """
    from labelwright.services.projects import archive

    with open_site(ctx) as site:
        (archive.unarchive if undo else archive.archive)(site, admin_of(site), name)
    click.echo(f"{name}: {'ready' if undo else 'archived'}")
