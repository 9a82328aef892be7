"""labelwright apply-config"""

from __future__ import annotations

from pathlib import Path

import click

from labelwright.cli.site import admin_of, open_site


@click.command("apply-config")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Apply without asking.")
@click.option("--preview", "only_preview", is_flag=True, help="Show what would change, and change nothing.")
@click.pass_context
def command(ctx: click.Context, name: str, file: Path, yes: bool, only_preview: bool) -> None:
    """Change project NAME to what FILE says: show every difference first, then ask, then apply all of them.

    \b
    Example:
      labelwright apply-config reviews reviews.toml
    """
    from labelwright.errors import InputError
    from labelwright.services.projects.config import parse, read_toml
    from labelwright.services.projects.config.applying import apply, preview
    from labelwright.words import counted

    wanted = parse(read_toml(file), file=file.name, folder=file.parent)
    with open_site(ctx) as site:
        actor = admin_of(site)
        found = preview(site, actor, name, wanted)
        for one in found.differences:
            mark = "" if one.possible else "NOT POSSIBLE: "
            click.echo(f"{one.table} {one.key}: {one.before} -> {one.after}  {mark}{one.effect}".replace(" :", ":"))
        for note in found.notes:
            click.echo(note)
        if not found.differences:
            click.echo(f"{file.name} says nothing else than '{name}' is.")
            return
        if not found.possible:
            raise InputError(f"apply-config: {file.name} holds changes that are not possible; nothing was changed.")
        if only_preview:
            return
        if not yes:
            click.confirm("Apply?", abort=True)
        apply(site, actor, name, wanted, seq=found.seq)
    click.echo(f"{name}: {counted(len(found.differences), 'change')} applied")
