"""labelwright pause"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site


@click.command("pause")
@click.argument("name")
@click.pass_context
def command(ctx: click.Context, name: str) -> None:
    """Stop handing out items of project NAME, and training; answers to lent items are still taken.

    \b
    Example:
      labelwright pause reviews
    """
    from labelwright.services.projects import overview

    with open_site(ctx) as site:
        detail = overview.pause(site, admin_of(site), name)
    click.echo(f"{name}: {detail.state}")
