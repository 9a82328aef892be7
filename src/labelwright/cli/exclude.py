"""labelwright exclude"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site


@click.command("exclude")
@click.argument("name")
@click.argument("items", nargs=-1, required=True)
@click.option("--reason", default="", help="Why; kept in the record.")
@click.pass_context
def command(ctx: click.Context, name: str, items: tuple[str, ...], reason: str) -> None:
    """Take ITEMS (keys, or ids such as i42) out of project NAME: not asked, trained on, measured or exported.

    \b
    Example:
      labelwright exclude reviews i42 i77 --reason "not English"
    """
    from labelwright.services.projects import acts
    from labelwright.words import counted

    with open_site(ctx) as site:
        done = acts.exclude(site, admin_of(site), name, items, reason=reason)
    click.echo(f"{name}: {counted(done.changed, 'item')} excluded; 'labelwright include' takes them back.")
