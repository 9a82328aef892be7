"""labelwright backup"""

from __future__ import annotations

from pathlib import Path

import click

from labelwright.cli.site import open_site


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.pass_context
def command(ctx: click.Context, folder: Path) -> None:
    """Copy the whole home to FOLDER, while people go on working. It holds the signing key: keep it safe.

    \b
    Example:
      labelwright backup /mnt/backup/2026-11-25
    """
    from labelwright.services.site import backup

    with open_site(ctx) as site:
        done = backup.backup(site, folder)
    click.echo(f"{done.folder}: {done.projects} projects, {done.events} events")
    for slug, seq in done.upto.items():
        at = done.at[:16].replace("T", " ")
        click.echo(f"{slug}: as of event {seq}, {at} UTC; what is erased by later events is still in this backup")
