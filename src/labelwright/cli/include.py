"""labelwright include"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site


@click.command("include")
@click.argument("name")
@click.argument("items", nargs=-1, required=True)
@click.pass_context
def command(ctx: click.Context, name: str, items: tuple[str, ...]) -> None:
    """Take excluded ITEMS of project NAME back, with the answers that they had.

    \b
    Example:
      labelwright include reviews i42
    """
    from labelwright.services.projects import acts
    from labelwright.words import counted

    with open_site(ctx) as site:
        done = acts.include(site, admin_of(site), name, items)
    click.echo(f"{name}: {counted(done.changed, 'item')} included again.")
