"""labelwright replace"""

from __future__ import annotations

import json
from pathlib import Path

import click

from labelwright.cli.site import admin_of, open_site


@click.command("replace")
@click.argument("name")
@click.argument("item")
@click.argument("cells", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def command(ctx: click.Context, name: str, item: str, cells: Path) -> None:
    """Give ITEM of project NAME another content: a JSON object with a cell for each of its columns.

    Answers about the old content are kept, and count no more.

    \b
    Example:
      echo '{"review": "the text as it should be"}' > i42.json
      labelwright replace reviews i42 i42.json
    """
    from labelwright.errors import InputError
    from labelwright.services.projects import acts

    try:
        values = json.loads(cells.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"replace: CELLS must be a readable JSON file ({error}).") from error
    if not isinstance(values, dict):
        raise InputError("replace: CELLS must hold one JSON object.")
    with open_site(ctx) as site:
        acts.replace_content(site, admin_of(site), name, item, values)
    click.echo(f"{name}: the content of {item} was replaced; it will be asked about anew.")
