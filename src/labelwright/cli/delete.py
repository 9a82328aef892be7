"""labelwright delete"""

from __future__ import annotations

import click

from labelwright.cli.site import admin_of, open_site


@click.command("delete")
@click.argument("name", required=False)
@click.option("--undo", is_flag=True, help="Restore a deleted project.")
@click.option("--for-good", is_flag=True, help="Remove a deleted project with its record, labels and files.")
@click.option("--yes", is_flag=True, help="Do not ask before removing for good.")
@click.pass_context
def command(ctx: click.Context, name: str | None, undo: bool, for_good: bool, yes: bool) -> None:
    """Delete project NAME; it can be restored. Without NAME, list the deleted projects.

    \b
    Example:
      labelwright delete reviews
      labelwright delete reviews --undo
    """
    from labelwright.errors import InputError
    from labelwright.services.projects import archive

    if undo and for_good:
        raise InputError("delete: --undo and --for-good exclude each other.")
    with open_site(ctx) as site:
        admin = admin_of(site)
        if name is None:
            for one in archive.deleted(site).items:
                click.echo(f"{one.slug:32} deleted {one.deleted_at[:16].replace('T', ' ')} UTC")
        elif for_good:
            if not yes:
                click.confirm(f"Remove '{name}' with all its labels? Only backups have it then.", abort=True)
            archive.remove(site, admin, name)
            click.echo(f"{name}: removed")
        elif undo:
            archive.restore(site, admin, name)
            click.echo(f"{name}: restored")
        else:
            archive.delete(site, admin, name)
            click.echo(f"{name}: deleted. 'labelwright delete {name} --undo' restores it.")
