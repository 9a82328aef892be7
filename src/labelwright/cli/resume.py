"""labelwright resume"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site


@click.command("resume")
@click.argument("name")
@click.pass_context
def command(ctx: click.Context, name: str) -> None:
    """Go on with project NAME after a pause.

    \b
    Example:
      labelwright resume reviews
    """
    from labelwright.services.projects import overview

    with open_site(ctx) as site:
        detail = overview.resume(site, admin_of(site), name)
    click.echo(f"{name}: {detail.state}")
