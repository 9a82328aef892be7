"""labelwright versions"""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from labelwright.cli.site import open_site


@click.command("versions")
@click.argument("name")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many, newest first.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@click.pass_context
def command(ctx: click.Context, name: str, limit: int, as_json: bool) -> None:
    """List the versions of the labels of project NAME: snapshots, and what each training resolved.

    \b
    Example:
      labelwright versions reviews
    """
    from labelwright.services.record import versions

    with open_site(ctx) as site:
        listed = versions.versions(site, name, limit=limit).items
    if as_json:
        click.echo(json.dumps([asdict(one) for one in listed]))
        return
    for one in listed:
        counted = ", ".join(f"{part.n_labels} of {part.question}" for part in one.labels)
        click.echo(f"{one.name:24} {one.at[:16]}  event {one.upto_seq:<8} {one.kind:9} {one.by:16} {counted}")
    if not listed:
        click.echo(f"{name} has no version yet. Next: labelwright snapshot {name} TAG")
