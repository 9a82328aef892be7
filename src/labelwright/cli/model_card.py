"""labelwright model-card"""

from __future__ import annotations

from pathlib import Path

import click

from labelwright.cli.site import admin_of, open_site


@click.command("model-card")
@click.argument("name")
@click.argument("model", required=False)
@click.option("--to", "out", type=click.Path(path_type=Path, dir_okay=False), help="A file; printed if left out.")
@click.pass_context
def command(ctx: click.Context, name: str, model: str | None, out: Path | None) -> None:
    """Write the card of MODEL of project NAME as Markdown: purpose, data, training, figures, limits, hashes.

    MODEL is an id such as m-12-q_1; the model that serves the first question if left out.

    \b
    Example:
      labelwright model-card reviews --to reviews.md
    """
    from labelwright.services.record import model_card

    with open_site(ctx) as site:
        written = model_card.card(site, admin_of(site), name, model)
    if out is None:
        click.echo(written, nl=False)
        return
    out.write_text(written, encoding="utf-8")
    click.echo(f"{out}: the card of a model of {name}")
