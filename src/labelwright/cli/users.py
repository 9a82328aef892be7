"""labelwright users"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site


@click.group("users")
def command() -> None:
    """Add and list people.

    \b
    Example:
      labelwright users add ann@example.com --role annotator
    """


@command.command("add")
@click.argument("email")
@click.option("--role", required=True, help="admin, lead, annotator, reviewer or auditor.")
@click.option("--name", default="", help="Name to show.")
@click.pass_context
def add(ctx: click.Context, email: str, role: str, name: str) -> None:
    """Make an account and print its one-time link.

    \b
    Example:
      labelwright users add ann@example.com --role annotator
    """
    from labelwright.services import users

    with open_site(ctx) as site:
        made = users.add(site, admin_of(site), email=email, name=name, role=role)
    link = made["link"] if made["link"].startswith("http") else f"http://127.0.0.1:8000{made['link']}"
    click.echo(f"{made['user']['email']} is {role}. Send this link; it works once, within seven days:")
    click.echo(link)


@command.command("list")
@click.pass_context
def listing(ctx: click.Context) -> None:
    """List the accounts.

    \b
    Example:
      labelwright users list
    """
    from labelwright.services import users

    with open_site(ctx) as site:
        for person in users.listing(site, limit=200)["items"]:
            click.echo(f"{person['email']:32} {person['role']:10} {person['name']}")
