"""labelwright targets"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site


@click.command("targets")
@click.argument("name")
@click.pass_context
def command(ctx: click.Context, name: str) -> None:
    """Show the labeling plan of project NAME: targets, kinds of item and roles, in the order of priority.

    \b
    Example:
      labelwright targets reviews
    """
    from labelwright.services.targets import plan
    from labelwright.services.targets.told import told

    with open_site(ctx) as site:
        sentences = told(plan.show(site, admin_of(site), name))
    for sentence in sentences or ["No goal is set, so there is no plan. See labelwright goal."]:
        click.echo(sentence)
