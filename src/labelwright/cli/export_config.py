"""labelwright export-config"""

from __future__ import annotations

from pathlib import Path

import click

from labelwright.cli.site import admin_of, open_site


@click.command("export-config")
@click.argument("name")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else standard output.")
@click.option(
    "--guidelines-dir", type=click.Path(path_type=Path, file_okay=False),
    help="Write guidelines as Markdown files into this folder, which the file then names.",
)  # fmt: skip
@click.option("--without-people", is_flag=True, help="Leave e-mail addresses, roles and profiles out.")
@click.pass_context
def command(ctx: click.Context, name: str, to: Path | None, guidelines_dir: Path | None, without_people: bool) -> None:
    """Write project NAME as a TOML file that can live in git; 'create --config' and 'apply-config' read it.

    \b
    Example:
      labelwright export-config reviews --to reviews.toml
    """
    from labelwright.services.projects.config.exporting import export

    with open_site(ctx) as site:
        found = export(
            site, admin_of(site), name, guidelines_to=guidelines_dir, with_people=not without_people,
            beside=None if to is None else to.parent,
        )  # fmt: skip
    if to is None:
        click.echo(found.text, nl=False)
        return
    to.write_text(found.text, "utf-8", newline="\n")
    click.echo(f"{to}: '{name}' at event {found.seq}")
