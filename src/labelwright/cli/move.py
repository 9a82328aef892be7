"""labelwright move"""

from __future__ import annotations

import click

from labelwright.cli.remote import refuse_url
from labelwright.cli.site import bar


@click.command("move")
@click.option(
    "--to", required=True, metavar="URL", help="An empty PostgreSQL database, or 'sqlite' for files of the home."
)
@click.pass_context
def command(ctx: click.Context, to: str) -> None:
    """Move all rows to another database: from files to PostgreSQL, or back.

    Nobody else may have the home open. Arrays, images and keys stay where they are, and nothing of the record changes:
    every chain is hashed anew where it arrives. The rows that are left behind are kept, and opened no more.

    \b
    Example:
      labelwright move --to postgresql://user:password@localhost/labelwright
      labelwright move --to sqlite
    """
    from labelwright.services.site.moving import FILES, move
    from labelwright.services.site.settings import load

    refuse_url(ctx)
    settings = load({"home": (ctx.find_root().obj or {}).get("home")})
    with bar() as progress:
        done = move(settings, to, progress)
    click.echo(f"{done.n_rows:,} rows with {done.n_events:,} events moved.")
    for slug, events in done.verified.items():
        click.echo(f"{slug}: verified, {events:,} events")
    click.echo(f"What was left behind is in {done.left_at}.")
    if to == FILES:
        click.echo("Next: take LABELWRIGHT_DATABASE_URL away, and start the server.")
    else:
        click.echo("Next: set LABELWRIGHT_DATABASE_URL to this address, and start the server.")
