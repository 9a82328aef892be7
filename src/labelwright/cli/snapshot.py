"""labelwright snapshot"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site


@click.command("snapshot")
@click.argument("name")
@click.argument("tag")
@click.option("--at", default=None, metavar="VERSION|TIME", help="The moment to name, now if left out; as of export.")
@click.option("--note", default=None, help="What it is for.")
@click.pass_context
def command(ctx: click.Context, name: str, tag: str, at: str | None, note: str | None) -> None:
    """Name the labels of project NAME as they are, or were at a moment, TAG; they can be exported by it ever after.

    \b
    Example:
      labelwright snapshot reviews paper-1 --note "what the paper reports"
      labelwright export reviews paper.csv --at paper-1
    """
    from labelwright.services.record import versions

    with open_site(ctx) as site:
        made = versions.snapshot(site, admin_of(site), name, tag, at=at, note=note)
    counted = ", ".join(f"{one.n_labels:,} labels of {one.question}" for one in made.labels)
    click.echo(f"{made.name}: {counted or 'no question yet'}, as of event {made.upto_seq}")
