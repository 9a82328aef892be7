"""labelwright report"""

from __future__ import annotations

from pathlib import Path

import click

from labelwright.cli.site import admin_of, open_site


@click.command("report")
@click.argument("name")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def command(ctx: click.Context, name: str, out: Path) -> None:
    """Write a report of project NAME to OUT, one HTML file that prints well and loads nothing.

    It tells the goal, the learning curve, what was spent, the rounds with their verdicts, and the decisions, without
    texts of items and without names of people.

    \b
    Example:
      labelwright report reviews reviews.html
    """
    from labelwright.services.reporting import report

    with open_site(ctx) as site:
        html = report.html(site, admin_of(site), name)
    out.write_text(html, encoding="utf-8")
    click.echo(f"{out}: a report of {name}")
