"""labelwright users"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site
from labelwright.services.people.roles import MEMBER, PROJECT_ROLES, SITE_ROLES

ROLES = ", ".join(SITE_ROLES)
IN_PROJECTS = ", ".join(PROJECT_ROLES)


@click.group("users")
def command() -> None:
    """Add and list people, and give them projects.

    \b
    Example:
      labelwright users add ann@example.com --role annotator
    """


@command.command("add")
@click.argument("email")
@click.option("--role", required=True, help=f"One of {ROLES}; with --project one of {IN_PROJECTS}.")
@click.option("--project", "slug", default=None, help="The only project that the person sees, with the role there.")
@click.option("--name", default="", help="Name to show.")
@click.pass_context
def add(ctx: click.Context, email: str, role: str, slug: str | None, name: str) -> None:
    """Make an account and print its one-time link.

    The role holds in every project. With --project the person is a member of the site, who sees that project alone.

    \b
    Example:
      labelwright users add ann@example.com --role annotator --project reviews
    """
    from labelwright.services.people import users
    from labelwright.services.people.views import ProjectGiven

    projects = [] if slug is None else [ProjectGiven(slug, role)]
    with open_site(ctx) as site:
        on_site = role if slug is None else MEMBER
        made = users.add(site, admin_of(site), email=email, name=name, role=on_site, projects=projects)
    where = "" if slug is None else f" in {slug}"
    click.echo(f"{made.user.email} is {role}{where}. Send this link; it works once, within seven days:")
    click.echo(_whole(made.link))


@command.command("give")
@click.argument("email")
@click.argument("name")
@click.option("--role", required=True, help=f"One of {IN_PROJECTS}.")
@click.pass_context
def give(ctx: click.Context, email: str, name: str, role: str) -> None:
    """Give an account a role in the project NAME, instead of the one that it has on the site.

    \b
    Example:
      labelwright users give ann@example.com reviews --role reviewer
    """
    from labelwright.services.people import members, users

    with open_site(ctx) as site:
        member = members.give(site, admin_of(site), name, users.by_email(site, email).person_id, role)
    click.echo(f"{member.user.email} is {member.role} in {name}")


@command.command("take")
@click.argument("email")
@click.argument("name")
@click.pass_context
def take(ctx: click.Context, email: str, name: str) -> None:
    """Take away the role that an account was given in the project NAME; its answers stay.

    \b
    Example:
      labelwright users take ann@example.com reviews
    """
    from labelwright.services.people import members, users

    with open_site(ctx) as site:
        person = users.by_email(site, email)
        members.take(site, admin_of(site), name, person.person_id)
    after = "sees it no more" if person.role == MEMBER else f"is {person.role} there, as on the whole site"
    click.echo(f"{email} has no role of their own in {name} any more and {after}")


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
@click.option("--role", default=None, help=f"One of {ROLES}.")
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


@command.command("erase")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@click.pass_context
def erase(ctx: click.Context, email: str, yes: bool) -> None:
    """Destroy the name and the address of a person for good; what they answered stays, under an id that says nothing.

    \b
    Example:
      labelwright users erase ann@example.com
    """
    from labelwright.services.people import users
    from labelwright.services.people.erasing import erase_person

    with open_site(ctx) as site:
        person = users.by_email(site, email)
        if not yes:
            click.confirm(f"Destroy the name and the address of {email}? Only backups have them then.", abort=True)
        erased = erase_person(site, admin_of(site), person.person_id)
    click.echo(f"{erased.id}: name and address are erased, the account is closed")


@command.command("list")
@click.pass_context
def listing(ctx: click.Context) -> None:
    """List the accounts with their role on the site and their roles in single projects.

    \b
    Example:
      labelwright users list
    """
    from labelwright.services.people import directory

    with open_site(ctx) as site:
        cursor, more = None, True
        while more:
            page = directory.listing(site, cursor=cursor, limit=200)
            for person in page.items:
                given = ", ".join(f"{one.role} in {one.slug}" for one in person.projects)
                click.echo(f"{person.email:32} {person.role:10} {person.name:20} {given}".rstrip())
            cursor, more = page.next_cursor, page.next_cursor is not None


def _whole(link: str) -> str:
    return link if link.startswith("http") else f"http://127.0.0.1:8000{link}"
