"""labelwright model"""

from __future__ import annotations

from pathlib import Path

import click

from labelwright.cli.site import admin_of, open_site


@click.command("model")
@click.argument("name")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--question", default=None, help="Of which question; the primary one if left out.")
@click.pass_context
def command(ctx: click.Context, name: str, out: Path, question: str | None) -> None:
    """Write the trained model of project NAME to OUT, with its encoder and a script that applies it.

    \b
    Example:
      labelwright model reviews reviews.model.zip
      python -c "import labelwright as lw; print(lw.load_model('reviews.model.zip').predict(['It broke at once.']))"
    """
    from labelwright.services.record import model

    with open_site(ctx) as site:
        written = model.write(site, admin_of(site), name, question)
    out.write_bytes(written)
    click.echo(f"{out}: {len(written):,} bytes; load it with labelwright.load_model")
