"""labelwright backup"""

from __future__ import annotations

from pathlib import Path

import click

from labelwright.cli.site import open_site


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option("--scheduled", is_flag=True, help="Into the folder of the settings, as the server does by its schedule.")
@click.pass_context
def command(ctx: click.Context, folder: Path | None, scheduled: bool) -> None:
    """Copy the whole home to FOLDER, while people go on working. It holds the signing key: keep it safe.

    \b
    Example:
      labelwright backup /mnt/backup/2026-11-25
    """
    import sys
    import time

    from labelwright.errors import InputError
    from labelwright.services.site import backup
    from labelwright.services.site import scheduled as schedule

    if scheduled == (folder is not None):
        raise InputError("backup: either FOLDER or --scheduled must be given.")
    with open_site(ctx) as site:
        if folder is not None:
            done = backup.backup(site, folder)
            click.echo(f"{done.folder}: {done.projects} projects, {done.events} events")
            for slug, seq in done.upto.items():
                at = done.at[:16].replace("T", " ")
                click.echo(
                    f"{slug}: as of event {seq}, {at} UTC; what is erased by later events is still in this backup"
                )
            return
        tried = schedule.run(site, time.time())
    if tried is None:
        click.echo("Another process makes a backup.")
        return
    if tried.problem is not None:
        click.echo(f"error: {tried.problem}", err=True)
        sys.exit(1)
    click.echo(f"{tried.folder}: {tried.n_bytes / 2**20:.1f} MiB, checked")
