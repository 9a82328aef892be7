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
    from labelwright.services.people import users

    with open_site(ctx) as site:
        made = users.add(site, admin_of(site), email=email, name=name, role=role)
    click.echo(f"{made.user.email} is {role}. Send this link; it works once, within seven days:")
    click.echo(_whole(made.link))


@command.command("link")
@click.argument("email")
@click.pass_context
def link(ctx: click.Context, email: str) -> None:
    """Print a new one-time link for an account whose password was lost.

    \b
    Example:
      labelwright users link ann@example.com
    """
    from labelwright.services.people import users

    with open_site(ctx) as site:
        made = users.new_link(site, admin_of(site), users.by_email(site, email).person_id)
    click.echo(_whole(made.link))


@command.command("change")
@click.argument("email")
@click.option("--role", default=None, help="admin, lead, annotator, reviewer or auditor.")
@click.option("--close/--reopen", "close", default=None, help="Close the account, or open it again.")
@click.pass_context
def change(ctx: click.Context, email: str, role: str | None, close: bool | None) -> None:
    """Give an account another role, close it, or open it again.

    \b
    Example:
      labelwright users change ann@example.com --role lead
    """
    from labelwright.services.people import users

    with open_site(ctx) as site:
        person_id = users.by_email(site, email).person_id
        active = None if close is None else not close
        person = users.change(site, admin_of(site), person_id, role=role, active=active)
    click.echo(f"{person.email}: {person.role}, {'active' if person.active else 'closed'}")


def _whole(link: str) -> str:
    return link if link.startswith("http") else f"http://127.0.0.1:8000{link}"


@command.command("list")
@click.pass_context
def listing(ctx: click.Context) -> None:
    """List the accounts.

    \b
    Example:
      labelwright users list
    """
    from labelwright.services.people import users

    with open_site(ctx) as site:
        for person in users.listing(site, limit=200).items:
            click.echo(f"{person.email:32} {person.role:10} {person.name}")
