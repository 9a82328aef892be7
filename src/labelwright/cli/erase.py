"""labelwright erase"""

from __future__ import annotations

from pathlib import Path

import click

from labelwright.cli.site import admin_of, open_site


@click.command("erase")
@click.argument("name")
@click.option("--items", default="", metavar="KEY,…", help="Keys, or ids such as i42, between commas.")
@click.option("--file", "file", type=click.Path(path_type=Path, dir_okay=False), help="A file with one key a line.")
@click.option("--reason", required=True, help="Why; kept in the record. It must not repeat the content.")
@click.option("--yes", is_flag=True, help="Do not ask for the project's name first.")
@click.pass_context
def command(ctx: click.Context, name: str, items: str, file: Path | None, reason: str, yes: bool) -> None:
    """Destroy the content of items of project NAME for good; the record stays whole and says so.

    \b
    Example:
      labelwright erase reviews --items i42,i77 --reason "the author withdrew consent"
    """
    from labelwright.errors import InputError
    from labelwright.services.record import erasing
    from labelwright.words import counted

    listed = [part.strip() for part in items.split(",")]
    if file is not None:
        try:
            listed += [line.strip() for line in file.read_text("utf-8").splitlines()]
        except (OSError, ValueError) as error:
            raise InputError(f"erase: --file must be a text file with one key a line ({error}).") from error
    wanted = list(dict.fromkeys(part for part in listed if part))
    with open_site(ctx) as site:
        if not yes:
            asked = f"This destroys the content of {counted(len(wanted), 'item')} for good. Type the project's name"
            if click.prompt(asked, default="", show_default=False) != name:
                raise InputError("erase: the project's name was not typed, so nothing was erased.")
        done = erasing.erase_items(site, admin_of(site), name, wanted, reason=reason)
    for finding in done.findings:
        click.echo(finding, err=True)
    click.echo(f"{name}: {counted(done.erased, 'item')} erased")
