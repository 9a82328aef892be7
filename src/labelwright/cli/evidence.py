"""labelwright evidence"""

from __future__ import annotations

from pathlib import Path

import click

from labelwright.cli.site import admin_of, open_site


@click.command("evidence")
@click.argument("name")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--without-texts", is_flag=True, help="Leave out what people wrote: reasons, guidelines, report.")
@click.pass_context
def command(ctx: click.Context, name: str, out: Path, without_texts: bool) -> None:
    """Write the record of project NAME to OUT, a zip that anybody can check with Python alone.

    \b
    Example:
      labelwright evidence reviews reviews.evidence.zip
    """
    from labelwright.services.record import package
    from labelwright.words import counted

    with open_site(ctx) as site:
        done = package.write(site, admin_of(site), name, out, with_texts=not without_texts)
    click.echo(f"{out}: {counted(done.events, 'event')}, {counted(done.files, 'file')}")
    click.echo(f"signed by key {done.receipt['key']}")
