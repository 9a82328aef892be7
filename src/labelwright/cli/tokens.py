"""labelwright tokens"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site


@click.group("tokens")
def command() -> None:
    """Make API tokens.

    \b
    Example:
      export TOKEN=$(labelwright tokens create ann@example.com)
    """


@command.command("create")
@click.argument("email")
@click.option("--name", default="", help="What it is for.")
@click.pass_context
def create(ctx: click.Context, email: str, name: str) -> None:
    """Print a new API token for EMAIL, alone on standard output; it is shown this once.

    \b
    Example:
      curl -H "Authorization: Bearer $(labelwright tokens create ann@example.com)" …/api/v1/projects
    """
    from labelwright.services.people import users

    with open_site(ctx) as site:
        admin_of(site)
        click.echo(users.make_token(site, users.by_email(site, email), name=name).secret)
